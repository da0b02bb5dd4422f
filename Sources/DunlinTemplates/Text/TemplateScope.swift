// SPDX-License-Identifier: Apache-2.0

/// What a text can name where it stands: the message's values, the fragments of its language and channel, and the plural
/// categories of its language.
struct TemplateScope: Sendable {
    let variables: VariableTable
    /// By name; empty inside a fragment, which uses no others.
    var fragments: [String: SourceText] = [:]
    var plurals = PluralRules.of(language: "en")

    /// The same for the text of a fragment.
    var insideFragment: TemplateScope { TemplateScope(variables: variables, plurals: plurals) }
}
