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

    /// The message left in part, or as a whole, and nobody said what became of it.
    static func interrupted(_ answer: WireAnswer, detail: String) -> Outcome {
        .unknown(answer.curlCode == timedOut ? .timeout : .connectionLost, detail: detail)
    }

    /// The message did not leave.
    static func notSent(_ answer: WireAnswer, detail: String) -> Outcome {
        configurationFaults.contains(answer.curlCode)
            ? .refused(Refusal(.configuration, .configurationRefused, detail: detail))
            : .refused(Refusal(.transient, .notConnected, detail: detail))
    }
}
