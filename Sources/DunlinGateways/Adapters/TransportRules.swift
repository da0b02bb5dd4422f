// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// What a transfer without a complete answer means: the same for every gateway, and no gateway's rules are asked.
///
/// The line runs between "definitely not taken" and "may have been taken"; whatever cannot be told is `unknown`.
enum TransportRules {
    /// libcurl results that no second try mends: bad URL (1, 3), local certificate or cipher (58, 59), the peer's
    /// certificate (60, 77, 83, 90, 91), TLS required and not offered (64).
    private static let configurationFaults: Set<Int> = [1, 3, 58, 59, 60, 64, 77, 83, 90, 91]

    /// libcurl's CURLE_OPERATION_TIMEDOUT.
    private static let timedOut = 28

    /// The message left in part, or as a whole, and nobody said what became of it. `asked` stands before the fault, and `more`
    /// behind libcurl's code.
    static func interrupted(_ answer: WireAnswer, asked: String = "", _ more: String? = nil) -> Outcome {
        .unknown(
            answer.curlCode == timedOut ? .timeout : .connectionLost,
            detail: asked + fault(answer).detail(curl: answer.curlCode, more))
    }

    /// The message did not leave.
    static func notSent(_ answer: WireAnswer, asked: String = "") -> Outcome {
        let detail = asked + fault(answer).detail(curl: answer.curlCode)
        return configurationFaults.contains(answer.curlCode)
            ? .refused(Refusal(.configuration, .configurationRefused, detail: detail))
            : .refused(Refusal(.transient, .notConnected, detail: detail))
    }

    /// What happened, by libcurl's result; only for people, since the phase alone decides what it means.
    static func fault(_ answer: WireAnswer) -> WireFault {
        answer.phase == .notSent ? faultBefore(answer.curlCode) : faultAfter(answer)
    }

    private static func faultBefore(_ code: Int) -> WireFault {
        switch code {
        case 1, 3: .badURL
        case 5, 6: .unknownHost
        case 7: .noConnection
        case timedOut: .connectTimeout
        case 35: .tlsFailed
        case 58, 59, 60, 77, 83, 90, 91: .certificate
        case 64: .tlsMissing
        case 67: .loginRefused
        default: .neverLeft
        }
    }

    private static func faultAfter(_ answer: WireAnswer) -> WireFault {
        // A kept connection ended unanswered, and libcurl's own repeat was not let through: how much had left is not known.
        if answer.curlCode == 42 { return .staleConnection }
        guard answer.isRequestWhole else { return .requestCut }
        switch answer.curlCode {
        case timedOut: return .answerTimeout
        case 52: return .noAnswer
        case 1, 8, 16, 23, 61, 92, 100: return .answerUnreadable
        // 354 is the mail server's "send it now", and no answer to it.
        default: return answer.status == 0 || answer.status == 354 ? .connectionBroken : .answerCut
        }
    }
}
