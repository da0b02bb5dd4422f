// SPDX-License-Identifier: Apache-2.0

import CCmark
import Glibc

/// A mail body in CommonMark, parsed by libcmark. Walks its tree without recursion: no nesting is too deep.
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

    /// The last `---` of the document that has something behind it: there the footer begins. Nil for none.
    var footerRule: OpaquePointer? {
        var node = cmark_node_last_child(root)
        while let current = node, cmark_node_get_type(current) != CMARK_NODE_THEMATIC_BREAK {
            node = cmark_node_previous(current)
        }
        return node.flatMap { cmark_node_next($0) == nil ? nil : $0 }
    }

    /// Goes through all nodes in their order; those that have children come twice.
    func visit(_ body: (OpaquePointer, _ entering: Bool) -> Void) {
        guard let iterator = cmark_iter_new(root) else { return }
        defer { cmark_iter_free(iterator) }
        while true {
            let event = cmark_iter_next(iterator)
            guard event != CMARK_EVENT_DONE, let node = cmark_iter_get_node(iterator) else { return }
            body(node, event == CMARK_EVENT_ENTER)
        }
    }

    // MARK: What authors may not use

    /// Lists and quotations within each other: on a phone there is no room for more.
    static let deepestNesting = 5

    /// Raw HTML, code, images and deep nesting, each with its line.
    func faults() -> [(line: Int, what: String)] {
        var found: [(Int, String)] = []
        var depth = 0
        var isTooDeep = false
        visit { node, entering in
            let what: String?
            switch cmark_node_get_type(node) {
            case CMARK_NODE_LIST, CMARK_NODE_BLOCK_QUOTE:
                depth += entering ? 1 : -1
                what = depth > Self.deepestNesting && !isTooDeep ? "nesting deeper than \(Self.deepestNesting)" : nil
                isTooDeep = isTooDeep || what != nil
            case CMARK_NODE_HTML_BLOCK, CMARK_NODE_HTML_INLINE, CMARK_NODE_CUSTOM_BLOCK, CMARK_NODE_CUSTOM_INLINE:
                what = entering ? "raw HTML" : nil
            case CMARK_NODE_CODE, CMARK_NODE_CODE_BLOCK: what = "code (backticks, or a line indented by four spaces)"
            case CMARK_NODE_IMAGE: what = entering ? "an image" : nil
            default: what = nil
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
}

/// What both renderings ask a node.
enum MarkdownNode {
    /// Whether it is a paragraph of the body with nothing but one link: a button.
    static func isButton(_ paragraph: OpaquePointer) -> Bool {
        guard cmark_node_get_type(cmark_node_parent(paragraph)) == CMARK_NODE_DOCUMENT,
            let child = cmark_node_first_child(paragraph), cmark_node_next(child) == nil
        else { return false }
        return cmark_node_get_type(child) == CMARK_NODE_LINK && address(child) != nil
    }

    /// Where a link leads; nil where it leads nowhere a mail may.
    static func address(_ link: OpaquePointer) -> String? {
        guard let url = cmark_node_get_url(link) else { return nil }
        let address = String(cString: url)
        return isSafeLink(address[...]) || isSafeMailto(address[...]) ? address : nil
    }

    static func isTight(_ list: OpaquePointer?) -> Bool { list.map { cmark_node_get_list_tight($0) != 0 } ?? false }

    /// The words of a text node as cmark keeps them.
    static func literal(_ node: OpaquePointer) -> UnsafeRawBufferPointer {
        let start = cmark_node_get_literal(node)
        return UnsafeRawBufferPointer(start: start, count: start.map(strlen) ?? 0)
    }
}
