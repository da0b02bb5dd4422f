// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// No gateway in particular: `{"to", "from", "text"}` in, `{"id", "status"}` out, for adapters declared in YAML.
struct JSONStandIn: StandIn {
    private struct SMS: Decodable {
        var to: String
        var from: String?
        var text: String
    }

    func read(_ request: StandInRequest) -> (drafts: [Draft], refusal: StandInResponse?) {
        let sms: SMS
        do {
            sms = try JSONDecoder().decode(SMS.self, from: Data(request.body))
        } catch {
            let draft = Draft(gateway: .http, from: "", to: "", content: .sms(""))
            return (
                [draft],
                refusal(400, "invalid_request", "The body must be JSON with the texts to, text and, if wanted, from.")
            )
        }
        let draft = Draft(gateway: .http, from: sms.from ?? "", to: sms.to, content: .sms(sms.text))
        guard isE164(sms.to) else { return ([draft], invalidRecipient) }
        guard !sms.text.isEmpty else { return ([draft], refusal(400, "empty_text", "The text is empty.")) }
        return ([draft], nil)
    }

    func accepted(_ drafts: [Draft], seed: String, in request: StandInRequest) -> (
        id: String, response: StandInResponse
    ) {
        (seed, .json(202, .object(["id": .string(seed), "status": "accepted"])))
    }

    func refusal(for trouble: GatewayTrouble, drafts: [Draft]) -> StandInResponse {
        switch trouble {
        case .throttled: refusal(429, "too_many_requests", "Too many requests.", retryAfter: 5)
        case .unavailable: refusal(503, "unavailable", "Try again later.")
        case .badNumber: invalidRecipient
        }
    }

    private var invalidRecipient: StandInResponse { refusal(400, "invalid_recipient", "This is not a phone number.") }

    private func refusal(_ status: Int, _ code: String, _ message: String, retryAfter: Int? = nil) -> StandInResponse {
        let error: JSON = .object(["code": .string(code), "message": .string(message)])
        return .json(status, .object(["error": error]), code: code, retryAfter: retryAfter)
    }
}
