// SPDX-License-Identifier: Apache-2.0

/// How a request broke off before a whole answer was here. Closed; the names stand in ledger, metrics and docs.
public enum WireFault: String, CaseIterable, Sendable {
    // Before the message left
    case badURL = "bad-url"
    case unknownHost = "unknown-host"
    case noConnection = "no-connection"
    case connectTimeout = "connect-timeout"
    case tlsFailed = "tls-failed"
    case tlsMissing = "tls-missing"
    case certificate
    case loginRefused = "login-refused"
    case neverLeft = "never-left"
    // After it had begun to leave
    case requestCut = "request-cut"
    case noAnswer = "no-answer"
    case staleConnection = "stale-connection"
    case answerTimeout = "answer-timeout"
    case answerCut = "answer-cut"
    case answerUnreadable = "answer-unreadable"
    case connectionBroken = "connection-broken"

    /// Whether the gateway may have the message all the same.
    public var mayBeSent: Bool {
        switch self {
        case .badURL, .unknownHost, .noConnection, .connectTimeout, .tlsFailed, .tlsMissing, .certificate,
            .loginRefused, .neverLeft:
            false
        case .requestCut, .noAnswer, .staleConnection, .answerTimeout, .answerCut, .answerUnreadable, .connectionBroken:
            true
        }
    }

    /// For a person who does not know curl.
    public var words: String { "\(happening): \(mayBeSent ? "it may have been sent" : "it was not sent")" }

    private var happening: String {
        switch self {
        case .badURL: "the gateway's URL cannot be used"
        case .unknownHost: "the gateway's name leads to no address"
        case .noConnection: "nobody took the connection at the gateway's address"
        case .connectTimeout: "the gateway gave no connection that could be used in time"
        case .tlsFailed: "no encrypted connection to the gateway came about"
        case .tlsMissing: "the gateway offers no encryption, which is required"
        case .certificate: "the certificate, the gateway's or ours, does not hold"
        case .loginRefused: "the gateway refused our log-in"
        case .neverLeft: "the request broke off before anything of it had left"
        case .requestCut: "the connection broke, or the time ran out, when only a part of the request had left"
        case .noAnswer: "the gateway closed the connection after the whole request had left, without an answer"
        case .staleConnection:
            "the gateway closed a connection kept from an earlier message, without an answer to this one"
        case .answerTimeout: "the whole request had left, and no whole answer came in time"
        case .answerCut: "the connection ended in the middle of the gateway's answer"
        case .answerUnreadable: "what the gateway answered cannot be read"
        case .connectionBroken: "the connection broke after the whole request had left, before there was an answer"
        }
    }

    /// As the ledger keeps it, with libcurl's code: `no-answer [curl 52]`. `more` goes behind the code: `smtp 354`.
    public func detail(curl code: Int, _ more: String? = nil) -> String {
        "\(rawValue) [curl \(code)\(more.map { ", \($0)" } ?? "")]"
    }

    /// Reads what ``detail(curl:_:)`` wrote; nil for any other text.
    public init?(detail: String) {
        guard let end = detail.firstRange(of: " [curl ")?.lowerBound else { return nil }
        self.init(rawValue: String(detail[..<end]))
    }
}
