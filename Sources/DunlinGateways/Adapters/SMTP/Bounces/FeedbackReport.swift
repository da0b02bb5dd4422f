// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// The body of `message/feedback-report` (RFC 5965, section 3): one block of fields.
enum FeedbackReport {
    /// What the person says with it (section 7.3). `opt-out` is of the drafts before it (from memory). The others of the
    /// registry are a machine's: virus, authentication failures; and `not-spam` takes a complaint back.
    private static let complaints: Set = ["abuse", "fraud", "other", "opt-out"]

    /// Nil if it does not say of what type it is.
    static func verdict(_ body: ArraySlice<UInt8>) -> BounceVerdict? {
        var rest = body
        let types = Set(MIMEFields(&rest).all("feedback-type").map { firstWord(of: $0) })
        guard types.count == 1, let type = types.first, !type.isEmpty else { return nil }
        return complaints.contains(type) ? .news(.complained, reason: .optedOut, code: type) : .noNews
    }
}
