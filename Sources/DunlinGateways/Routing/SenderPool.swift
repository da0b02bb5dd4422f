// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// One gateway with several senders: each recipient always sees the same one.
struct SenderPool: Adapter {
    /// An adapter for each sender, with its name; at least one, all of one definition.
    let senders: [(name: String, adapter: any Adapter)]

    var channel: Channel { senders[0].adapter.channel }
    var needsValues: Bool { senders[0].adapter.needsValues }

    func request(for message: OutboundMessage) throws -> WireRequest {
        try adapter(for: message.to).request(for: message)
    }
    func check(_ message: OutboundMessage) throws { try adapter(for: message.to).check(message) }
    func outcome(of answer: WireAnswer) -> Outcome { senders[0].adapter.outcome(of: answer) }

    private func adapter(for address: String) -> any Adapter {
        var best = senders[0]
        var highest = Rendezvous.score(address, best.name)
        for sender in senders.dropFirst() {
            let score = Rendezvous.score(address, sender.name)
            if score > highest { (best, highest) = (sender, score) }
        }
        return best.adapter
    }
}

/// Never the adapters' settings: secrets are among them.
extension SenderPool: CustomStringConvertible, CustomReflectable {
    var description: String { "\(senders.count) senders of \(senders[0].adapter)" }
    var customMirror: Mirror { Mirror(self, children: ["senders": description]) }
}
