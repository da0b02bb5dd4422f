// SPDX-License-Identifier: Apache-2.0

/// What a text can name where it stands: the message's values, the fragments of its language and channel, and the plural
/// categories of its language.
struct TemplateScope: Sendable {
    let variables: VariableTable
    /// By name; empty inside a fragment, which uses no others.
    let fragments: [String: SourceText]
    let plurals: PluralRules
    /// The names of the fragments that are whole lines of a call.
    var scripts: Set<String> = []
    /// Whether it is the text of a fragment.
    private(set) var isFragment = false
    /// Whether the text is a single line, such as a mail's subject: a fragment's line ends become spaces there.
    private(set) var isOneLine = false

    init(
        variables: VariableTable, fragments: [String: SourceText] = [:],
        plurals: PluralRules = PluralRules.of(language: "en")
    ) {
        (self.variables, self.fragments, self.plurals) = (variables, fragments, plurals)
    }

    /// The same for the text of a fragment.
    var insideFragment: TemplateScope {
        var inner = TemplateScope(variables: variables, plurals: plurals)
        (inner.isFragment, inner.isOneLine) = (true, isOneLine)
        return inner
    }

    /// The same for a single line.
    var withinLine: TemplateScope {
        var line = self
        line.isOneLine = true
        return line
    }
}
