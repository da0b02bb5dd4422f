// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML

/// The `auth:` of a definition with an operator's settings filled in: how a request proves who sends it.
struct Authentication {
    /// `user:password`.
    private(set) var basic: String?
    private(set) var headers: [String] = []
    /// Headers with an access token, which changes.
    private(set) var templates: [Template] = []
    /// What signs a request when it is complete but for that; nil for the schemes above.
    private(set) var signer: (any RequestSigner)?

    private enum Scheme: String, CaseIterable {
        case basic, bearer, header, awsSigV4 = "aws-sigv4", tc3, acs3, wsse, jwt, sortedHMAC = "sorted-hmac", hmac
    }

    init(_ value: YAMLValue?, compiler: TemplateCompiler) throws {
        guard let value else { return }
        let names = Scheme.allCases.map(\.rawValue)
        guard value.isMapping else {
            // Not `value.error`: it may be a secret.
            throw DunlinError(
                .usage, value.place, why: "\(value.field) names no scheme",
                remedy: "write one of \(names.joined(separator: ", ")) and its keys below")
        }
        let keys = try value.mapping(keys: names)
        guard keys.entries.count == 1, let scheme = Scheme(rawValue: keys.entries[0].key) else {
            throw value.error(expected: "one of \(names.joined(separator: ", "))")
        }
        let place = try keys.required(scheme.rawValue)
        if scheme == .bearer {
            try add("Authorization: Bearer ", place, compiler)
            return
        }
        guard place.isMapping else {
            throw DunlinError(
                .usage, place.place, why: "\(place.field) is not a mapping of keys to values",
                remedy: "docs/add-a-gateway.md has its keys under 'Who sends'")
        }
        let reader = SignerReader(place, compiler)
        switch scheme {
        case .bearer: break
        case .basic:
            let pair = try place.mapping(keys: ["username", "password"])
            let username = try compiler.constant(pair.required("username"))
            guard !username.utf8.contains(UInt8(ascii: ":")) else {
                throw DunlinError(
                    .usage, value.place, why: "the user name has a colon, which Basic auth cannot carry (RFC 7617)",
                    remedy: "check the gateway's account")
            }
            basic = "\(username):\(try compiler.constant(pair.required("password")))"
        case .header:
            let pair = try place.mapping(keys: ["name", "value"])
            try add("\(SignerReader.headerName(pair.required("name"))): ", pair.required("value"), compiler)
        case .awsSigV4: signer = try reader.sigV4()
        case .tc3: signer = try reader.tc3()
        case .acs3: signer = try reader.acs3()
        case .wsse: signer = try reader.wsse()
        case .jwt: signer = try reader.jwt()
        case .sortedHMAC: signer = try reader.sortedHMAC()
        case .hmac: signer = try reader.hmac()
        }
    }

    private mutating func add(_ name: String, _ value: YAMLValue, _ compiler: TemplateCompiler) throws {
        guard compiler.access != nil, try value.string().contains("{access_token}") else {
            headers.append("\(name)\(try Authentication.headerText(value, compiler))")
            return
        }
        var line = Template()
        try line.append(literal: name, .header)
        guard let token = try compiler.compile(value, .header) else {
            throw value.error(expected: "settings that are not optional")
        }
        line.append(token)
        templates.append(line)
    }

    /// A secret that fits into a header. The error does not show it.
    private static func headerText(_ value: YAMLValue, _ compiler: TemplateCompiler) throws -> String {
        let text = try compiler.constant(value)
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F || $0 == 0x20 }) else {
            throw DunlinError(
                .usage, value.place, why: "the secret for \(value.field) is empty or holds what a header cannot carry",
                remedy: "look for stray lines or characters where it is kept")
        }
        return text
    }
}

/// Never what it holds: secrets are among it.
extension Authentication: CustomStringConvertible, CustomReflectable {
    var description: String { "authentication" }
    var customMirror: Mirror { Mirror(self, children: []) }
}
