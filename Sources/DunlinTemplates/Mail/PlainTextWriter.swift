// SPDX-License-Identifier: Apache-2.0

import CCmark

/// The text part of a mail, as a person would type it: an empty line between blocks, `-` for bullets, `>` for quotations,
/// links as `words <address>`, and a button's address on a line of its own.
///
/// A paragraph is one line however long: phones wrap at their own width, hard line ends would make every other line
/// short there and break long addresses, and the transfer encoding keeps lines short for the servers. The footer stands
/// behind `---`, not behind the signature mark `-- ` (RFC 3676, section 4.3), because mail programs grey, fold or drop
/// what follows that, and the notices of law stand in the footer.
struct PlainTextWriter {
    /// A list item or a quotation that is open: what its first line begins with, and every other.
    private struct Container {
        var first: String
        var rest: String
    }

    private var out: [UInt8] = []
    private var block: [UInt8] = []
    private var containers: [Container] = []
    /// The next number of each open list; nil for bullets.
    private var lists: [Int?] = []
    /// Where the words of the open link begin.
    private var linkStart = 0
    private var inFooter = false
    /// Whether the next block follows on the next line, as the items of a tight list do.
    private var isClose = false
    private let footerRule: OpaquePointer?

    static func text(of document: borrowing Markdown) -> String {
        var writer = PlainTextWriter(footerRule: document.footerRule)
        document.visit { writer.take($0, entering: $1) }
        return String(decoding: writer.out, as: UTF8.self) + "\n"
    }

    private init(footerRule: OpaquePointer?) {
        self.footerRule = footerRule
        out.reserveCapacity(2048)
    }

    private mutating func take(_ node: OpaquePointer, entering: Bool) {
        switch cmark_node_get_type(node) {
        case CMARK_NODE_TEXT, CMARK_NODE_CODE, CMARK_NODE_HTML_INLINE:
            block.append(contentsOf: MarkdownNode.literal(node))
        case CMARK_NODE_SOFTBREAK: block.append(UInt8(ascii: " "))
        case CMARK_NODE_LINEBREAK: block.append(newline)
        case CMARK_NODE_LINK:
            if entering { linkStart = block.count } else { endLink(node) }
        case CMARK_NODE_PARAGRAPH, CMARK_NODE_HEADING: if !entering { endBlock() }
        case CMARK_NODE_CODE_BLOCK, CMARK_NODE_HTML_BLOCK:
            block.append(contentsOf: MarkdownNode.literal(node))
            endBlock()
        case CMARK_NODE_THEMATIC_BREAK:
            inFooter = inFooter || node == footerRule
            block.append(contentsOf: "---".utf8)
            endBlock()
        case CMARK_NODE_BLOCK_QUOTE:
            if entering { containers.append(Container(first: "> ", rest: "> ")) } else { containers.removeLast() }
        case CMARK_NODE_LIST:
            if entering { begin(list: node) } else { lists.removeLast() }
        case CMARK_NODE_ITEM:
            if entering { begin(item: node) } else { containers.removeLast() }
        default: break
        }
    }

    private mutating func begin(list: OpaquePointer) {
        let isOrdered = cmark_node_get_list_type(list) == CMARK_ORDERED_LIST
        lists.append(isOrdered ? Int(cmark_node_get_list_start(list)) : nil)
        let parent = cmark_node_parent(list)
        if cmark_node_get_type(parent) == CMARK_NODE_ITEM { isClose = MarkdownNode.isTight(cmark_node_parent(parent)) }
    }

    private mutating func begin(item: OpaquePointer) {
        if cmark_node_previous(item) != nil { isClose = MarkdownNode.isTight(cmark_node_parent(item)) }
        let number = lists[lists.count - 1]
        let marker = number.map { "\($0). " } ?? "- "
        lists[lists.count - 1] = number.map { $0 + 1 }
        containers.append(Container(first: marker, rest: String(repeating: " ", count: marker.utf8.count)))
    }

    private mutating func endLink(_ node: OpaquePointer) {
        guard let address = MarkdownNode.address(node) else { return }
        let shown = address.hasPrefix("mailto:") ? address.dropFirst("mailto:".count) : address[...]
        if block[linkStart...].elementsEqual(shown.utf8) { return }
        let isButton = !inFooter && cmark_node_parent(node).map(MarkdownNode.isButton) == true
        block.append(contentsOf: (isButton ? "\n\(shown)" : " <\(shown)>").utf8)
    }

    private mutating func endBlock() {
        while block.last == newline { block.removeLast() }
        if !out.isEmpty {
            out.append(newline)
            if !isClose { out.append(newline) }
        }
        isClose = false
        for (number, line) in block.split(separator: newline, omittingEmptySubsequences: false).enumerated() {
            if number > 0 { out.append(newline) }
            if !line.isEmpty { appendPrefix() }
            out.append(contentsOf: line)
        }
        block.removeAll(keepingCapacity: true)
    }

    /// What the open containers put before a line with words.
    private mutating func appendPrefix() {
        for index in containers.indices {
            out.append(contentsOf: containers[index].first.utf8)
            containers[index].first = containers[index].rest
        }
    }
}

private let newline = UInt8(ascii: "\n")
