// SPDX-License-Identifier: Apache-2.0

/// What is wrong with the files: what concerns the message that is shown or all messages openly, the rest folded.
func findingPanel(_ findings: [PreviewFinding], message: String?) -> HTML {
    let own = findings.filter { $0.message == nil || $0.message == message }
    let others = findings.filter { $0.message != nil && $0.message != message }
    let errors = others.count(where: \.isError)
    let count = errors > 0 ? "\(counted(errors, "error"))" : "\(counted(others.count, "warning"))"
    let folded: HTML =
        others.isEmpty
        ? ""
        : """
        <details class="others"><summary>\(count) in other messages</summary>\(list(others))</details>
        """
    guard !findings.isEmpty else { return "<p class=\"fine\">No fault found in the library.</p>" }
    return """
        <section class="findings" aria-label="Findings">
        \(own.isEmpty ? "<p class=\"fine\">No fault found in this message.</p>" : list(own))\(folded)
        </section>
        """
}

/// Errors first, each kind in the order of the files.
private func list(_ findings: [PreviewFinding]) -> HTML {
    let sorted = findings.filter(\.isError) + findings.filter { !$0.isError }
    return "<ul>\(sorted.map(item))</ul>"
}

private func item(_ finding: PreviewFinding) -> HTML {
    let remedy: HTML = finding.remedy.isEmpty ? "" : " <span class=\"remedy\">\(sentence(finding.remedy))</span>"
    return """
        <li class="\(finding.isError ? "error" : "warning")"><b>\(finding.isError ? "Error" : "Warning")</b>
        <p>\(sentence(finding.what))\(remedy)<code>\(finding.place)</code></p></li>
        """
}

/// As a sentence: findings begin with a small letter and end without a full stop.
private func sentence(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst() + (text.hasSuffix(".") || text.hasSuffix("?") ? "" : ".")
}
