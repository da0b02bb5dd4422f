// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Testing

@testable import DunlinTemplates

/// The library that Dunlin ships, as recipients get it.
struct ShippedMessagesTests {
    static let everywhere = ["ar", "en", "es", "pt-BR", "zh-Hans", "zh-Hant"]
    static let core = [
        "dispute-received", "hardship-help", "payment-due-soon", "payment-due-today", "payment-overdue",
        "payment-overdue-middle", "payment-received", "plan-confirmed", "promise-reminder",
    ]
    static let others = [
        "annual-statement", "complaint-received", "contact-check", "financial-tip", "paid-in-full", "payment-grace",
        "payment-overdue-late", "plan-offered", "pre-legal-notice", "promise-broken", "visit-appointment",
    ]
    static let coreLanguages = (everywhere + ["fr", "de", "it", "ru", "ja", "ko", "hi", "id", "vi", "th"]).sorted()

    @Test func checksWithoutAFinding() {
        #expect(TemplateCheck(roots: [shippedRoot]).findings == [])
    }

    @Test func isComplete() throws {
        let library = try shipped.get()
        #expect(library.messages.map(\.name) == (Self.core + Self.others).sorted())
        for message in library.messages {
            let languages = Self.core.contains(message.name) ? Self.coreLanguages : Self.everywhere
            #expect(message.channels == [.sms, .email, .call] && message.usableChannels == Channel.allCases)
            for channel in Channel.allCases { #expect(message.languages(on: channel) == languages, "\(message.name)") }
            #expect(message.insertableNotices.isSuperset(of: ["identity", "opt-out", "debt-collector"]))
            #expect(Set(message.notices).isSuperset(of: ["identity", "opt-out"]), "\(message.name)")
        }
    }

    /// Every text with the whole sample, with nothing but what every record has, and much later.
    @Test(arguments: coreLanguages)
    func reads(language: String) throws {
        let library = try shipped.get()
        for message in library.messages {
            for channel in Channel.allCases where message.languages(on: channel).contains(language) {
                for bare in [false, true] {
                    let rendered = try library.preview(
                        message.name, language: language, region: nil, channel: channel, variant: nil, bare: bare)
                    let name = "\(message.name) \(language) \(channel)\(bare ? " bare" : "")"
                    for text in rendered.content.texts { expectSound(text, language: language, name) }
                    switch rendered.content {
                    case .sms(let text):
                        #expect((1...4).contains(rendered.segments), "\(name)")
                        if language == "en" { #expect(SMSEncoding.measure(text).encoding == .gsm7, "\(name)") }
                        #expect(text.contains("Harbor Credit") && text.contains("STOP"), "\(name)")
                    case .email(let mail):
                        let direction = language == "ar" ? "rtl" : "ltr"
                        #expect(mail.html.contains("<html lang=\"\(language)\" dir=\"\(direction)\""), "\(name)")
                        #expect(mail.text.contains("Harbor Credit") && mail.text.contains("unsubscribe"), "\(name)")
                    case .call(let script):
                        expectPrivate(script, name)
                    case .chat(let text), .task(let text):
                        #expect(text.contains("Harbor Credit"), "\(name)")
                    }
                }
            }
        }
    }

    private func expectSound(_ text: String, language: String, _ name: String) {
        #expect(
            !text.contains("{{") && !text.contains("}}") && !text.contains("  ") && !text.contains("**"),
            "\(name): \(text)")
        let simplified = "们请谢您应还", traditional = "們請謝應還"
        if language == "zh-Hant" { #expect(!text.contains { simplified.filter { $0 != "您" }.contains($0) }, "\(name)") }
        if language == "zh-Hans" { #expect(!text.contains { traditional.contains($0) }, "\(text)") }
    }

    /// What is said before the person has said who they are, and what stays on a machine, names no amount and no day.
    private func expectPrivate(_ script: CallScript, _ name: String) {
        let gate = script.steps.firstIndex { if case .gather = $0 { true } else { false } }
        let overheard = script.steps[...(gate ?? script.steps.count - 1)].flatMap(\.texts) + [script.voicemail]
        let telltales = [
            "234", "2026", "A-77", "pay.", " due", "debt", "owe", "overdue", "pago", "deuda", "vence", "pagamento",
            "dívida", "款", "还", "還", "账", "帳", "逾期", "سداد", "مستحق", "paiement", "dette", "Zahlung",
            "Schuld", "fällig", "debito", "scadenza", "долг", "платеж", "платёж", "支払", "借", "결제", "연체", "भुगतान",
            "बकाया", "utang", "pembayaran", "tagihan", "thanh toán", "nợ", "ชำระ", "หนี้",
        ]
        #expect(gate != nil && script.voicemail.contains("Harbor Credit"))
        for text in overheard { #expect(!telltales.contains { text.contains($0) }, "\(name): \(text)") }
    }

    /// The row of the black-box contract: nothing in `vars`.
    @Test func theContractsRow() throws {
        let library = try shipped.get()
        #expect(
            try library.sms(reminder("payment-overdue", region: "US-MA")) == """
                Harbor Credit: your payment of $1,234.50 was due on November 20, 2026. Already paid? Thank you.
                Need help or more time? Reply HELP.
                Reply STOP to opt out.
                """)
        #expect(
            try library.sms(reminder("payment-overdue", locale: "es-US")) == """
                Harbor Credit: su pago de $1,234.50, con vencimiento el 20 de noviembre de 2026, sigue pendiente. \
                Si ya ha pagado, gracias.
                ¿Necesita ayuda o un plazo mayor? Responda HELP.
                Para no recibir SMS, responda STOP.
                """)
        #expect(
            try library.sms(reminder("payment-overdue", locale: "zh-TW")) == """
                【Harbor Credit】您應付的US$1,234.50款項已於2026年11月20日到期。如已付款，謝謝您。
                如需協助或寬限，請回覆HELP。
                取消接收請回覆STOP。
                """)
    }

    @Test func aMailInBothForms() throws {
        let mail = try shipped.get().email(
            reminder("payment-overdue", vars: ["pay_link": "https://pay.example/r/7_Q_x"]))
        #expect(mail.subject == "Your payment to Harbor Credit was due on Friday, November 20, 2026")
        #expect(
            mail.text.hasPrefix(
                """
                Dear Alex Kim,

                We have not yet received this payment to Harbor Credit:

                - Amount: $1,234.50
                - Due date: Friday, November 20, 2026
                - Reference: A-77

                Pay online
                https://pay.example/r/7_Q_x

                If it is already on its way, thank you
                """))
        #expect(mail.html.contains(">Amount: <strong style=\"font-weight:bold\">$1,234.50</strong></li>"))
        #expect(mail.html.contains("<a class=\"press\" href=\"https://pay.example/r/7_Q_x\" style="))
        #expect(mail.html.hasPrefix("<!DOCTYPE html>") && mail.html.contains("we are here to help.&#847;"))
    }

    @Test func aCall() throws {
        let script = try shipped.get().call(reminder("payment-overdue", vars: ["contact_phone": "+16175550100"]))
        #expect(script.language == "en-US")
        #expect(script.steps.count == 7)
        #expect(script.steps[0] == .say("Hello. This is Harbor Credit, calling for Alex Kim."))
        guard case .gather(let prompt, let keys, 8) = script.steps[1] else { Issue.record("no gate"); return }
        #expect(prompt.hasPrefix("If you are Alex Kim, please press 1."))
        #expect(keys == ["1": "continue", "2": "wrong-person", "9": "opt-out"])
        #expect(
            script.voicemail
                == "Hello. This is Harbor Credit. Please call us back at 1, 6 1 7, 5 5 5, 0 1 0 0. Once more: "
                + "1, 6 1 7, 5 5 5, 0 1 0 0. Thank you.")
    }

    @Test func saysTodayOnlyOnTheDay() throws {
        let library = try shipped.get()
        #expect(
            try library.sms(reminder("payment-due-today"), today: "2026-11-20").contains("is due today, November 20"))
        #expect(try library.sms(reminder("payment-due-today"), today: "2026-11-21").contains("was due, November 20"))
    }
}

extension CallScript.Step {
    var texts: [String] {
        switch self {
        case .say(let text), .gather(let text, _, _): [text]
        case .pause: []
        }
    }
}

extension MessageContent {
    var texts: [String] {
        switch self {
        case .sms(let text), .chat(let text), .task(let text): [text]
        case .email(let mail): [mail.subject, mail.preheader, mail.text]
        case .call(let script): script.steps.flatMap(\.texts) + [script.voicemail]
        }
    }
}
