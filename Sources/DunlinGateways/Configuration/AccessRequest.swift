// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML

/// The `access:` of a definition: how an access token is asked for, and where it stands in the answer.
struct AccessRequest: Sendable {
    static let keys = ["request", "response"]
    static let responseKeys = ["token", "expires"]

    /// How long a token holds where the answer does not say.
    static let usualLife = Duration.hours(1)
    /// However long a gateway says; somebody may have the unit wrong.
    private static let longestLife = Duration.days(30)

    private let program: RequestProgram
    private let token: JSONPointer
    private let expires: JSONPointer?

    /// `compiler` knows the settings; placeholders of messages and an access token it refuses.
    init(_ value: YAMLValue, compiler: TemplateCompiler) throws {
        let keys = try value.mapping(keys: AccessRequest.keys)
        let settings = TemplateCompiler(channel: nil, baseURL: compiler.baseURL, settings: compiler.settings)
        program = try RequestProgram(keys.required("request"), compiler: settings)
        let response = try keys.required("response").mapping(keys: AccessRequest.responseKeys)
        token = try AccessRequest.pointer(response.required("token"))
        expires = try response["expires"].map(AccessRequest.pointer)
    }

    func accessToken() -> AccessToken {
        AccessToken(makeRequest: request, readAnswer: read)
    }

    private func request(_ moment: SigningMoment) throws -> HTTPRequest {
        // There is no message, and no placeholder that would ask for one.
        let nobody = OutboundMessage(
            attempt: 0, token: moment.nonce, reminderToken: "", to: "", recipientName: "", creditor: "",
            content: .sms(""), at: moment.at, expires: moment.at)
        return try program.request(for: nobody, nonce: moment.nonce, at: moment.at)
    }

    /// Whatever is unclear is a passing fault: nobody was sent anything.
    private func read(_ answer: WireAnswer, _ requested: Instant) -> (grant: AccessToken.Grant?, outcome: Outcome) {
        func unclear(_ detail: String) -> (AccessToken.Grant?, Outcome) {
            (nil, .refused(Refusal(.transient, .transientFailure, detail: detail)))
        }
        switch answer.phase {
        case .notSent: return (nil, TransportRules.notSent(answer, asked: "access: "))
        case .interrupted:
            return unclear("access: \(TransportRules.fault(answer).detail(curl: answer.curlCode))")
        case .answered: break
        }
        let detail = "access: http \(answer.status)"
        // The error's name is where RFC 6749, section 5.2, has it.
        let pointers = [token, JSONPointer("/error")!] + (expires.map { [$0] } ?? [])
        let values = answer.isTruncated ? nil : JSONDocument(answer.body)?.values(at: pointers)
        guard (200..<300).contains(answer.status) else {
            let code = values?[1].text.flatMap { AccessRequest.visible($0, limit: 40) ? $0 : nil }
            let outcome = HTTPRules.outcome(byStatusOf: answer, detail: detail + (code.map { " code \($0)" } ?? ""))
            if case .unknown(_, let detail) = outcome { return unclear(detail) }
            return (nil, outcome)
        }
        guard let values, let value = values[0].text, AccessRequest.visible(value, limit: 16_384) else {
            return unclear("\(detail) without a token")
        }
        var life = AccessRequest.usualLife
        if let text = pointers.count > 2 ? values[2].text : nil {
            guard let seconds = Double(text), seconds > 0 else { return unclear("\(detail) with an unreadable expiry") }
            life = .seconds(Int64(min(seconds, Double(AccessRequest.longestLife.components.seconds))))
        }
        guard life > AccessToken.margin else { return unclear("\(detail) with a token that expires at once") }
        return (AccessToken.Grant(value: value, expires: requested + life), .accepted(id: nil))
    }

    private static func visible(_ text: String, limit: Int) -> Bool {
        !text.isEmpty && text.utf8.count <= limit && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }

    private static func pointer(_ value: YAMLValue) throws -> JSONPointer {
        guard let pointer = JSONPointer(try value.string()) else {
            throw value.error(expected: "a JSON Pointer such as /access_token")
        }
        return pointer
    }
}
