// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import GRDB

/// The names of a closed enum as the ledger stores them: readable for whoever opens the file with `sqlite3`, and bound
/// and compared as bytes, without making a `String`.
struct Codes<Name: CaseIterable & Equatable & RawRepresentable>: @unchecked Sendable where Name.RawValue == String {
    // Unchecked: the buffers live as long as the process and nobody writes to them after `init`.
    private let entries: [(name: Name, text: UnsafeBufferPointer<UInt8>)]

    init() {
        entries = Name.allCases.map { name in
            let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: name.rawValue.utf8.count)
            _ = copy.initialize(from: name.rawValue.utf8)
            return (name, UnsafeBufferPointer(copy))
        }
    }

    func text(of name: Name) -> UnsafeBufferPointer<UInt8> {
        entries[entries.firstIndex { $0.name == name }!].text
    }

    /// Throws where the file holds a name that this version does not know.
    func name(_ bytes: UnsafeRawBufferPointer) throws -> Name {
        for entry in entries
        where entry.text.count == bytes.count && UnsafeRawBufferPointer(entry.text).elementsEqual(bytes) {
            return entry.name
        }
        throw DatabaseError(
            resultCode: .SQLITE_CORRUPT, message: "no \(Name.self) is named \(String(decoding: bytes, as: UTF8.self))")
    }
}

enum Code {
    static let channel = Codes<Channel>()
    static let state = Codes<State>()
    static let event = Codes<Event>()
    static let reason = Codes<Reason>()
    static let kind = Codes<ContactKind>()
    static let purpose = Codes<Purpose>()
    static let party = Codes<Party>()
    static let role = Codes<Role>()
}

extension Statement {
    func bind(_ index: Int32, _ channel: Channel?) { bind(index, borrowing: channel.map(Code.channel.text)) }
    func bind(_ index: Int32, _ state: State) { bind(index, borrowing: Code.state.text(of: state)) }
    func bind(_ index: Int32, _ event: Event) { bind(index, borrowing: Code.event.text(of: event)) }
    func bind(_ index: Int32, _ reason: Reason?) { bind(index, borrowing: reason.map(Code.reason.text)) }
    func bind(_ index: Int32, _ kind: ContactKind) { bind(index, borrowing: Code.kind.text(of: kind)) }
    func bind(_ index: Int32, _ party: Party?) { bind(index, borrowing: party.map(Code.party.text)) }
    /// NULL is the usual one.
    func bind(_ index: Int32, _ purpose: Purpose) {
        bind(index, borrowing: purpose == .reminder ? nil : Code.purpose.text(of: purpose))
    }
    /// NULL is the usual one.
    func bind(_ index: Int32, _ role: Role) {
        bind(index, borrowing: role == .borrower ? nil : Code.role.text(of: role))
    }
    /// NULL is any.
    func bind(_ index: Int32, _ key: ContactKey) { bind(index, key == .any ? nil : key.value) }

    func channel(_ column: Int32) throws -> Channel { try Code.channel.name(bytes(column)) }
    func state(_ column: Int32) throws -> State { try Code.state.name(bytes(column)) }
    func event(_ column: Int32) throws -> Event { try Code.event.name(bytes(column)) }
    func reason(_ column: Int32) throws -> Reason? { isNull(column) ? nil : try Code.reason.name(bytes(column)) }
    func kind(_ column: Int32) throws -> ContactKind { try Code.kind.name(bytes(column)) }
    func party(_ column: Int32) throws -> Party? { isNull(column) ? nil : try Code.party.name(bytes(column)) }
    func purpose(_ column: Int32) throws -> Purpose {
        isNull(column) ? .reminder : try Code.purpose.name(bytes(column))
    }
    func role(_ column: Int32) throws -> Role { isNull(column) ? .borrower : try Code.role.name(bytes(column)) }
    /// NULL reads as 0, which is any.
    func key(_ column: Int32) -> ContactKey { ContactKey(value: int(column)) }

    /// Channels in their order, separated by commas.
    func channels(_ column: Int32) throws -> [Channel] {
        try bytes(column).split(separator: UInt8(ascii: ",")).map { try Code.channel.name(.init(rebasing: $0)) }
    }
}
