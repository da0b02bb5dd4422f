// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// What an HTTP answer means where a gateway's own rules say nothing. The same for every HTTP gateway.
enum HTTPRules {
    /// What a complete answer means by its status alone. Never `accepted`: only a gateway's own rule says that.
    static func outcome(byStatusOf answer: WireAnswer, detail: String) -> Outcome {
        let wait = retryAfter(answer)
        switch answer.status {
        case 429:
            return .refused(Refusal(.throttled, .throttled, detail: detail, retryAfter: wait))
        case 503 where wait != nil:
            return .refused(Refusal(.throttled, .throttled, detail: detail, retryAfter: wait))
        case 408:
            return .unknown(.ambiguousAnswer, detail: detail)
        // "Send it there instead": nothing was done with the request, and base_url points to the wrong place.
        case 301, 307, 308, 400..<500:
            var refusal = Refusal(.configuration, .configurationRefused, detail: detail)
            // "I cannot do that", where 401, 403 and 404 say "I do not know you, or that".
            refusal.mayBeTheMessage = [400, 409, 413, 422].contains(answer.status)
            return .refused(refusal)
        // A 2xx that the gateway's rules do not know; a 5xx, which a proxy may give about a request it passed on.
        default:
            return .unknown(.ambiguousAnswer, detail: detail)
        }
    }

    /// Whether a status alone leaves it open if the message was taken.
    static func isDoubtful(status: Int) -> Bool {
        !(400..<500).contains(status) || status == 408
    }

    /// `Retry-After` in seconds, at most a day. The form with a date needs a clock, which an adapter has not: nil.
    static func retryAfter(_ answer: WireAnswer) -> Duration? {
        guard let text = answer.headers["retry-after"], text.utf8.count <= 9, let seconds = UInt32(text) else {
            return nil
        }
        return .seconds(min(Int64(seconds), 86_400))
    }
}
