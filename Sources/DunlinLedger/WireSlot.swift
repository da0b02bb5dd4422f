// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// The 128 bytes of one slot of the wire journal:
///
///     0  attempt and phase in one word: attempt * 4 + phase
///     8  outcome    9  kind of refusal    10  bytes of reason    11  bytes of text    12  1 if there is a text
///    16  retry-after in milliseconds, -1 for none
///    24  reason, then text (the gateway's id, or the detail)
///
/// Bytes 8 and on mean something only in phase `answered`; they are written before the word.
enum WireSlot {
    static let size = 128
    private static let textStart = 24

    enum Phase: UInt64 {
        case free, onWire, answered
    }

    static func word(_ attempt: Int64, _ phase: Phase) -> UInt64 { UInt64(bitPattern: attempt) << 2 | phase.rawValue }

    // MARK: Outcomes

    private enum Kind: UInt8 {
        case accepted = 1, refused, unknown, withdrawn
    }

    private static let refusals: [(code: UInt8, kind: Refusal.Kind)] = [
        (1, .recipient), (2, .configuration), (3, .throttled), (4, .transient),
    ]

    static func write(_ outcome: Outcome, to slot: UnsafeMutableRawPointer) {
        switch outcome {
        case .accepted(let id): write(.accepted, reason: nil, text: id, isWhole: true, to: slot)
        case .unknown(let reason, let detail): write(.unknown, reason: reason, text: detail, to: slot)
        case .withdrawn(let reason): write(.withdrawn, reason: reason, text: nil, to: slot)
        case .refused(let refusal):
            let code = refusals.first { $0.kind == refusal.kind }!.code
            write(
                .refused, refusal: code, reason: refusal.reason, text: refusal.detail, retryAfter: refusal.retryAfter,
                to: slot)
        }
    }

    /// A text that does not fit is cut, or left out if only the whole is of use.
    private static func write(
        _ kind: Kind, refusal: UInt8 = 0, reason: Reason?, text: String?, isWhole: Bool = false,
        retryAfter: Duration? = nil, to slot: UnsafeMutableRawPointer
    ) {
        let reason = reason?.rawValue ?? ""
        let room = size - textStart - reason.utf8.count
        var text = text
        if isWhole, text?.utf8.count ?? 0 > room { text = nil }
        slot.storeBytes(of: kind.rawValue, toByteOffset: 8, as: UInt8.self)
        slot.storeBytes(of: refusal, toByteOffset: 9, as: UInt8.self)
        slot.storeBytes(of: UInt8(reason.utf8.count), toByteOffset: 10, as: UInt8.self)
        slot.storeBytes(of: UInt8(min(room, text?.utf8.count ?? 0)), toByteOffset: 11, as: UInt8.self)
        slot.storeBytes(of: text == nil ? 0 : 1, toByteOffset: 12, as: UInt8.self)
        slot.storeBytes(of: retryAfter?.milliseconds ?? -1, toByteOffset: 16, as: Int64.self)
        let place = UnsafeMutableRawBufferPointer(start: slot + textStart, count: size - textStart)
        place.copyBytes(from: reason.utf8)
        if let text {
            UnsafeMutableRawBufferPointer(rebasing: place[reason.utf8.count...]).copyBytes(from: text.utf8.prefix(room))
        }
    }

    /// The attempt and its last mark; nil for a free slot. What cannot be understood is taken for on the wire: in doubt.
    static func read(_ slot: UnsafeRawBufferPointer) -> (Int64, WireJournal.Trace)? {
        let word = slot.load(as: UInt64.self)
        let attempt = Int64(bitPattern: word >> 2)
        switch Phase(rawValue: word & 3) {
        case .free: return nil
        case .answered: return (attempt, outcome(slot).map { .answered($0) } ?? .onWire)
        case .onWire, nil: return (attempt, .onWire)
        }
    }

    private static func outcome(_ slot: UnsafeRawBufferPointer) -> Outcome? {
        let reasonCount = Int(slot[10]), textCount = Int(slot[11])
        guard let kind = Kind(rawValue: slot[8]), textStart + reasonCount + textCount <= size else { return nil }
        func text(_ start: Int, _ count: Int) -> String { String(decoding: slot[start..<start + count], as: UTF8.self) }
        // The cut may have gone through a character.
        var detail = text(textStart + reasonCount, textCount)
        while detail.unicodeScalars.last == "\u{fffd}" { detail.unicodeScalars.removeLast() }
        if case .accepted = kind { return .accepted(id: slot[12] == 1 ? detail : nil) }
        guard let reason = Reason(rawValue: text(textStart, reasonCount)) else { return nil }
        switch kind {
        case .accepted: return nil
        case .unknown: return .unknown(reason, detail: detail)
        case .withdrawn: return .withdrawn(reason)
        case .refused:
            guard let refusal = refusals.first(where: { $0.code == slot[9] })?.kind else { return nil }
            let wait = slot.load(fromByteOffset: 16, as: Int64.self)
            return .refused(
                Refusal(refusal, reason, detail: detail, retryAfter: wait < 0 ? nil : .milliseconds(wait)))
        }
    }
}

/// Free slots of a wire journal. One thread uses it.
public struct SlotPool {
    private var free: [Int]

    /// Slots `used..<count` are free; the lower ones are in use already.
    public init(count: Int, used: Int = 0) { free = Array((used..<count).reversed()) }

    /// How many are free.
    public var available: Int { free.count }
    /// Nil when all are in use.
    public mutating func take() -> Int? { free.popLast() }
    public mutating func giveBack(_ slot: Int) { free.append(slot) }
}
