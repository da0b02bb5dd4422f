// SPDX-License-Identifier: Apache-2.0

/// Phone numbers that make the stand-ins misbehave on request, by their last four digits.
enum MagicNumber: String, CaseIterable {
    case refused = "0001"
    case throttled = "0002"
    case unavailable = "0003"
    case slow = "0004"
    case silent = "0005"

    init?(to number: String) { self.init(rawValue: String(number.suffix(4))) }

    /// How the gateway refuses; nil where it takes the message.
    var trouble: GatewayTrouble? {
        switch self {
        case .refused: .badNumber
        case .throttled: .throttled
        case .unavailable: .unavailable
        case .slow, .silent: nil
        }
    }

    var explanation: String {
        switch self {
        case .refused: "refused as not a valid number (Twilio 21211)"
        case .throttled: "429, with Retry-After: 5"
        case .unavailable: "503"
        case .slow: "accepted, and answered after five seconds"
        case .silent: "taken, and the line is closed without an answer"
        }
    }
}

/// Why a gateway does not take a message that is as it should be.
enum GatewayTrouble: CaseIterable {
    case badNumber, throttled, unavailable
}

/// Mailboxes that make the mail server misbehave on request, by the beginning of the local part.
enum MagicMailbox: String, CaseIterable {
    case bounce, greylist, drop

    init?(to address: String) {
        let address = address.lowercased()
        guard let match = MagicMailbox.allCases.first(where: { address.hasPrefix($0.rawValue) }) else { return nil }
        self = match
    }

    var explanation: String {
        switch self {
        case .bounce: "550 5.1.1, no such mailbox"
        case .greylist: "450, try again later"
        case .drop: "taken, and the line is closed after the final dot"
        }
    }
}
