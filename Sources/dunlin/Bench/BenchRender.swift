// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DunlinModel
import DunlinTemplates
import Foundation

struct BenchRender: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "render",
        abstract:
            "An SMS with values of every type, rendered and measured, beside Foundation's formats and interpolation.",
        discussion: examples("dunlin bench render", "dunlin bench render --locale ar-EG --json"))

    @Option(help: "The recipients' locale; the text itself is English.") var locale = "en-US"
    @Option(help: "Texts.") var texts = 500_000
    @Flag(help: "Print JSON.") var json = false

    /// Money, day, number with its plural, phone, link, name and text; no two texts are alike.
    private static let files = [
        "0/bench/message.yaml": """
        purpose: Every type of value in one SMS.
        channels: [sms]
        variables:
          rest: {type: money, required: true}
          paid_on: {type: date, required: true}
          rate: {type: number, required: true}
          contact_phone: {type: phone, required: true}
          pay_link: {type: link, required: true}
          agent: {type: name, required: true}
          note: {type: text, required: true}
        sample: {name: Alex Kim, creditor: Harbor Credit, amount: 1234.50 USD, due_date: 2026-11-20, rest: 5.00,
          paid_on: 2026-11-01, rate: 2.5, contact_phone: "+16175550100", pay_link: "https://pay.example/r/7Qx2",
          agent: Robin Lee, note: plan B}
        """,
        "0/bench/en/sms.mustache": """
        {{creditor}}: {{#name}}{{name}}, {{/name}}{{amount}} was due on {{due_date}}, \
        {{days_overdue | one: # day | other: # days}} ago. {{rest}} since {{paid_on}} at {{rate}}. {{note}}
        {{agent}}, {{contact_phone}}
        {{pay_link}}
        """,
    ]

    func run() throws {
        let library = try TemplateLibrary.load(sources: TemplateSources(files: Self.files))
        let reminders = (0..<4096).map { benchReminder($0) }
        let days = (0..<64).map { CivilDate(daysSince1970: 20_780 + $0) }
        var segments = 0
        resetPeakMemory()
        let seconds = try measured {
            for number in 0..<texts {
                segments += try library.render(
                    reminders[number & 4095], channel: .sms, today: days[number & 63]
                ).segments
            }
        }
        try BenchReport(
            "render", count: texts, seconds: seconds,
            reference: "Foundation's kept format styles and string interpolation, unchecked and unmeasured",
            referencePerSecond: byHand(reminders, days), peakMemory: peakMemoryMegabytes(),
            settings: ["locale": locale, "texts": "\(texts)", "segments": "\(segments / texts)"]
        ).show(json: json)
    }

    private func benchReminder(_ number: Int) -> Reminder {
        let currency = Currency(code: "USD")!
        let account = Account(
            id: "A-\(number)", creditor: "Harbor Credit",
            amount: Money(decimal: "\(1000 + number).\(10 + number % 90)", currency: currency)!,
            dueDate: CivilDate(daysSince1970: 20_740 + number % 40))
        let recipient = Recipient(id: "P-\(number)", name: "Alex Kim \(number)", locale: locale)
        return Reminder(
            id: "r-\(number)", message: "bench", due: Instant(seconds: 0), expires: Instant(seconds: 1),
            channels: [.sms], account: account, recipient: recipient,
            vars: [
                "rest": "\(number % 977).25", "paid_on": "2026-10-\(10 + number % 20)", "rate": "\(number % 9).5",
                "contact_phone": "+1617555\(1000 + number)", "pay_link": "https://pay.example/r/\(number)",
                "agent": "Robin Lee", "note": "plan B",
            ])
    }

    private func byHand(_ reminders: [Reminder], _ days: [CivilDate]) throws -> Double {
        let locale = Locale(identifier: locale)
        let money = Decimal.FormatStyle.Currency(code: "USD", locale: locale)
        let number = Decimal.FormatStyle(locale: locale)
        let day = Date.FormatStyle(date: .long, time: .omitted, locale: locale, timeZone: .gmt)
        let count = texts / 10
        var length = 0
        let seconds = measured {
            for index in 0..<count {
                let reminder = reminders[index & 4095]
                let (account, vars) = (reminder.account, reminder.vars)
                let written = { (date: CivilDate) in
                    day.format(Date(timeIntervalSince1970: Double(date.daysSince1970) * 86400))
                }
                let overdue = days[index & 63].daysSince1970 - account.dueDate.daysSince1970
                let text = """
                    \(account.creditor): \(reminder.recipient.name), \
                    \(money.format(Decimal(account.amount.minorUnits) / 100)) was due on \(written(account.dueDate)), \
                    \(number.format(Decimal(overdue))) \(overdue == 1 ? "day" : "days") ago. \
                    \(money.format(Decimal(string: vars["rest"]!)!)) since \(written(CivilDate(iso8601: vars["paid_on"]!)!)) \
                    at \(number.format(Decimal(string: vars["rate"]!)!)). \(vars["note"]!)
                    \(vars["agent"]!), \(vars["contact_phone"]!)
                    \(vars["pay_link"]!)
                    """
                length += text.utf8.count
            }
        }
        precondition(length > 0)
        return Double(count) / seconds
    }
}
