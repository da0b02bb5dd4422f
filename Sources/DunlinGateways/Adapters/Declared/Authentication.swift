// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML

/// The `auth:` of a definition: one of `basic: {username, password}`, `bearer: TOKEN`, `header: {name, value}`.
struct Authentication {
    /// `user:password`.
    private(set) var basic: String?
    private(set) var headers: [String] = []
    /// Headers with an access token, which changes.
    private(set) var templates: [Template] = []
    let signer: (any RequestSigner)? = nil

    init(_ value: YAMLValue?, compiler: TemplateCompiler) throws {
        guard let value else { return }
        let keys = try value.mapping(keys: ["basic", "bearer", "header"])
        guard keys.entries.count == 1 else { throw value.error(expected: "one of basic, bearer, header") }
        if let pair = try keys["basic"]?.mapping(keys: ["username", "password"]) {
            let username = try compiler.constant(pair.required("username"))
            guard !username.utf8.contains(UInt8(ascii: ":")) else {
                throw DunlinError(
                    .usage, value.place, why: "the user name has a colon, which Basic auth cannot carry (RFC 7617)",
                    remedy: "check the gateway's account")
            }
            basic = "\(username):\(try compiler.constant(pair.required("password")))"
        } else if let token = keys["bearer"] {
            try add("Authorization: Bearer ", token, compiler)
        } else if let pair = try keys["header"]?.mapping(keys: ["name", "value"]) {
            try add("\(pair.required("name").string()): ", pair.required("value"), compiler)
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
