// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML

/// `kind: receipt`: what became of a message.
struct ReceiptRule: Sendable {
    static let keys = ["attempt", "id", "status", "is", "code", "codes", "at", "answered_by", "seconds"]

    private enum Cause: String, CaseIterable, Sendable {
        case recipient
        case optedOut = "opted-out"

        var reason: Reason { self == .recipient ? .recipientRefused : .optedOut }
    }

    private let token: CallbackPlace?
    private let id: CallbackPlace?
    private let status: CallbackPlace
    private let statuses: CallbackMeanings<Receipt.Status>
    var bearsToken: Bool { token != nil }
    var tellsArrival: Bool { statuses.has(.delivered) }
    private let code: CallbackPlace?
    private let causes: CallbackMeanings<Cause>?
    private let at: CallbackInstant?
    private let answerer: (place: CallbackPlace, meanings: CallbackMeanings<Receipt.Answerer>)?
    private let seconds: CallbackPlace?

    init(_ keys: YAMLMapping, _ context: CallbackContext) throws {
        token = try keys["attempt"].map(context.place)
        id = try keys["id"].map(context.place)
        guard token != nil || id != nil else {
            throw keys.value.error(expected: "'attempt' or 'id', which say what it is about")
        }
        status = try context.place(keys.required("status"))
        let names = Receipt.Status.allCases.map(\.rawValue)
        statuses = try CallbackMeanings(keys.required("is").mapping(keys: names))
        code = try keys["code"].map(context.place)
        causes = try keys["codes"].map { try CallbackMeanings($0.mapping(keys: Cause.allCases.map(\.rawValue))) }
        if let codes = keys["codes"], code == nil { throw codes.error(expected: "'code' beside it") }
        at = try keys["at"].map { try CallbackInstant($0, context) }
        answerer = try keys["answered_by"].map { value in
            let keys = try value.mapping(keys: ["field"] + Receipt.Answerer.allCases.map(\.rawValue))
            return (try context.place(keys.required("field")), try CallbackMeanings(keys))
        }
        seconds = try keys["seconds"].map(context.place)
        if let extra = keys["answered_by"] ?? keys["seconds"], context.channel != .call {
            throw extra.error(expected: "nothing, because the channel is not 'call'")
        }
    }

    func read(_ content: CallbackContent, at start: Int) -> CallbackRule.Finding {
        guard let text = content.value(status, from: start), let status = statuses(text) else { return .nothing }
        let token = token.flatMap { content.value($0, from: start) }
        let id = id.flatMap { content.value($0, from: start) }
        let attempt: AttemptReference
        if let token = token.flatMap(CallbackText.token) {
            attempt = .token(token)
        } else if let id = id.flatMap(CallbackText.token) {
            attempt = .id(id)
        } else {
            // Neither: of another system that shares the account.
            return token == nil && id == nil ? .nothing : .malformed
        }
        var receipt = Receipt(attempt, status)
        if let code = code.flatMap({ content.value($0, from: start) }) {
            receipt.code = AnswerReading.token(code, limit: 40)
            if status == .failed { receipt.reason = causes?(code)?.reason }
        }
        receipt.at = at?.read(content, at: start)
        if let answerer {
            receipt.answeredBy = content.value(answerer.place, from: start).flatMap { answerer.meanings($0) }
        }
        if let text = seconds.flatMap({ content.value($0, from: start) }), text.utf8.count <= 6,
            text.utf8.allSatisfy({ $0.isASCIIDigit })
        {
            receipt.seconds = Int(text)
        }
        return .event(.receipt(receipt))
    }
}

/// `kind: question`: a call asks what to say.
struct QuestionRule: Sendable {
    static let keys = ["attempt", "key", "machine"]

    private let token: CallbackPlace
    private let key: CallbackPlace?
    /// Any of these.
    private let machine: [CallbackCondition]

    init(_ keys: YAMLMapping, _ context: CallbackContext) throws {
        guard context.channel == .call else {
            throw keys.value.error(expected: "another 'kind': only calls ask what to say")
        }
        token = try context.place(keys.required("attempt"))
        key = try keys["key"].map(context.place)
        machine = try keys["machine"].map { try CallbackCondition.all($0, context) } ?? []
    }

    func read(_ content: CallbackContent, at start: Int) -> CallbackRule.Finding {
        guard let text = content.value(token, from: start) else { return .nothing }
        guard let token = CallbackText.token(text) else { return .malformed }
        let isMachine = machine.contains { $0.holds(content, at: start) }
        let pressed = key.flatMap { content.value($0, from: start) }.flatMap(CallbackText.keys)
        return .event(.question(CallQuestion(token: token, key: pressed, isMachine: isMachine)))
    }
}

/// `at: {field: …, format: …}`.
struct CallbackInstant: Sendable {
    let place: CallbackPlace
    private let format: CallbackTime

    init(_ value: YAMLValue, _ context: CallbackContext) throws {
        let keys = try value.mapping(keys: ["field", "format"])
        place = try context.place(keys.required("field"))
        format = try CallbackTime(keys.required("format"))
    }

    /// Nil where nothing stands there, or no instant: what happened is worth more than when.
    func read(_ content: CallbackContent, at start: Int) -> Instant? {
        content.value(place, from: start).flatMap(format.instant)
    }
}
