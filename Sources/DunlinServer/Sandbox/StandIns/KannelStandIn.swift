// SPDX-License-Identifier: Apache-2.0

/// The sendsms interface of Kannel's smsbox, its answers word for word as Debian's Kannel 1.4.5 gives them.
struct KannelStandIn: StandIn {
    func read(_ request: StandInRequest) -> (drafts: [Draft], refusal: StandInResponse?) {
        let raw = formBytes(request.query.utf8) ?? []
        var fields: [FormField] = []
        var text: [UInt8] = []
        for (name, value) in raw {
            let name = String(decoding: name, as: UTF8.self)
            if name == "text" {
                text = value
            } else {
                fields.append(FormField(name, name == "password" ? "…" : String(decoding: value, as: UTF8.self)))
            }
        }
        // Several recipients are separated by spaces; a plus that was not percent-encoded arrives as a space, too.
        let recipients = (fields["to"] ?? "").split(separator: " ").map(String.init)
        // Kannel's user guide: UTF-8, but UTF-16BE with coding 2 unless a charset is named.
        let charset = fields["charset"] ?? (fields["coding"] == "2" ? "utf-16be" : "utf-8")
        let content = SandboxMessage.Content.sms(mailText(text, charset: charset))
        let drafts = (recipients.isEmpty ? [""] : recipients).map {
            Draft(gateway: .kannel, from: fields["from"] ?? "", to: $0, content: content, fields: fields)
        }
        guard fields["username"] != nil, raw.contains(where: { $0.name == Array("password".utf8) && !$0.value.isEmpty })
        else { return (drafts, .plain(403, "Authorization failed for sendsms")) }
        guard fields.contains(where: { $0.name == "to" }) else {
            return (drafts, .plain(400, "Missing receiver number, rejected"))
        }
        guard !recipients.isEmpty else { return (drafts, .plain(400, "Empty receiver number not allowed, rejected")) }
        guard recipients.allSatisfy({ isPhone($0) }) else { return (drafts, denied) }
        return (drafts, nil)
    }

    /// Kannel gives no id away; the outbox shows the one it would have had.
    func accepted(_ drafts: [Draft], seed: String, in request: StandInRequest) -> (
        id: String, response: StandInResponse
    ) {
        (seed, .plain(202, "0: Accepted for delivery"))
    }

    func refusal(for trouble: GatewayTrouble, drafts: [Draft]) -> StandInResponse {
        switch trouble {
        case .throttled: .plain(429, "Too many requests", retryAfter: 5)
        case .unavailable: .plain(503, "Temporal failure, try again later.")
        case .badNumber: denied
        }
    }

    private var denied: StandInResponse { .plain(400, "Number(s) has/have been denied by white- and/or black-lists.") }

    /// Digits with or without a plus, as `sendsms-chars` has it.
    private func isPhone(_ number: String) -> Bool {
        let digits = number.hasPrefix("+") ? number.dropFirst() : number[...]
        return !digits.isEmpty && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}
