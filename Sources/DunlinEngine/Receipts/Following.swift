// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinLedger
import DunlinModel

/// What can still be heard of an attempt after it has left, by gateway.
struct Following: Sendable {
    /// What one gateway offers.
    struct Offer: Sendable {
        /// It tells of its own accord that a message arrived, so that silence says something.
        var tells = false
        /// It tells at least what did not arrive: mail comes back.
        var returns = false
        /// When a doubt is worth a question first, and how often one is asked; nil where nothing can be asked.
        var ask: (after: Duration, tries: Int)?
    }

    private let offers: [String: Offer]
    /// How long a channel waits for the news that a message arrived before the reminder's next channel has its turn.
    let fallback: [Channel: Duration]

    init(gateways: [Gateway], fallback: [Channel: Duration]) {
        self.fallback = fallback
        offers = Dictionary(
            gateways.map { gateway in
                var offer = Offer(
                    tells: gateway.callbacks?.tellsArrival ?? false,
                    returns: gateway.bounces != nil || gateway.callbacks != nil)
                if let lookup = gateway.lookup {
                    offer.ask = (lookup.after, lookup.tries)
                } else if gateway.repeatable != nil {
                    offer.ask = Following.repeating
                }
                return (gateway.name, offer)
            }, uniquingKeysWith: { first, _ in first })
    }

    /// The same request again: soon, because the person waits, and then ever less often.
    private static let repeating = (after: Duration.seconds(15), tries: 5)

    /// Nil where nothing more can be heard.
    func offer(of gateway: String) -> Offer? {
        guard let offer = offers[gateway], offer.tells || offer.returns || offer.ask != nil else { return nil }
        return offer
    }
}

extension Delivery {
    /// The attempt of a flight that has ended in this state.
    init(_ flight: Flight, _ state: State) {
        self.init(attempt: flight.attempt, queued: flight.queued, state: state)
    }
}
