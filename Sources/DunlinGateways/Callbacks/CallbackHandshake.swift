// SPDX-License-Identifier: Apache-2.0

import DunlinYAML

/// `handshake:`: what a gateway hears that tries the address with a GET before it uses it.
struct CallbackHandshake: Sendable {
    /// The field of the query that it wants to see again.
    private let challenge: String
    /// Fields of the query that prove who asks; empty: the callbacks' own proof has to hold.
    private let secrets: [(field: String, value: [UInt8])]

    static let keys = ["query", "verify"]

    init(_ value: YAMLValue, compiler: TemplateCompiler) throws {
        let keys = try value.mapping(keys: CallbackHandshake.keys)
        challenge = try keys.required("query").string()
        secrets = try (keys["verify"]?.anyMapping().entries ?? []).map { name, value in
            guard let text = try compiler.compile(value, .verbatim)?.constant, !text.isEmpty else {
                throw value.error(expected: "a setting that is given, because gateways reach Dunlin")
            }
            return (name, text)
        }
    }

    /// Nil where the request is no handshake.
    func reading(_ request: CallbackRequest, _ verifier: some CallbackVerifier) -> CallbackReading? {
        guard request.method == "GET" else { return nil }
        let query = CallbackForm.query(of: request.url)
        guard var echo = query.first(where: { $0.name == challenge })?.value else { return nil }
        if secrets.isEmpty {
            switch verifier.proof(of: request) {
            case .proven(let payload): if let payload { echo = String(decoding: payload, as: UTF8.self) }
            case .unproven: return .refused(.forged)
            case .refused(let fault): return .refused(fault)
            case .needs(let address): return .needs(certificate: address)
            case .notice(let notice): return .notice(notice)
            }
        }
        var isGenuine = true
        for (field, secret) in secrets {
            let given = query.first { $0.name == field }?.value ?? ""
            if !equalInConstantTime(given.utf8, secret) { isGenuine = false }
        }
        guard isGenuine else { return .refused(.forged) }
        // What is sent back as it came must not be able to be more than a number or a word.
        guard let echo = AnswerReading.token(echo, limit: 256) else { return .refused(.malformed) }
        return .handshake(CallbackReply(contentType: "text/plain", body: echo))
    }
}
