// SPDX-License-Identifier: Apache-2.0

/// `1 segment`, `2 segments`.
func counted(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
