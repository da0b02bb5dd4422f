// SPDX-License-Identifier: Apache-2.0

/// Where a gateway reaches us about one attempt: `https://…/callbacks/NAME?a=TOKEN`, and `&k=KEY` for a gateway that proves
/// nothing else.
struct CallbackAddress: Sendable {
    /// Up to the token.
    let head: String
    /// Behind the token.
    let tail: String

    /// `url` is the gateway's own, without a query.
    init(_ url: String, key: String?) throws {
        head = "\(url)?a="
        var bytes: [UInt8] = []
        try key.map { try Encoding.percent.append($0, to: &bytes) }
        tail = key == nil ? "" : "&k=\(String(decoding: bytes, as: UTF8.self))"
    }

    func url(token: String) -> String { head + token + tail }
}

/// The key is a secret.
extension CallbackAddress: CustomStringConvertible, CustomReflectable {
    var description: String { "\(head)…" }
    var customMirror: Mirror { Mirror(self, children: ["address": description]) }
}
