// SPDX-License-Identifier: Apache-2.0

extension SMSEncoding {
    /// A text with national language tables, which a header in each segment announces.
    public struct NationalPlan: Hashable, Sendable {
        /// Whose table stands in for the default alphabet.
        public var lockingShift: NationalLanguage?
        /// Whose table stands in for the extension table.
        public var singleShift: NationalLanguage?
        public var size: Size

        /// How many tables are announced, 0 to 2.
        public var shiftTables: Int { (lockingShift == nil ? 0 : 1) + (singleShift == nil ? 0 : 1) }
    }

    /// Measures `text` for a gateway and phones that know the tables of `national`: the plan with the fewest segments.
    /// Of equal ones the plain text goes first, which every phone can read, then fewer tables, then fewer units.
    public static func measure(_ text: String, national: Set<NationalLanguage>) -> NationalPlan {
        var best = NationalPlan(size: measure(text))
        guard best.size.segments > 1 else { return best }
        let scalars = Array(text.unicodeScalars)
        let languages = [nil] + national.sorted { $0.rawValue < $1.rawValue }.map(Optional.some)
        for locking in languages where locking == nil || locking?.lockingShift != nil {
            for single in languages where locking != nil || single != nil {
                guard let plan = plan(scalars, locking: locking, single: single) else { continue }
                let (new, old) = (plan.size, best.size)
                let isBetter =
                    new.segments < old.segments
                    || new.segments == old.segments && best.shiftTables > 0
                        && (plan.shiftTables, new.units) < (best.shiftTables, old.units)
                if isBetter { best = plan }
            }
        }
        return best
    }

    /// Nil if a character is in neither table.
    static func plan(
        _ scalars: [Unicode.Scalar], locking: NationalLanguage?, single: NationalLanguage?
    ) -> NationalPlan? {
        var plan = NationalPlan(lockingShift: locking, singleShift: single, size: SegmentFill.gsm7.size(.gsm7))
        let (one, two) = (
            (locking?.lockingShift ?? GSMAlphabet.basic).members, (single?.singleShift ?? GSMAlphabet.extended).members
        )
        var fill = SegmentFill(shiftTables: plan.shiftTables)
        for scalar in scalars {
            guard one.contains(scalar) || two.contains(scalar) else { return nil }
            fill.add(one.contains(scalar) ? 1 : 2)
        }
        plan.size = fill.size(.gsm7)
        return plan
    }
}
