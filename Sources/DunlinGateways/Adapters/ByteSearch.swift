// SPDX-License-Identifier: Apache-2.0

extension [UInt8] {
    /// The index behind the first place where `needle` stands, or nil. A plain search: answers are short.
    func end(of needle: [UInt8]) -> Int? {
        guard let first = needle.first else { return 0 }
        return withUnsafeBufferPointer { bytes in
            var start = 0
            while start + needle.count <= bytes.count {
                if bytes[start] == first, bytes[start..<start + needle.count].elementsEqual(needle) {
                    return start + needle.count
                }
                start += 1
            }
            return nil
        }
    }
}
