// SPDX-License-Identifier: Apache-2.0

import DunlinModel

extension SandboxMessage {
    /// One element of `/messages.json`.
    var json: JSON {
        let mail = mail
        return .object([
            "number": .number(number), "at": .string(at.description), "channel": .string(channel.rawValue),
            "gateway": .string(gateway.rawValue), "from": .string(from), "to": .string(to), "answer": answer.json,
            "subject": JSON(mail?.subject), "text": .string(mail.map { $0.text ?? "" } ?? text),
            "html": JSON(mail?.html), "steps": stepsJSON,
            "headers": .array(
                (mail?.headers ?? []).map { .object(["name": .string($0.name), "value": .string($0.value)]) }),
            "fields": .array(fields.map { .object(["name": .string($0.name), "value": .string($0.value)]) }),
        ])
    }

    private var stepsJSON: JSON {
        guard case .call(let twiml) = content else { return .null }
        return .array(callSteps(twiml: twiml).map(\.json))
    }
}

extension SandboxMessage.Answer {
    /// `accepted`, `refused` or `unanswered`.
    var word: String {
        switch self {
        case .accepted: "accepted"
        case .refused: "refused"
        case .unanswered: "unanswered"
        }
    }

    fileprivate var json: JSON {
        switch self {
        case .accepted(let id): .object(["is": .string(word), "id": .string(id)])
        case .refused(let status, let code):
            .object(["is": .string(word), "status": .number(status), "code": .string(code)])
        case .unanswered: .object(["is": .string(word)])
        }
    }
}
