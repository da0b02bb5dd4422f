// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinPolicy
import Testing

/// Shapes 17 to 21 and 23: to whom, in what words, how hard, and what is only written down.
struct PolicyShapes {
    // MARK: 17, others than the debtor

    @Test("Shape 17, third parties: in China they are asked where the person is, until they refuse")
    func thirdParties() throws {
        var china = try Place(
            "CN", "Asia/Shanghai", "when: {role: [spouse, employer, referee, other]}, only: {purpose: [location]}",
            "when: {role: [spouse, employer, referee, other]}, cool_off: {after: refusal, for: until lifted, per: recipient}"
        )
        let now = "2026-11-25T12:00:00+08:00"
        #expect(try china.decide(now, for: .reminder).sends)
        china.person.recipient.role = .referee
        let reminder = try china.decide(now, for: .reminder)
        #expect(reminder.decision == .suppress(.forbidden) && reminder.figures[0] == "the message is for reminder")
        #expect(try china.decide(now, for: .location).sends)
        let refusal = contact("2026-11-25T11:00:00+08:00", .refusal)
        #expect(try china.decide(now, for: .location, refusal).decision == .suppress(.coolingOff))
    }

    @Test("Shape 17, third parties: Hong Kong's referees gave no guarantee", arguments: Role.allCases)
    func liablePersons(_ role: Role) throws {
        var hongKong = try Place("HK", "Asia/Hong_Kong", "only: {role: [borrower, guarantor]}")
        hongKong.person.recipient.role = role
        let decided = try hongKong.decide("2026-11-25T12:00:00+08:00")
        let isLiable = role == .borrower || role == .guarantor
        #expect(decided.sends == isLiable)
        if !isLiable { #expect(decided.figures == ["the recipient is \(role.rawValue) to the debt"]) }
    }

    @Test("Shape 17, third parties: a Massachusetts household has a count of its own")
    func household() throws {
        var massachusetts = try Place(
            "US-MA", "America/New_York",
            "when: {role: [spouse, household]}, cap: {limit: 2, per: account, rolling: 7 days}")
        let mails = [10, 11].map { contact("2026-11-\($0)T10:00:00-05:00", over: .email, recipient: "P-2") }
        #expect(try massachusetts.decide("2026-11-12T10:00:00-05:00", mails).sends)
        massachusetts.person.recipient.role = .household
        let third = try massachusetts.decide("2026-11-16T23:59:59-05:00", mails)
        #expect(third.decision == .defer(until: at("2026-11-17T00:00:00-05:00"), .frequencyCap))
        #expect(try massachusetts.decide("2026-11-17T00:00:00-05:00", mails).sends)
    }

    // MARK: 18 and 19, identity and content

    @Test("Shape 18, identity first: no details of the debt in a British call")
    func identityFirst() throws {
        func britain(_ more: String, uses variables: Set<String>) throws -> Explained {
            var place = try Place(
                "GB", "Europe/London", "\(more)content: {channels: [call], forbid: [amount, due_date, account_id]}")
            place.message.variables = [.call: variables, .sms: ["amount"]]
            return try place.decide("2026-11-25T12:00:00Z")
        }
        #expect(try britain("", uses: ["name"]).sends)
        let held = try britain("", uses: ["name", "amount"])
        #expect(held.decision == .hold(.contentRule) && held.figures == ["the message uses amount"])
        let warned = try britain("strength: guidance, ", uses: ["amount"])
        #expect(warned.sends && warned.findings[0].verdict == .warns)
    }

    @Test("Shape 19, content: Regulation F's opt-out line in texts and mails")
    func optOutLine() throws {
        var federal = try Place("US", "America/New_York", "content: {channels: [sms, email], require: [opt-out]}")
        let now = "2026-11-25T12:00:00-05:00"
        let lacking = try federal.decide(now, over: .sms)
        #expect(lacking.decision == .hold(.contentRule) && lacking.figures == ["the message lacks the notice opt-out"])
        #expect(try federal.decide(now, over: .call).sends)
        federal.message.notices = ["opt-out"]
        let holding = try federal.decide(now, over: .sms)
        #expect(holding.sends && holding.requiredNotices.isEmpty)
        #expect(holding.figures == ["the message holds the notice opt-out"])
    }

    @Test("Shape 19, content: Regulation F's notices are added where the message can take them")
    func addedNotices() throws {
        var federal = try Place(
            "US", "America/New_York", "content: {channels: [sms], require: [opt-out, debt-collector]}",
            "content: {require: [debt-collector, identity]}",
            "when: {party: [bank]}, content: {require: [regulator]}")
        let now = "2026-11-25T12:00:00-05:00"
        federal.party = .collector
        federal.message.notices = ["opt-out"]
        federal.message.insertable = ["opt-out", "debt-collector"]
        let lacking = try federal.decide(now, over: .sms)
        #expect(lacking.decision == .hold(.contentRule))
        #expect(lacking.findings.last?.figures == "the message lacks the notice identity")
        federal.message.insertable.insert("identity")
        let added = try federal.decide(now, over: .sms)
        #expect(added.sends && added.requiredNotices == ["debt-collector", "identity"])
        #expect(
            added.figures == [
                "the message holds the notice opt-out; the notice debt-collector is added",
                "the notice debt-collector, identity is added",
            ])
        #expect(try federal.decide(now, over: .email).requiredNotices == ["debt-collector", "identity"])
        // A rule that does not bind asks for nothing.
        federal.party = .bank
        federal.message.insertable.insert("regulator")
        #expect(try federal.decide(now, over: .email).requiredNotices == ["debt-collector", "identity", "regulator"])
    }

    @Test("Shape 19, content: Mexico's first contact names the agency, later ones need not")
    func firstContact() throws {
        var mexico = try Place("MX", "America/Mexico_City", "when: {phase: first}, content: {require: [agency]}")
        let now = "2026-11-25T12:00:00-06:00"
        #expect(try mexico.decide(now).decision == .hold(.contentRule))
        let earlier = contact("2026-11-20T12:00:00-06:00")
        #expect(try mexico.decide(now, earlier).sends)
        #expect(try !mexico.decide(now, earlier.with { $0.account = .account("A-2") }).sends)
        mexico.message.notices = ["agency"]
        #expect(try mexico.decide(now).sends)
    }

    @Test("Shape 19, content: a company that writes French in Quebec")
    func language() throws {
        var quebec = try Place("CA-QC", "America/Toronto", "content: {channels: [sms, email], language: [fr]}")
        let now = "2026-11-25T12:00:00-05:00"
        quebec.message.languages = ["en"]
        #expect(try quebec.decide(now, over: .email).figures == ["the message is not written in fr"])
        quebec.message.languages = ["en", "fr-CA"]
        #expect(try quebec.decide(now, over: .email).sends)
    }

    // MARK: 20, strength and consequence

    @Test(
        "Shape 20, strength: Australia's guideline as a ban, a presumption or guidance, and what then",
        arguments: [
            ("strength: ban", .defer(until: at("2026-11-26T07:30:00+11:00"), .quietHours), .forbids),
            ("strength: presumption", .defer(until: at("2026-11-26T07:30:00+11:00"), .quietHours), .forbids),
            ("strength: guidance", .send(.call, address: "+16175550100"), .warns),
            ("strength: guidance, then: suppress", .send(.call, address: "+16175550100"), .warns),
            ("then: hold", .hold(.quietHours), .forbids), ("then: suppress", .suppress(.quietHours), .forbids),
        ] as [(String, Decision, Finding.Verdict)])
    func strength(_ words: String, _ decision: Decision, _ verdict: Finding.Verdict) throws {
        let australia = try Place(
            "AU", "Australia/Sydney", "\(words), window: {days: {mon-fri: '07:30-21:00', sat-sun: '09:00-21:00'}}")
        let late = try australia.decide("2026-11-25T21:00:01+11:00")
        #expect(late.decision == decision)
        #expect(late.findings.map(\.verdict) == [verdict])
        #expect(try australia.decide("2026-11-25T21:00:00+11:00").sends)
    }

    @Test("Shape 20, strength: a represented Russian waits for a person, a ceased one for nobody")
    func consequences() throws {
        let russia = try Place(
            "RU", "Europe/Moscow", "then: hold, cool_off: {after: represented, for: until lifted, per: recipient}",
            "cool_off: {after: cease, for: until lifted, per: recipient}")
        let now = "2026-11-25T12:00:00+03:00"
        let represented = contact("2026-11-25T12:00:00+03:00", .represented)
        #expect(try russia.decide(now, represented).decision == .hold(.coolingOff))
        #expect(try russia.decide(now, represented.with { $0.recipient = .recipient("P-2") }).sends)
        let cease = represented.with { $0.kind = .cease }
        #expect(try russia.decide(now, cease).decision == .suppress(.optedOut))
        #expect(try russia.decide(now, represented, cease).decision == .suppress(.optedOut))
    }

    // MARK: 21, whom a rule binds

    @Test("Shape 21, applicability: Regulation F binds collectors and whoever did not say")
    func parties() throws {
        var federal = try Place(
            "US", "America/New_York", "window: {days: {mon-sun: '08:00-21:00'}}",
            head: "when: {party: [collector, purchaser]}")
        let late = "2026-11-25T21:00:01-05:00"
        #expect(try !federal.decide(late).sends)
        federal.party = .lender
        #expect(try federal.decide(late).sends)
        // The account's own word goes first.
        federal.person.account.party = .purchaser
        #expect(try !federal.decide(late).sends)
    }

    @Test("Shape 21, applicability: who did not say is not excepted either")
    func unknownIsNotExcepted() throws {
        var federal = try Place(
            "US", "America/New_York", "unless: [{party: [lender]}], window: {days: {mon-sun: '08:00-21:00'}}")
        let late = "2026-11-25T21:00:01-05:00"
        #expect(try !federal.decide(late).sends)
        federal.party = .lender
        #expect(try federal.decide(late).figures == ["off: party lender"])
    }

    @Test("Shape 21, applicability: Vietnam's finance companies, by product")
    func products() throws {
        var vietnam = try Place(
            "VN", "Asia/Ho_Chi_Minh",
            "when: {product: [consumer-loan]}, window: {days: {mon-sun: '07:00-21:00'}}")
        let late = "2026-11-25T21:00:01+07:00"
        #expect(try !vietnam.decide(late).sends)
        vietnam.person.account.product = "consumer-loan"
        #expect(try !vietnam.decide(late).sends)
        vietnam.person.account.product = "mortgage"
        #expect(try vietnam.decide(late).sends)
    }

    @Test("Shape 21, applicability: France's sales hours leave its reminders to the cautious default")
    func defaultPack() throws {
        let strict = try PolicySet.load(directory: nil).packs.filter { $0.name == "strict" }
        func france(_ strength: String) throws -> Place {
            try Place(
                "FR", "Europe/Paris",
                "strength: \(strength), when: {purpose: [marketing]}, window: {days: {mon-sun: '08:00-22:00'}}"
            ).with(strict)
        }
        let late = "2026-11-25T20:00:01+01:00"
        #expect(try france("ban").decide(late, for: .marketing).sends)
        #expect(try france("ban").decide(late, for: .reminder).until == at("2026-11-26T09:00:00+01:00"))
        #expect(try france("ban").decide("2026-11-25T20:00:00+01:00", for: .reminder).sends)
        // Guidance limits nothing.
        #expect(try !france("guidance").decide(late, for: .marketing).sends)
    }

    @Test("Shape 21, applicability: New York City's rule from 1 September 2026, in the recipient's calendar")
    func effectiveFrom() throws {
        let city = try Place(
            "US-NY-NYC", "America/New_York", "cap: {limit: 3, per: account, rolling: 7 days}", head: "from: 2026-09-01")
        let three = (29...31).map { contact("2026-08-\($0)T10:00:00-04:00", over: .sms) }
        let eve = try city.decide("2026-08-31T23:59:59-04:00", three)
        #expect(eve.sends && eve.holdsUntil == at("2026-09-01T00:00:00-04:00"))
        let first = try city.decide("2026-09-01T00:00:00-04:00", three)
        #expect(first.decision == .defer(until: at("2026-09-05T00:00:00-04:00"), .frequencyCap))
        // Had it ended with August, it would bind on the eve alone.
        let old = try Place(
            "US-NY-NYC", "America/New_York", "until: 2026-08-31, cap: {limit: 3, per: account, rolling: 7 days}")
        #expect(try old.decide("2026-08-31T23:59:59-04:00", three).until == at("2026-09-01T00:00:00-04:00"))
        #expect(try old.decide("2026-09-01T00:00:00-04:00", three).sends)
    }

    @Test("Shape 21, applicability: the strictest of the country's, the state's and the company's")
    func strictest() throws {
        let state = try Place(
            "US-MA", "America/New_York", "cap: {limit: 2, per: account, rolling: 7 days, channels: [sms, call]}")
        let country = try Place(
            "US", nil, "window: {days: {mon-sun: '08:00-21:00'}}",
            "cap: {limit: 7, per: [recipient, account], rolling: 7 days, channels: [call]}")
        let company = try Pack(
            yaml: head + "  - {id: hours, cite: x, confidence: source, window: {days: {mon-sun: '00:00-24:00'}}}\n"
                + "  - {id: cap, cite: x, confidence: source, cap: {limit: 99, per: account, rolling: 7 days}}\n",
            file: "test.yaml")
        let all = state.with(country.policies.packs + [company])
        let two = [10, 11].map { contact("2026-11-\($0)T10:00:00-05:00") }
        #expect(try all.decide("2026-11-12T21:00:00-05:00", two[0]).sends)
        #expect(try all.decide("2026-11-12T21:00:01-05:00", two[0]).until == at("2026-11-13T08:00:00-05:00"))
        let third = try all.decide("2026-11-12T12:00:00-05:00", two)
        #expect(third.decision == .defer(until: at("2026-11-17T08:00:00-05:00"), .frequencyCap))
        #expect(third.findings.filter { !$0.allows }.map(\.rule) == ["us-ma/r1"])
    }

    // MARK: 23, and what is only read

    @Test("Shape 23, retention: read and shown in order with duties, asked of nobody, loosening nothing")
    func writtenDown() throws {
        let cap = "cap: {limit: 2, per: recipient, rolling: 7 days}"
        let plain = try Place("CL", "America/Santiago", cap)
        let full = try Place(
            "CL", "America/Santiago", "retention: {of: records, keep: 2 years, after: last-activity}", cap,
            "retention: {of: recordings, keep: 6 months, after: recording}",
            "duty: Never hide the caller's number", "duty: 'Honour an opt-out within 10 business days'")
        let shown = full.policies.packs[0].rules.map { rule in
            switch rule.kind {
            case .retention(let retention):
                "\(rule.id) \(retention.of) \(retention.keep.length) after \(retention.after.rawValue)"
            case .duty(let text): "\(rule.id) \(text)"
            default: rule.id
            }
        }
        #expect(
            shown == [
                "r1 records 2 years after last-activity", "r2", "r3 recordings 6 months after recording",
                "r4 Never hide the caller's number", "r5 Honour an opt-out within 10 business days",
            ])
        let two = [23, 24].map { contact("2026-11-\($0)T10:00:00-03:00") }
        for contacts in [[], [two[0]], two] {
            let (one, other) = (
                try plain.decide("2026-11-25T12:00:00-03:00", contacts),
                try full.decide("2026-11-25T12:00:00-03:00", contacts)
            )
            #expect(one.decision == other.decision && one.holdsUntil == other.holdsUntil)
            #expect(one.figures == other.figures)
        }
    }
}
