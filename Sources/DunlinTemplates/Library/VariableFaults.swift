// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// What is wrong with one of a reminder's `vars`.
public struct VariableFault: Hashable, Sendable {
    public var name: String
    public var value: String
    public var expected: String
}

extension MessageTemplate {
    /// What keeps a reminder's `vars` from being rendered, so that whoever imports it learns of it at once: a value of
    /// the wrong type, one that is required and missing, a name with a slip in it.
    public func faults(in vars: [String: String], currency: Currency) -> [VariableFault] {
        if vars.isEmpty, required.isEmpty { return [] }
        var faults: [VariableFault] = []
        for (name, value) in vars.sorted(by: { $0.key < $1.key }) where !value.trimmed.isEmpty {
            guard let number = table.number(of: name), table[number].builtIn == nil else {
                // What the message does not use may be there for another one; what is nearly a name of its own is a slip.
                let absent = variables.filter { $0.builtIn == nil && vars[$0.name] == nil }.map(\.name)
                guard let near = nearMiss(name, among: absent) else { continue }
                faults.append(VariableFault(name: name, value: value, expected: "'\(near)', did you mean that?"))
                continue
            }
            if !table[number].type.accepts(value, currency: currency) {
                faults.append(VariableFault(name: name, value: value, expected: table[number].type.expectation))
            }
        }
        for variable in required where vars[variable.name]?.trimmed.isEmpty ?? true {
            faults.append(
                VariableFault(name: variable.name, value: "", expected: "\(variable.type.expectation); it is required"))
        }
        return faults
    }
}
