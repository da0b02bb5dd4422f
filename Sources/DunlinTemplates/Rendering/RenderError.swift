// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// Why one message cannot be written. Names what is wrong, never a value: it may stand in logs and the ledger.
public enum RenderError: Error, Hashable, Sendable, CustomStringConvertible {
    /// No folder of this name in the library.
    case unknownMessage(String)
    /// The message has no part for this channel.
    case noPart(message: String, channel: Channel)
    /// A variable that the text needs has no value.
    case missingVariable(message: String, variable: String)
    /// A value is not of the variable's type, or holds control characters.
    case invalidValue(message: String, variable: String, expected: String)
    /// The values make an SMS longer than the message allows.
    case tooLong(message: String, segments: Int, limit: Int)
    /// A rule asks for a notice, and there is no fragment of that name in the message's language.
    case missingNotice(message: String, notice: String, language: String)
    /// The values make a mail larger than mail programs show whole.
    case tooLarge(message: String, bytes: Int, limit: Int)
    /// Nothing is left to say: every word stands in a section that is not shown.
    case empty(message: String, channel: Channel)

    /// As the ledger, the metrics and the console call it.
    public var reason: Reason {
        if case .unknownMessage = self { .unknownMessage } else { .renderingFailed }
    }

    public var description: String {
        switch self {
        case .unknownMessage(let message): "message '\(message)' is not in the template library"
        case .noPart(let message, let channel): "message '\(message)' has no part for \(channel.rawValue)"
        case .missingVariable(let message, let variable): "message '\(message)' needs a value for '\(variable)'"
        case .invalidValue(let message, let variable, let expected):
            "message '\(message)': the value of '\(variable)' is not \(expected)"
        case .tooLong(let message, let segments, let limit):
            "message '\(message)' takes \(segments) SMS segments, \(limit) are allowed"
        case .missingNotice(let message, let notice, let language):
            "message '\(message)' needs the notice '\(notice)', which cannot be added in '\(language)'"
        case .tooLarge(let message, let bytes, let limit):
            "message '\(message)' takes \(bytes) bytes as HTML, \(limit) are allowed"
        case .empty(let message, let channel): "message '\(message)' says nothing on \(channel.rawValue)"
        }
    }
}
