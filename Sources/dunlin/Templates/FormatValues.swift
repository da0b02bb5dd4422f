// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DunlinModel
import DunlinTemplates
import Foundation

extension TemplatesCommand {
    /// For Tests/acceptance/cldr_check.py and for integrators who wonder how a value will look; not listed in the help.
    struct Values: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write values as messages write them, one a line.",
            discussion: """
                Reads objects from lines of standard input: {"locale", "channel", "type", "value"}, and prints \
                {"text"} for each, null where the value is not of its type. The types are those of variables, an \
                amount with its currency, and reference (an account's id), cardinal and ordinal (the plural category \
                of a number).

                """
                    + examples(
                        #"echo '{"locale": "es-MX", "channel": "call", "type": "money", "value": "1234.50 MXN"}' \"#,
                        "  | dunlin templates values"),
            shouldDisplay: false)

        func run() throws {
            let decoder = JSONDecoder()
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            var known: [AskedValue.Voice: LocaleFormats] = [:]
            var number = 0
            while let line = readLine() {
                number += 1
                guard let asked = try? decoder.decode(AskedValue.self, from: Data(line.utf8)),
                    let kind = LocaleFormats.Kind(asked.type)
                else {
                    throw DunlinError(
                        .usage, "standard input:\(number)", why: "no value to write",
                        remedy:
                            "give an object with locale, channel (\(Channel.allCases.map(\.rawValue).joined(separator: ", "))), "
                            + "type (\(LocaleFormats.Kind.names.joined(separator: ", "))) and value")
                }
                let formats =
                    known[asked.voice] ?? LocaleFormats(locale: asked.locale, channel: asked.channel)
                known[asked.voice] = formats
                let answer = WrittenValue(text: formats.text(of: asked.value, as: kind))
                print(String(decoding: try encoder.encode(answer), as: UTF8.self))
            }
        }
    }
}

private struct AskedValue: Decodable {
    var locale: String
    var channel: Channel
    var type: String
    var value: String

    struct Voice: Hashable {
        var locale: String
        var channel: Channel
    }
    var voice: Voice { Voice(locale: locale, channel: channel) }
}

private struct WrittenValue: Encodable {
    var text: String?

    enum CodingKeys: CodingKey { case text }

    /// By hand, for a missing text must be null, not left out.
    func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(text, forKey: .text)
    }
}
