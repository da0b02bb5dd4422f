// SPDX-License-Identifier: Apache-2.0

/// Holds what must not come to light in a log, an error or a debugger: printed, interpolated, mirrored or dumped it says
/// nothing but that it is there.
struct Secret<Value: Sendable>: Sendable {
    /// For use, never for show.
    let revealed: Value

    init(_ value: Value) { revealed = value }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    var description: String { "(secret)" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: []) }
}
