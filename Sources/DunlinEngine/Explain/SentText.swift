// SPDX-License-Identifier: Apache-2.0

import DunlinLedger
import DunlinModel
import DunlinTemplates

/// What one attempt said: written anew from the reminder and the texts that the ledger keeps, and compared with the hash that
/// the attempt recorded. Holds personal data.
public struct SentText: Sendable {
    /// The text, and how it compares with what went out.
    public struct Writing: Sendable {
        public var content: MessageContent
        /// Of an SMS; 0 on other channels.
        public var segments: Int
        /// Why its bytes are not those that went out; nil if they are.
        public var difference: String?
    }

    /// The reminder's id.
    public let reminder: String
    /// The attempt's number.
    public let attempt: Int64
    public let at: Instant
    public let channel: Channel?
    public let gateway: String?
    /// How the attempt ended; nil while nobody knows.
    public let outcome: Event?
    /// A ``TemplateReference``; nil where none was recorded.
    public let template: String?
    public let notices: [String]
    /// The text, or why there is none.
    public let result: Result<Writing, DunlinError>

    /// Every attempt of a reminder, oldest first. Throws what the ledger throws.
    public static func all(of history: ReminderHistory, in ledger: any Ledger) throws -> [SentText] {
        let remains = ReminderRemains(reminder: history.reminder, isErased: history.isErased)
        return history.facts.filter { $0.fact.event == .intent }
            .map { number, intent in
                SentText(
                    SentAttempt(number: number, intent: intent, remains: remains), in: ledger,
                    outcome: history.facts.first { $0.fact.attempt == number && !$0.fact.event.isRemark }?.fact.event)
            }
    }

    /// One attempt.
    init(_ sent: SentAttempt, in ledger: any Ledger, outcome: Event? = nil) {
        let intent = sent.intent
        let trace = DecisionTrace(detail: intent.detail)
        reminder = sent.remains.reminder.id
        attempt = sent.number
        at = intent.at
        channel = intent.channel
        gateway = intent.gateway
        self.outcome = outcome
        template = trace?.template
        notices = trace?.notices ?? []
        do throws(DunlinError) {
            result = .success(try Record(trace, sent).rewritten(from: ledger))
        } catch {
            result = .failure(error)
        }
    }
}

/// What an attempt recorded of its text, complete.
private struct Record {
    let what: String
    let reminder: Reminder
    let channel: Channel
    let reference: TemplateReference
    let day: CivilDate
    let notices: [String]
    let hash: String

    init(_ trace: DecisionTrace?, _ sent: SentAttempt) throws(DunlinError) {
        what = "the text of \(sent.remains.reminder.id)"
        guard !sent.remains.isErased else {
            throw DunlinError(
                .failure, what, why: "the personal data that stood in it are erased",
                remedy: "'dunlin why' tells what else is known")
        }
        guard let channel = sent.intent.channel, let reference = trace?.template.flatMap(TemplateReference.init),
            let day = trace?.day.flatMap({ CivilDate(iso8601: $0) }), let hash = trace?.content
        else {
            throw DunlinError(
                .failure, what, why: "an older version of Dunlin sent it, which did not keep texts",
                remedy: "look for its version in the backups of the templates")
        }
        reminder = sent.remains.reminder
        notices = trace?.notices ?? []
        (self.channel, self.reference, self.day, self.hash) = (channel, reference, day, hash)
    }

    func rewritten(from ledger: any Ledger) throws(DunlinError) -> SentText.Writing {
        guard let texts = try archived(in: ledger) else {
            throw DunlinError(
                .failure, what, why: "the ledger does not hold version \(reference.version) of \(reference.message)",
                remedy: "look for it in a backup of the ledger")
        }
        let library = try TemplateLibrary.load(sources: TemplateSources(files: texts.files))
        let rendered: RenderedMessage
        do throws(RenderError) {
            rendered = try library.render(reminder, channel: channel, today: day, notices: notices)
        } catch {
            throw DunlinError(
                .failure, what, why: "it cannot be written any more: \(error)",
                remedy: "use the version of Dunlin that sent it")
        }
        let isSame = rendered.content.shortHash == hash
        return SentText.Writing(
            content: rendered.content, segments: rendered.segments,
            difference: isSame ? nil : difference(from: rendered, library))
    }

    private func archived(in ledger: any Ledger) throws(DunlinError) -> ArchivedTemplate? {
        do {
            return try ledger.archived(message: reference.message, version: reference.version)
        } catch let error as DunlinError {
            throw error
        } catch {
            throw DunlinError(.failure, what, why: "\(error)", remedy: "check the ledger's file")
        }
    }

    /// The likeliest reason; the texts themselves are known to be the same.
    private func difference(from rendered: RenderedMessage, _ library: TemplateLibrary) -> String {
        if library.message(reference.message)?.version != reference.version {
            return "its texts no longer have the version that was recorded: they, or how Dunlin tells versions, changed"
        }
        if rendered.language != reference.language {
            return "Dunlin would choose the language \(rendered.language) now"
        }
        if rendered.variant != reference.variant {
            return "Dunlin would choose the variant \(rendered.variant ?? "without a name") now"
        }
        return "the stored record, how dates and amounts are written (CLDR), or Dunlin itself, changed since"
    }
}
