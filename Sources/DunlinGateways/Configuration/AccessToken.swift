// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Synchronization

/// A gateway's access token (OAuth 2.0 client credentials, RFC 6749 section 4.4, and what resembles it): fetched by a request
/// of its own, kept in memory until shortly before its end, never written anywhere.
///
/// Whoever sends asks ``isFresh(at:)`` first and, where it is not, sends ``request(at:)`` once and has its answer read by
/// ``reader(at:)``. An adapter that is told the token does not hold any more discards it.
public final class AccessToken: Sendable {
    struct Grant: Sendable {
        var value: String
        /// Counted from the request, so that time on the way makes it shorter and not longer.
        var expires: Instant
    }

    /// How long before its end a token counts as used up: a request that carries it may still have to wait for its turn.
    static let margin = Duration.seconds(60)

    private let makeRequest: @Sendable (SigningMoment) throws -> HTTPRequest
    private let readAnswer: @Sendable (WireAnswer, Instant) -> (grant: Grant?, outcome: Outcome)
    private let grant = Mutex<Grant?>(nil)

    init(
        makeRequest: @escaping @Sendable (SigningMoment) throws -> HTTPRequest,
        readAnswer: @escaping @Sendable (WireAnswer, Instant) -> (grant: Grant?, outcome: Outcome)
    ) {
        self.makeRequest = makeRequest
        self.readAnswer = readAnswer
    }

    /// Whether requests may be made with it now.
    public func isFresh(at now: Instant) -> Bool {
        grant.withLock { $0.map { now + AccessToken.margin < $0.expires } ?? false }
    }

    /// What a request carries; nil where there is none.
    var value: String? { grant.withLock { $0?.value } }

    /// The gateway says that it does not hold any more.
    func discard() { grant.withLock { $0 = nil } }

    /// Throws `DunlinError` where the request cannot be made.
    public func request(at now: Instant) throws -> HTTPRequest {
        try makeRequest(SigningMoment(at: now, nonce: "access-\(now.milliseconds)"))
    }

    /// Takes the token out of the answer to a request made at `now`. Its outcome bears no id: the token is nobody's business.
    public func reader(at now: Instant) -> any OutcomeReader { Reader(token: self, requested: now) }

    private struct Reader: OutcomeReader {
        let token: AccessToken
        let requested: Instant

        func outcome(of answer: WireAnswer) -> Outcome {
            let (grant, outcome) = token.readAnswer(answer, requested)
            if let grant { token.grant.withLock { $0 = grant } }
            return outcome
        }
    }
}

/// Never the token, nor the closures, which hold what it is asked for with.
extension AccessToken: CustomStringConvertible, CustomReflectable {
    public var description: String { "an access token" }
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
