// SPDX-License-Identifier: Apache-2.0

import CCmark
import Glibc

/// A mail body in CommonMark, parsed by libcmark, and its two renderings.
struct Markdown: ~Copyable {
    private let root: OpaquePointer

    /// Nil only if there is no memory left.
    init?(_ text: String) {
        var text = text
        let parsed = text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
                cmark_parse_document($0.baseAddress, $0.count, CMARK_OPT_DEFAULT)
            }
        }
        guard let parsed else { return nil }
        root = parsed
    }

    deinit { cmark_node_free(root) }

    /// HTML without raw HTML and without dangerous links: cmark leaves both out unless told otherwise.
    var html: String {
        guard let rendered = cmark_render_html(root, CMARK_OPT_DEFAULT) else { return "" }
        defer { free(rendered) }
        return String(cString: rendered)
    }

    /// Plain text as a person would type it: blank lines between blocks, `-` for bullets, links as `words <address>`.
    var plainText: String {
        var writer = PlainTextWriter()
        visit { writer.take($0, entering: $1) }
        return writer.text
    }

    /// What authors may not use, each with its line: raw HTML, code and images, and links that are not safe.
    func faults() -> [(line: Int, what: String)] {
        var found: [(Int, String)] = []
        visit { node, entering in
            guard entering else { return }
            let what: String? =
                switch cmark_node_get_type(node) {
                case CMARK_NODE_HTML_BLOCK, CMARK_NODE_HTML_INLINE, CMARK_NODE_CUSTOM_BLOCK, CMARK_NODE_CUSTOM_INLINE:
                    "raw HTML"
                case CMARK_NODE_CODE, CMARK_NODE_CODE_BLOCK: "code (backticks, or a line indented by four spaces)"
                case CMARK_NODE_IMAGE: "an image"
                default: nil
                }
            if let what { found.append((line(of: node), what)) }
        }
        return found
    }

    /// The addresses of all links, each with its line.
    func links() -> [(line: Int, address: String)] {
        var found: [(Int, String)] = []
        visit { node, entering in
            guard entering, cmark_node_get_type(node) == CMARK_NODE_LINK else { return }
            found.append((line(of: node), cmark_node_get_url(node).map { String(cString: $0) } ?? ""))
        }
        return found
    }

    private func line(of node: OpaquePointer) -> Int {
        var node: OpaquePointer? = node
        while let current = node {
            let line = cmark_node_get_start_line(current)
            if line > 0 { return Int(line) }
            node = cmark_node_parent(current)
        }
        return 1
    }

    private func visit(_ body: (OpaquePointer, _ entering: Bool) -> Void) {
        guard let iterator = cmark_iter_new(root) else { return }
        defer { cmark_iter_free(iterator) }
        while true {
            let event = cmark_iter_next(iterator)
            guard event != CMARK_EVENT_DONE, let node = cmark_iter_get_node(iterator) else { return }
            body(node, event == CMARK_EVENT_ENTER)
        }
    }
}

/// Collects a document's blocks as plain lines.
private struct PlainTextWriter {
    private var blocks: [String] = []
    private var current = ""
    /// Where the words of each open link begin.
    private var links: [Int] = []
    /// The next number of each open list; nil for bullets.
    private var lists: [Int?] = []
    private var marker = ""
    private var isTight = false

    var text: String { blocks.joined() + "\n" }

    mutating func take(_ node: OpaquePointer, entering: Bool) {
        switch cmark_node_get_type(node) {
        case CMARK_NODE_TEXT: current += literal(node)
        case CMARK_NODE_SOFTBREAK: current += " "
        case CMARK_NODE_LINEBREAK: current += "\n" + String(repeating: "  ", count: lists.count)
        case CMARK_NODE_LINK: entering ? links.append(current.utf8.count) : endLink(cmark_node_get_url(node))
        case CMARK_NODE_PARAGRAPH, CMARK_NODE_HEADING: if !entering { endBlock() }
        case CMARK_NODE_THEMATIC_BREAK:
            current = "---"
            endBlock()
        case CMARK_NODE_LIST:
            if entering {
                let isOrdered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST
                lists.append(isOrdered ? Int(cmark_node_get_list_start(node)) : nil)
            } else {
                lists.removeLast()
                isTight = false
            }
        case CMARK_NODE_ITEM where entering: beginItem()
        default: break
        }
    }

    private mutating func beginItem() {
        let number = lists[lists.count - 1]
        marker = number.map { "\($0). " } ?? "- "
        lists[lists.count - 1] = number.map { $0 + 1 }
    }

    private mutating func endLink(_ address: UnsafePointer<CChar>?) {
        guard let start = links.popLast(), let address else { return }
        let url = String(cString: address)
        if !current.utf8.dropFirst(start).elementsEqual(url.utf8) { current += " <\(url)>" }
    }

    private mutating func endBlock() {
        // Items of a list stand on following lines, everything else is set apart by an empty one.
        let isItem = !marker.isEmpty
        if !blocks.isEmpty { blocks.append(isItem && isTight ? "\n" : "\n\n") }
        let depth = max(0, lists.count - 1)
        blocks.append(String(repeating: "  ", count: depth) + marker + current)
        isTight = isItem
        marker = ""
        current = ""
    }

    private func literal(_ node: OpaquePointer) -> String {
        cmark_node_get_literal(node).map { String(cString: $0) } ?? ""
    }
}
