// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinModel

/// A gateway's adapter in a plan: says whether the message can be expressed for the gateway, and makes no request of it.
struct PlanAdapter: Adapter {
    let real: any Adapter

    var channel: Channel { real.channel }

    func request(for message: OutboundMessage) throws -> WireRequest {
        try real.check(message)
        return PlanAdapter.nothing
    }

    func outcome(of answer: WireAnswer) -> Outcome { real.outcome(of: answer) }

    private static let nothing = WireRequest.http(HTTPRequest(method: "", url: ""))
}

extension Gateway {
    /// The same with its adapter for a plan.
    var planned: Gateway {
        var planned = self
        planned.adapter = PlanAdapter(real: adapter)
        // Nobody fetches a token, asks about a doubt or takes a receipt in a plan.
        (planned.access, planned.lookup, planned.repeatable, planned.callbacks) = (nil, nil, nil, nil)
        // No answer is late in a plan, however long they are said to take.
        planned.timeout = .hours(1)
        return planned
    }
}
