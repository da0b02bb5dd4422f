// SPDX-License-Identifier: Apache-2.0

import DunlinModel

@testable import DunlinGateways

/// Something that a gateway, or the network before it, may do to a request, and what it must come to.
struct WireBehaviour: Sendable {
    enum Line: Sendable {
        /// Nobody listens.
        case closed
        /// The request wants TLS, and `serve` has it before there could be any.
        case unready
        /// `serve` comes when the whole request has been read.
        case open
    }

    /// What `serve` has at hand.
    struct Scene: Sendable {
        /// The gateway's first yes.
        let yes: WireAnswer
        /// A server that must not hear of the request.
        let elsewhere: String

        /// A head with these headers.
        func head(_ status: Int? = nil, _ headers: [String]) -> String {
            let own = yes.headers.map { "\($0.key): \($0.value)" }
            let lines = ["HTTP/1.1 \(status ?? yes.status) X"] + (status == nil ? own : []) + headers
            return lines.joined(separator: "\r\n") + "\r\n\r\n"
        }

        var body: String { String(decoding: yes.body, as: UTF8.self) }
        /// The whole yes.
        var whole: String { head(nil, ["Content-Length: \(yes.body.count)"]) + body }
    }

    enum Meaning: Sendable {
        /// As the row of the fixture says.
        case yes
        case words(String)
        /// Unless the gateway's bare status is its yes.
        case wordsButForStatus(String)
    }

    let name: String
    var line = Line.open
    var timeout = Duration.seconds(20)
    let meaning: Meaning
    var serve: @Sendable (Peer, Scene) -> Void = { _, _ in }

    /// Long enough for a loopback; what comes later is a time-out.
    static let short = Duration.milliseconds(250)

    /// The one table, the same for all gateways that speak HTTP.
    static let all: [WireBehaviour] = [
        // Nothing left: it goes out again.
        .init(name: "connection refused", line: .closed, meaning: .words("transient not-connected")),
        .init(name: "reset before the request", line: .unready, meaning: .words("transient not-connected")) { peer, _ in
            _ = peer.read(1)
            peer.reset()
        },
        .init(
            name: "time-out before the request", line: .unready, timeout: short,
            meaning: .words("transient not-connected")
        ) { peer, _ in peer.readToEnd() },

        // It left, and nobody said what became of it.
        .init(name: "reset after the request", meaning: .words("unknown connection-lost")) { peer, _ in peer.reset() },
        .init(name: "closed after the request", meaning: .words("unknown connection-lost")),
        .init(name: "time-out after the request", timeout: short, meaning: .words("unknown timeout")) { peer, _ in
            peer.readToEnd()
        },
        .init(name: "reset in the head of the answer", meaning: .words("unknown connection-lost")) { peer, scene in
            peer.write(String(scene.whole.prefix(20)))
            peer.reset()
        },
        .init(name: "reset in the body of the answer", meaning: .words("unknown connection-lost")) { peer, scene in
            peer.write(scene.head(nil, ["Content-Length: \(scene.yes.body.count + 1)"]) + scene.body)
            peer.reset()
        },
        .init(name: "truncated answer", meaning: .words("unknown connection-lost")) { peer, scene in
            peer.write(scene.head(nil, ["Content-Length: \(scene.yes.body.count + 100)"]) + scene.body)
        },
        .init(name: "time-out in the answer", timeout: short, meaning: .words("unknown timeout")) { peer, scene in
            peer.write(scene.head(nil, ["Content-Length: \(scene.yes.body.count + 1)"]) + scene.body)
            peer.readToEnd()
        },
        .init(name: "broken chunks", meaning: .words("unknown connection-lost")) { peer, scene in
            peer.write(scene.head(nil, ["Transfer-Encoding: chunked"]) + "zz\r\n" + scene.body)
        },
        .init(name: "no HTTP", meaning: .words("unknown connection-lost")) { peer, _ in
            peer.write("SSH-2.0-OpenSSH_9.2\r\n")
        },

        // A complete answer.
        .init(name: "yes", meaning: .yes) { peer, scene in peer.write(scene.whole) },
        .init(name: "yes after a hint", meaning: .yes) { peer, scene in
            peer.write("HTTP/1.1 103 Hints\r\nLink: </a>\r\n\r\n" + scene.whole)
        },
        .init(name: "slow yes", meaning: .yes) { peer, scene in
            for character in scene.whole { peer.write(String(character)) }
        },
        .init(name: "yes in chunks", meaning: .yes) { peer, scene in
            let chunks =
                scene.body.isEmpty ? "" : String(scene.yes.body.count, radix: 16) + "\r\n" + scene.body + "\r\n"
            peer.write(scene.head(nil, ["Transfer-Encoding: chunked"]) + chunks + "0\r\n\r\n")
        },
        .init(name: "oversized yes", meaning: .wordsButForStatus("unknown ambiguous-answer")) { peer, scene in
            peer.write(scene.head(nil, ["Content-Length: \(scene.yes.body.count + 2 << 20)"]) + scene.body)
            for _ in 0..<32 { peer.write(String(repeating: " ", count: 65_536)) }
        },
        .init(name: "invalid JSON", meaning: .wordsButForStatus("unknown ambiguous-answer")) { peer, scene in
            let body = #"{"id":"x","sid":"x","message":{"id":"x","code":0"#
            peer.write(scene.head(scene.yes.status, ["Content-Length: \(body.utf8.count)"]) + body)
        },
        redirect(301, "configuration configuration-refused"), redirect(302, "unknown ambiguous-answer"),
        redirect(303, "unknown ambiguous-answer"), redirect(307, "configuration configuration-refused"),
        redirect(308, "configuration configuration-refused"),
    ]

    /// Never followed: what follows it would be a second request, to somebody whom the operator has not named.
    private static func redirect(_ status: Int, _ words: String) -> WireBehaviour {
        .init(name: "redirect \(status)", meaning: .words(words)) { peer, scene in
            peer.write(scene.head(status, ["Location: \(scene.elsewhere)", "Content-Length: 0"]))
        }
    }
}
