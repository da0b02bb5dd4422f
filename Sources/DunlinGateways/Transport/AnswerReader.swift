// SPDX-License-Identifier: Apache-2.0

/// Collects what is worth keeping of an answer while it arrives.
struct AnswerReader {
    /// Bytes of the body that are kept.
    static let kept = 64 << 10
    /// Bytes after which reading stops.
    static let endless = 1 << 20

    /// The headers that are kept, in lower case.
    static let keptHeaders = ["content-type", "location", "retry-after", "x-amzn-errortype", "x-message-id"]

    private(set) var isMail = false
    /// Names in lower case.
    private(set) var headers: [String: String] = [:]
    /// For mail: the last reply line.
    private(set) var body: [UInt8] = []
    private var bodyBytes = 0
    /// Whether the empty line after the HTTP headers has come. libcurl takes a connection's end for it.
    private(set) var headIsComplete = false
    /// The code of the last mail reply that is whole; 0 for none.
    private(set) var replyCode = 0
    /// Whether the mail server has asked for the message with 354.
    private(set) var dataBegun = false
    /// A line that came alone last time, and what it made: a gateway's content type is the same again and again.
    private var usual: (line: [UInt8], headers: [String: String]) = ([], [:])

    var isTruncated: Bool { bodyBytes > body.count }
    var isEndless: Bool { bodyBytes > Self.endless }

    mutating func begin(isMail: Bool) {
        self.isMail = isMail
        if !headers.isEmpty { headers = [:] }
        body.removeAll(keepingCapacity: true)
        bodyBytes = 0
        headIsComplete = false
        replyCode = 0
        dataBegun = false
    }

    /// A part of the body; false once it is more than anybody means to send.
    mutating func take(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        bodyBytes += bytes.count
        body.append(contentsOf: bytes.prefix(Self.kept - body.count))
        return !isEndless
    }

    /// A whole header line, with its line end.
    mutating func header(_ line: UnsafeBufferPointer<UInt8>) {
        switch line.first.map({ $0 | 0x20 }) {
        case UInt8(ascii: "h"):  // the head of another answer, after a 100 or 103
            guard line.starts(with: "HTTP/".utf8) else { return }
            if !headers.isEmpty { headers = [:] }
            headIsComplete = false
        case UInt8(ascii: "c"): keep(line, as: "content-type")
        case UInt8(ascii: "l"): keep(line, as: "location")
        case UInt8(ascii: "r"): keep(line, as: "retry-after")
        case UInt8(ascii: "x"):
            keep(line, as: "x-message-id")
            keep(line, as: "x-amzn-errortype")
        case UInt8(ascii: "\r") | 0x20, UInt8(ascii: "\n") | 0x20: headIsComplete = true
        default: break
        }
    }

    /// A line of a mail reply, with its line end: `550-…` or, the last of a reply, `550 …` (RFC 5321 4.2.1).
    mutating func reply(_ line: UnsafeBufferPointer<UInt8>) {
        let text = line.trimmed
        body.replaceSubrange(body.indices, with: text.prefix(Self.kept))
        bodyBytes = text.count
        guard text.dropFirst(3).first != UInt8(ascii: "-") else { return }
        replyCode = Int(String(decoding: text.prefix(3), as: UTF8.self)) ?? replyCode
        if replyCode == 354 { dataBegun = true }
    }

    private mutating func keep(_ line: UnsafeBufferPointer<UInt8>, as name: String) {
        if headers.isEmpty, line.elementsEqual(usual.line) {
            headers = usual.headers
            return
        }
        let length = name.utf8.count
        guard line.count > length, line[length] == UInt8(ascii: ":"),
            zip(line, name.utf8).allSatisfy({ $0 | 0x20 == $1 | 0x20 })
        else { return }
        headers[name] = String(decoding: line[(length + 1)...].trimmed, as: UTF8.self)
        // An id is another one each time and not worth remembering.
        if headers.count == 1, !name.hasPrefix("x-") { usual = (Array(line), headers) }
    }
}

extension BidirectionalCollection<UInt8> {
    /// Without spaces, tabs and line ends at both ends.
    fileprivate var trimmed: SubSequence {
        var rest = self[...]
        while let byte = rest.first, byte <= 0x20 { rest.removeFirst() }
        while let byte = rest.last, byte <= 0x20 { rest.removeLast() }
        return rest
    }
}
