// SPDX-License-Identifier: Apache-2.0

import CCmark

/// Writes a mail's body as HTML with a style on every element, because some mail programs honour no style sheet.
///
/// What cannot be in a checked template (raw HTML, code, images) comes out as its words: nothing is ever passed through.
struct HTMLWriter {
    private(set) var out: [UInt8]
    private let style: EmailStyle
    private let footerRule: OpaquePointer?
    private var inFooter = false
    /// How many lists are open.
    private var lists = 0

    init(style: EmailStyle, footerRule: OpaquePointer?, into out: [UInt8]) {
        self.style = style
        self.footerRule = footerRule
        self.out = out
    }

    mutating func take(_ node: OpaquePointer, entering: Bool) {
        switch cmark_node_get_type(node) {
        case CMARK_NODE_TEXT, CMARK_NODE_CODE, CMARK_NODE_HTML_INLINE: escape(MarkdownNode.literal(node))
        case CMARK_NODE_SOFTBREAK: write("\n")
        case CMARK_NODE_LINEBREAK: write("<br>\n")
        case CMARK_NODE_STRONG: entering ? open("strong", EmailStyle.strong) : write("</strong>")
        case CMARK_NODE_EMPH: entering ? open("em", style.stress) : write("</em>")
        case CMARK_NODE_LINK: link(node, entering: entering)
        case CMARK_NODE_PARAGRAPH: paragraph(node, entering: entering)
        case CMARK_NODE_HEADING: heading(Int(cmark_node_get_heading_level(node)), entering: entering)
        case CMARK_NODE_LIST: list(node, entering: entering)
        case CMARK_NODE_ITEM: entering ? open("li", EmailStyle.item(inFooter: inFooter)) : write("</li>\n")
        case CMARK_NODE_BLOCK_QUOTE:
            entering ? open("blockquote", style.quote, class: "line") : write("</blockquote>\n")
        case CMARK_NODE_THEMATIC_BREAK: rule(node)
        case CMARK_NODE_CODE_BLOCK, CMARK_NODE_HTML_BLOCK:
            open("p", EmailStyle.paragraph(inFooter: inFooter))
            escape(MarkdownNode.literal(node))
            write("</p>\n")
        default: break
        }
    }

    private mutating func paragraph(_ node: OpaquePointer, entering: Bool) {
        // The items of a tight list hold their words without a paragraph's space around them.
        let parent = cmark_node_parent(node)
        if cmark_node_get_type(parent) == CMARK_NODE_ITEM, MarkdownNode.isTight(cmark_node_parent(parent)) { return }
        if isButton(node) { return button(entering: entering) }
        entering ? open("p", EmailStyle.paragraph(inFooter: inFooter)) : write("</p>\n")
    }

    private func isButton(_ paragraph: OpaquePointer) -> Bool { !inFooter && MarkdownNode.isButton(paragraph) }

    /// A table cell with a background, and the link filling it: no picture, and all of it can be pressed. The table
    /// around it holds the space below, which Outlook does not take from a margin.
    private mutating func button(entering: Bool) {
        guard entering else { return write("</td></tr></table>\n</td></tr></table>\n") }
        write("<table role=\"presentation\" style=\"width:100%;\(EmailStyle.table)\">")
        write("<tr><td style=\"padding:4px 0 20px;text-align:\(style.start)\">\n")
        write("<table role=\"presentation\" class=\"wide\" style=\"border-collapse:separate;border-spacing:0\">")
        write("<tr><td class=\"push\" style=\"\(EmailStyle.buttonCell)\">")
    }

    private mutating func link(_ node: OpaquePointer, entering: Bool) {
        guard let address = MarkdownNode.address(node) else { return }
        guard entering else { return write("</a>") }
        let isButton = cmark_node_parent(node).map { self.isButton($0) } == true
        write(isButton ? "<a class=\"press\" href=\"" : "<a class=\"link\" href=\"")
        escape(address)
        write("\" style=\"")
        write(isButton ? style.buttonLink : EmailStyle.link)
        write("\">")
    }

    private mutating func heading(_ level: Int, entering: Bool) {
        entering ? open("h\(level)", EmailStyle.heading(level)) : write("</h\(level)>\n")
    }

    private mutating func list(_ node: OpaquePointer, entering: Bool) {
        let isOrdered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST
        lists += entering ? 1 : -1
        guard entering else { return write(isOrdered ? "</ol>\n" : "</ul>\n") }
        let first = Int(cmark_node_get_list_start(node))
        let start = isOrdered && first != 1 ? " start=\"\(first)\"" : ""
        write("<\(isOrdered ? "ol" : "ul")\(start) style=\"\(style.list(isNested: lists > 1))\">\n")
    }

    private mutating func rule(_ node: OpaquePointer) {
        if node == footerRule {
            inFooter = true
            write(EmailLayout.footerStart(style))
        } else {
            write("<hr class=\"line\" style=\"\(EmailStyle.rule)\">\n")
        }
    }

    // MARK: Bytes

    private mutating func open(_ name: String, _ style: String, class: String? = nil) {
        write("<")
        write(name)
        if let `class` { write(" class=\"\(`class`)\"") }
        write(" style=\"")
        write(style)
        write("\">")
    }

    private mutating func write(_ text: String) { out.append(contentsOf: text.utf8) }

    private mutating func escape(_ text: String) {
        var text = text
        text.withUTF8 { escape(UnsafeRawBufferPointer($0)) }
    }

    private mutating func escape(_ text: UnsafeRawBufferPointer) {
        var copied = 0
        for index in text.indices {
            let entity: String
            switch text[index] {
            case UInt8(ascii: "&"): entity = "&amp;"
            case UInt8(ascii: "<"): entity = "&lt;"
            case UInt8(ascii: ">"): entity = "&gt;"
            case UInt8(ascii: "\""): entity = "&quot;"
            default: continue
            }
            out.append(contentsOf: text[copied..<index])
            write(entity)
            copied = index + 1
        }
        out.append(contentsOf: text[copied...])
    }
}
