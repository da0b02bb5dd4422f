// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML
import Testing

@testable import DunlinGateways

/// A callback that is genuine, and the definition's `verify:` that proves it.
struct VerificationCase: Sendable, CustomTestStringConvertible {
    /// What a change has to break, beyond the headers.
    enum Part: Sendable {
        case body, url
    }

    var name: String
    /// `{config.key}` and so on are settings.
    var verify: String
    var settings: [String: String]
    var method = "POST"
    var url = "https://dunlin.example.com/callbacks/g"
    var headers: [String: String]
    var body: String
    /// Seconds since 1970.
    var at: Int64 = 1_700_000_000
    /// What the proof covers.
    var covers: [Part] = [.body]
    /// Whether it carries a time.
    var isTimed = false
    /// What is read instead of the body.
    var payload: String?

    /// Headers that say nothing where the rest holds.
    var unsignedHeaders: [String] {
        switch name {
        case "twilio JSON": ["content-type"]
        case let name where name.hasPrefix("wechat") || method == "GET" || !headers.keys.contains("content-type"):
            ["content-type"]
        default: []
        }
    }

    /// The part of the body or the URL of which every byte counts: not the port, which Twilio may leave out, nor an envelope,
    /// a base64 digit's spare bits or a hexadecimal digit's case.
    func signed(_ part: Part) -> String? {
        switch (name, part) {
        case ("wechat encrypted", .body):
            "pxDvIKtJjb6ivztGO70jSlYzLenDDtvbI/5/dsu/XXf6JhFwMVnxPMi/P25PYnsNCuM17ENbgk7JpaKOQgrYgQn"
        case ("wechat plain", .url):
            "timestamp=1410685589&nonce=test&signature=f21891de399b4e33a1a93c9a7b8a8fffb5a443ff"
        case ("wechat handshake", .url):
            "timestamp=1411443780&nonce=437374425&msg_signature=dd6b9c95b495b3f7e2901bfbc76c664930ffdb96"
        case ("wechat encrypted", .url):
            "timestamp=1411443780&nonce=437374425&msg_signature=182b87d8739223078d454663e8596db4b31b4532"
        case ("key", .url): "k=callback-secret"
        case (_, .url) where name.hasPrefix("vonage"): url.split(separator: "?").last.map(String.init)
        case (_, .url) where name.hasPrefix("twilio"):
            String(
                url.dropFirst(url.count - String(url.split(separator: "/", maxSplits: 2)[2].drop { $0 != "/" }).count))
        case (_, .url): url
        case (_, .body): body
        }
    }

    var testDescription: String { name }

    var request: CallbackRequest {
        CallbackRequest(
            method: method, url: url, headers: headers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) },
            body: Array(body.utf8), at: Instant(seconds: at))
    }

    func verifier() throws -> any CallbackVerifier { try VerificationCase.verifier(verify, settings) }

    func proof() throws -> String { VerificationCase.word(try verifier().proof(of: request)) }

    static func verifier(_ yaml: String, _ settings: [String: String?] = [:]) throws -> any CallbackVerifier {
        let compiler = TemplateCompiler(channel: .sms, baseURL: "https://api.example.com", settings: settings)
        return try #require(
            try CallbackVerification.load(YAMLValue(text: yaml, file: "g.yaml"), compiler: compiler))
    }

    /// `proven`, `proven PAYLOAD`, `unproven`, `needs ADDRESS`, the notice's word, or the fault.
    static func word(_ proof: CallbackProof) -> String {
        switch proof {
        case .proven(nil): "proven"
        case .proven(let payload?): "proven \(String(decoding: payload, as: UTF8.self))"
        case .unproven: "unproven"
        case .refused(let fault): fault.rawValue
        case .needs(let address): "needs \(address)"
        case .notice(let notice): notice.word
        }
    }
}
