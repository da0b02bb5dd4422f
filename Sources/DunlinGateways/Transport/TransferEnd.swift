// SPDX-License-Identifier: Apache-2.0

/// What is known when libcurl has ended a transfer: enough to tell "not sent" from "in doubt".
///
/// The rules look at what left and never at the kind of error: a code says what broke, not what the peer has. They were
/// found by running libcurl 7.88 against the scripted peers of the transport's tests.
struct TransferEnd: Equatable {
    /// libcurl's result; 0 is fine.
    var curlCode: Int
    /// How often libcurl came to the point of sending the request; the second time is its silent repeat, always refused.
    var requestsBegun: Int
    /// Bytes of request head and body that the kernel took. HTTP only: libcurl does not count SMTP commands.
    var bytesSent: Int
    /// The HTTP status or the last SMTP reply code; 0 for none.
    var status: Int
    /// Whether the mail server has answered 354, from where on the message travels.
    var dataBegun = false
    /// Whether the whole head of an HTTP answer is here.
    var headIsComplete = false
    /// Whether we stopped reading because the answer's body would not end.
    var stoppedReading = false

    /// HTTP: nothing left before the request began.
    var httpPhase: WireAnswer.Phase {
        if requestsBegun == 0 || bytesSent == 0 { return .notSent }
        return headIsComplete && (curlCode == 0 || stoppedReading) ? .answered : .interrupted
    }

    /// SMTP: a mail is in doubt from the server's 354 until its reply after the final dot (RFC 5321 4.2.5 and 6.1).
    var mailPhase: WireAnswer.Phase {
        let isReply = status >= 400 || (dataBegun && status / 100 == 2)
        if curlCode == 0 || isReply { return .answered }
        return dataBegun ? .interrupted : .notSent
    }
}
