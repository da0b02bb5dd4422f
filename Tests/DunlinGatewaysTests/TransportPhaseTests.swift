// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import DunlinGateways

@Suite struct TransportPhaseTests {
    static let http: [(TransferEnd, WireAnswer.Phase)] = [
        (TransferEnd(curlCode: 0, requestsBegun: 1, bytesSent: 400, status: 201, headIsComplete: true), .answered),
        // The connection ended within the head, which libcurl takes for its end.
        (TransferEnd(curlCode: 0, requestsBegun: 1, bytesSent: 400, status: 201), .interrupted),
        (TransferEnd(curlCode: 6, requestsBegun: 0, bytesSent: 0, status: 0), .notSent),
        (TransferEnd(curlCode: 28, requestsBegun: 0, bytesSent: 0, status: 0), .notSent),
        // A proxy's answer to CONNECT is not the gateway's.
        (TransferEnd(curlCode: 56, requestsBegun: 0, bytesSent: 120, status: 502), .notSent),
        (TransferEnd(curlCode: 55, requestsBegun: 1, bytesSent: 0, status: 0), .notSent),
        (TransferEnd(curlCode: 55, requestsBegun: 1, bytesSent: 1, status: 0), .interrupted),
        (TransferEnd(curlCode: 28, requestsBegun: 1, bytesSent: 400, status: 0), .interrupted),
        (TransferEnd(curlCode: 18, requestsBegun: 1, bytesSent: 400, status: 201, headIsComplete: true), .interrupted),
        (
            TransferEnd(
                curlCode: 23, requestsBegun: 1, bytesSent: 400, status: 200, headIsComplete: true, stoppedReading: true),
            .answered
        ),
        // libcurl's silent repeat, refused: in doubt if anything of the first request left.
        (TransferEnd(curlCode: 42, requestsBegun: 2, bytesSent: 400, status: 0), .interrupted),
        (TransferEnd(curlCode: 42, requestsBegun: 2, bytesSent: 0, status: 0), .notSent),
    ]

    static let mail: [(TransferEnd, WireAnswer.Phase)] = [
        (TransferEnd(curlCode: 0, requestsBegun: 1, bytesSent: 0, status: 250, dataBegun: true), .answered),
        (TransferEnd(curlCode: 7, requestsBegun: 0, bytesSent: 0, status: 0), .notSent),
        (TransferEnd(curlCode: 67, requestsBegun: 0, bytesSent: 0, status: 535), .answered),
        (TransferEnd(curlCode: 67, requestsBegun: 0, bytesSent: 0, status: 454), .answered),
        // No way to log in that both know: the last reply was the greeting's.
        (TransferEnd(curlCode: 67, requestsBegun: 0, bytesSent: 0, status: 250), .notSent),
        (TransferEnd(curlCode: 64, requestsBegun: 0, bytesSent: 0, status: 250), .notSent),
        (TransferEnd(curlCode: 55, requestsBegun: 1, bytesSent: 0, status: 550), .answered),
        (TransferEnd(curlCode: 28, requestsBegun: 1, bytesSent: 0, status: 250), .notSent),
        (TransferEnd(curlCode: 56, requestsBegun: 1, bytesSent: 0, status: 354, dataBegun: true), .interrupted),
        (TransferEnd(curlCode: 28, requestsBegun: 1, bytesSent: 0, status: 354, dataBegun: true), .interrupted),
        (TransferEnd(curlCode: 8, requestsBegun: 1, bytesSent: 0, status: 451, dataBegun: true), .answered),
        (TransferEnd(curlCode: 28, requestsBegun: 1, bytesSent: 0, status: 250, dataBegun: true), .answered),
    ]

    @Test(arguments: http.indices) func httpPhase(_ index: Int) {
        #expect(Self.http[index].0.httpPhase == Self.http[index].1)
    }

    @Test(arguments: mail.indices) func mailPhase(_ index: Int) {
        #expect(Self.mail[index].0.mailPhase == Self.mail[index].1)
    }

    @Test func base64AsInRFC4648() {
        let vectors = ["": "", "f": "Zg==", "fo": "Zm8=", "foo": "Zm9v", "foob": "Zm9vYg==", "foobar": "Zm9vYmFy"]
        for (text, expected) in vectors { #expect(base64(text.utf8) == expected) }
    }

    @Test func queueIsFirstInFirstOut() {
        var queue = Queue<Int>()
        var next = 0, expected = 0
        for step in 1...200 {
            for _ in 0..<(step % 5) {
                queue.append(next)
                next += 1
            }
            for _ in 0..<(step % 4) {
                guard let item = queue.popFirst() else { break }
                #expect(item == expected)
                expected += 1
            }
        }
        #expect(queue.remove { $0 % 3 == 0 } == (expected..<next).filter { $0 % 3 == 0 })
        var rest: [Int] = []
        while let item = queue.popFirst() { rest.append(item) }
        #expect(rest == (expected..<next).filter { $0 % 3 != 0 })
        #expect(rest.count > 10)
    }
}
