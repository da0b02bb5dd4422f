// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DunlinModel
import Foundation

extension TemplatesCommand {
    struct Segments: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Count the SMS segments of texts: JSON strings in lines of standard input, an object a line back.",
            discussion: examples(
                #"echo '"Your payment of 12 € is due."' | dunlin templates segments"#,
                "jq .text texts.ndjson | dunlin templates segments --transliterate punctuation"))

        @Option(help: "none, punctuation or letters: what is replaced before, where it brings back a whole text.")
        var transliterate = Transliteration.none
        @Flag(help: "Count with national language tables too, for a gateway and phones that know them.")
        var national = false

        func run() throws {
            let (decoder, encoder) = (JSONDecoder(), JSONEncoder())
            encoder.keyEncodingStrategy = .convertToSnakeCase
            encoder.outputFormatting = [.sortedKeys]
            var number = 0
            while let line = readLine() {
                number += 1
                guard let text = try? decoder.decode(String.self, from: Data(line.utf8)) else {
                    throw DunlinError(
                        .usage, "standard input:\(number)", why: "the line is not a JSON string",
                        remedy: #"write each text as one line in double quotes, a line break in it as \n"#)
                }
                let count = SegmentCount(of: transliterate.applied(to: text).text, national: national)
                print(String(decoding: try encoder.encode(count), as: UTF8.self))
            }
        }
    }
}

extension Transliteration: ExpressibleByArgument {}

/// What `templates segments` prints of a text.
private struct SegmentCount: Encodable {
    /// The best plan with national tables.
    struct National: Encodable {
        /// Language tags.
        var lockingShift: String?
        var singleShift: String?
        var encoding: String
        var units: Int
        var segments: Int
    }

    var encoding: String
    var units: Int
    var segments: Int
    var unitsLeft: Int
    var national: National?

    init(of text: String, national: Bool) {
        let size = SMSEncoding.measure(text)
        (encoding, units, segments, unitsLeft) = (size.encoding.rawValue, size.units, size.segments, size.unitsLeft)
        guard national else { return }
        let plan = SMSEncoding.measure(text, national: Set(NationalLanguage.allCases))
        self.national = National(
            lockingShift: plan.lockingShift?.tag, singleShift: plan.singleShift?.tag,
            encoding: plan.size.encoding.rawValue, units: plan.size.units, segments: plan.size.segments)
    }
}
