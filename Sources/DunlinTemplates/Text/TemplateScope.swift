// SPDX-License-Identifier: Apache-2.0

/// What a text can name where it stands: the message's values, the fragments of its language and channel, and the plural
/// categories of its language.
struct TemplateScope: Sendable {
    let variables: VariableTable
    /// By name; empty inside a fragment, which uses no others.
    let fragments: [String: SourceText]
    let plurals: PluralRules

    /// Whether it is the text of a fragment.
    private(set) var isFragment = false

    init(
        variables: VariableTable, fragments: [String: SourceText] = [:],
        plurals: PluralRules = PluralRules.of(language: "en")
    ) {
        (self.variables, self.fragments, self.plurals) = (variables, fragments, plurals)
    }

    /// The same for the text of a fragment.
    var insideFragment: TemplateScope {
        var inner = TemplateScope(variables: variables, plurals: plurals)
        inner.isFragment = true
        return inner
    }
}
