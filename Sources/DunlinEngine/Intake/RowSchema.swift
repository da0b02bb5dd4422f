// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// A field of one kind of rows. The number is its place in `paths` and in a row's table of values.
protocol RowField: RawRepresentable<Int>, CaseIterable {
    static var schema: RowSchema { get }
}

extension RowField {
    /// As CSV writes it in its header and errors name it; NDJSON nests at the dot.
    var path: String { Self.schema.paths[rawValue] }
}

/// Which fields the rows of one kind have: what NDJSON and CSV are read by.
struct RowSchema: Sendable {
    enum Member: Sendable {
        case field(Int)
        /// An object by its number, with its members' places.
        case object(Int, [String: Int])
        /// An object of free names.
        case variables
    }

    /// By place.
    let paths: [String]
    /// By place: whether it holds a list of texts, which CSV separates by `;`.
    let isList: [Bool]
    let takesVariables: Bool
    /// Places by path.
    let named: [String: Int]
    /// What may stand at the top of an NDJSON row.
    let members: [String: Member]

    init(_ paths: [String], lists: [String] = [], takesVariables: Bool = false) {
        self.paths = paths
        isList = paths.map(lists.contains)
        self.takesVariables = takesVariables
        named = Dictionary(uniqueKeysWithValues: zip(paths, paths.indices))
        var members: [String: Member] = takesVariables ? ["vars": .variables] : [:]
        var objects: [String: [String: Int]] = [:]
        for (path, place) in named {
            let parts = path.split(separator: ".", maxSplits: 1).map(String.init)
            if parts.count == 1 {
                members[path] = .field(place)
            } else {
                objects[parts[0], default: [:]][parts[1]] = place
            }
        }
        for (number, object) in objects.sorted(by: { $0.key < $1.key }).enumerated() {
            members[object.key] = .object(number, object.value)
        }
        self.members = members
    }

    func unknownField(_ name: String) -> RowError {
        let near = nearMiss(name, among: paths)
        return RowError(name, expected: near.map { "a known field; did you mean '\($0)'?" } ?? "a known field")
    }
}

/// A row as it was read: values in their places, not yet checked.
struct RawRow: Sendable {
    enum Value: Sendable {
        case text(String)
        case list([String])
    }

    /// One place a field; nil where the row says nothing.
    var values: [Value?]
    var vars: [String: String] = [:]

    init(_ schema: RowSchema) { values = [Value?](repeating: nil, count: schema.paths.count) }
}
