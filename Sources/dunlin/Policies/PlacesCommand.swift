// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DunlinTime
import Foundation

struct PlacesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "where", abstract: "Show where a phone number or a region lies: its regions and time zones.",
        discussion: examples(
            "dunlin policies where +16175550123", "dunlin policies where US-FL GB --json",
            "cut -d, -f7 people.csv | dunlin policies where -"))

    @Argument(help: "Numbers in E.164 form, +1…; regions of ISO 3166, such as US-MA; '-' reads them from lines.")
    var places: [String]
    @Flag(help: "Print JSON, one object a line.") var json = false

    func run() throws {
        let known = Places(zones: ZoneDatabase())
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var nothingKnown = false

        func show(_ place: String) throws {
            let answer = PlaceAnswer(place, known)
            nothingKnown = nothingKnown || answer.zones.isEmpty
            print(json ? String(decoding: try encoder.encode(answer), as: UTF8.self) : answer.text)
        }
        for place in places {
            if place == "-" {
                while let line = readLine() { try show(line) }
            } else {
                try show(place)
            }
        }
        if nothingKnown { throw ExitCode(1) }
    }
}

/// What is known about a number or a region.
private struct PlaceAnswer: Encodable {
    var place: String
    var regions: [String]
    var zones: [String]

    init(_ place: String, _ known: Places) {
        self.place = place
        if place.hasPrefix("+") {
            (regions, zones) = (known.regions(ofNumber: place), known.zones(ofNumber: place))
        } else {
            zones = known.zones(ofRegion: place)
            regions = zones.isEmpty ? [] : [place]
        }
    }

    /// One line, its three parts separated by tabs.
    var text: String {
        [place, regions.joined(separator: " "), zones.joined(separator: " ")]
            .map { $0.isEmpty ? "unknown" : $0 }.joined(separator: "\t")
    }
}
