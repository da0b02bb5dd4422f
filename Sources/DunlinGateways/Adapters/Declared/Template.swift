// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// A text with placeholders, ready to be written into a request: literal bytes, and fields each in the encoding of its
/// place. An operator's settings are literals by now.
struct Template: Sendable {
    private enum Part: Sendable {
        case literal([UInt8])
        case field(Expression, Encoding)
        /// A whole text as one value of another, such as a JSON document inside of a string.
        case nested(Template, Encoding)
        case values(ValuesShape)
    }

    private var parts: [Part] = []

    init() {}

    /// The whole text, if no part of it depends on the message.
    var constant: [UInt8]? {
        switch (parts.count, parts.first) {
        case (0, _): []
        case (1, .literal(let bytes)): bytes
        default: nil
        }
    }

    /// Whether it begins with `text` whatever the message.
    func begins(with text: String) -> Bool {
        guard case .literal(let bytes) = parts.first else { return false }
        return bytes.starts(with: text.utf8)
    }

    /// Appends a text that is the same for every message.
    mutating func append(literal text: some StringProtocol, _ encoding: Encoding) throws {
        var bytes: [UInt8] = []
        try encoding.append(String(text), to: &bytes)
        append(bytes)
    }

    private mutating func append(_ bytes: [UInt8]) {
        if case .literal(let before) = parts.last {
            parts[parts.count - 1] = .literal(before + bytes)
        } else if !bytes.isEmpty {
            parts.append(.literal(bytes))
        }
    }

    mutating func append(_ expression: Expression, _ encoding: Encoding) { parts.append(.field(expression, encoding)) }

    /// Appends the values of an approved text as JSON.
    mutating func append(_ values: ValuesShape) { parts.append(.values(values)) }

    mutating func append(_ other: Template) {
        for part in other.parts {
            if case .literal(let bytes) = part { append(bytes) } else { parts.append(part) }
        }
    }

    /// Appends all of `inner` as one value, encoded once more.
    mutating func append(nested inner: Template, _ encoding: Encoding) throws {
        if let bytes = inner.constant {
            try append(literal: String(decoding: bytes, as: UTF8.self), encoding)
        } else {
            parts.append(.nested(inner, encoding))
        }
    }

    /// Appends the text for one message to `bytes`. Throws `DunlinError` where the message cannot be expressed.
    func write(_ message: OutboundMessage, _ context: RequestContext, to bytes: inout [UInt8]) throws {
        for part in parts {
            switch part {
            case .literal(let literal): bytes.append(contentsOf: literal)
            case .field(let expression, let encoding):
                try encoding.append(expression.value(for: message, context), to: &bytes)
            case .nested(let inner, let encoding):
                try encoding.append(inner.text(for: message, context), to: &bytes)
            case .values(let shape): try shape.write(message, context, to: &bytes)
            }
        }
    }

    func text(for message: OutboundMessage, _ context: RequestContext = RequestContext()) throws -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(256)
        try write(message, context, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// What a request holds beside the fields of its message.
struct RequestContext: Sendable {
    /// Nil where there is none at the moment.
    var accessToken: String?
    /// Nil for gateways that take any text.
    var approved: ApprovedTexts?
    /// One of the values of an approved text, while its entry or member is written.
    var value = ""
}
