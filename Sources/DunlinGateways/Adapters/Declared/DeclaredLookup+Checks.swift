// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML

extension DeclaredLookup {
    /// Refuses look-ups that would guess which message is the attempt.
    static func check(_ keys: YAMLMapping, request: YAMLValue, provesAbsence: Bool) throws {
        func isUsed(_ name: String) -> Bool { request.uses(name) || keys["match"]?.uses(name) == true }
        func refuse(_ why: String, _ remedy: String) -> DunlinError {
            DunlinError(.usage, keys.value.place, why: "\(keys.value.field) \(why)", remedy: remedy)
        }
        if isUsed("token") { return }
        guard keys["match"] != nil else {
            throw refuse("takes any message for the attempt", "put '{token}' into its request, or add 'match'")
        }
        guard isUsed("to"), ["text", "subject", "at"].contains(where: isUsed) else {
            throw refuse(
                "takes other messages for the attempt",
                "use '{token}', or '{to}' and one of '{text}', '{subject}' and '{at|date}'")
        }
        // What is listed under another spelling of the number or the text would go out a second time.
        guard !provesAbsence else {
            throw refuse(
                "proves nothing by absence, because neither its request nor 'match' holds '{token}'",
                "write 'absent: unknown'")
        }
    }

    /// The `repeatable:` of a definition: for how long its request may be sent again. Only with our token in it can the
    /// gateway know it by.
    static func repeatable(_ value: YAMLValue?, request: YAMLValue) throws -> Duration? {
        guard let value else { return nil }
        let length = try value.duration()
        guard length >= .minutes(1), length <= .days(30) else { throw value.error(expected: "1m to 30d") }
        guard request.uses("token") else {
            throw DunlinError(
                .usage, value.place, why: "\(value.field) is set, but the request does not hold '{token}'",
                remedy: "put it where the gateway takes an idempotency key, or remove 'repeatable'")
        }
        return length
    }
}

extension YAMLValue {
    /// Whether a text in here holds the placeholder `{name}`, with a function behind it or without.
    func uses(_ name: String) -> Bool {
        if isMapping { return (try? anyMapping())?.entries.contains { $0.value.uses(name) } ?? false }
        if isList { return list().contains { $0.uses(name) } }
        var rest = ((try? string()) ?? "")[...]
        while let brace = rest.firstIndex(of: "{") {
            rest = rest[brace...].dropFirst()
            if rest.first == "{" {
                rest = rest.dropFirst()
            } else if rest.prefix(while: { $0 != "}" && $0 != "|" }) == name {
                return true
            }
        }
        return false
    }
}
