// SPDX-License-Identifier: Apache-2.0

/// The candidate that `word` was probably meant to be, for "did you mean": at most a third of its letters differ.
public func nearMiss(_ word: String, among candidates: some Sequence<String>) -> String? {
    let best = candidates.map { ($0, editDistance(word.lowercased(), $0.lowercased())) }
        .min { ($0.1, $0.0) < ($1.1, $1.0) }
    guard let (candidate, distance) = best, distance <= max(1, candidate.count / 3) else { return nil }
    return candidate
}

/// Levenshtein distance with neighbouring letters swapped counting as one (optimal string alignment).
func editDistance(_ a: String, _ b: String) -> Int {
    let a = Array(a), b = Array(b)
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in 1...max(1, a.count) where !a.isEmpty {
        var row = [i]
        for j in 1...max(1, b.count) where !b.isEmpty {
            var cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
            if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { cost = min(cost, beforeLast[j - 2] + 1) }
            row.append(cost)
        }
        (beforeLast, last) = (last, row)
    }
    return last[b.count]
}
