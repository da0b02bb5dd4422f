// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DunlinEngine
import DunlinModel
import DunlinServer
import DunlinTemplates
import Foundation

extension TemplatesCommand {
    struct Preview: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show all messages in a browser, and again whenever a file is saved.",
            discussion: examples(
                "dunlin templates preview", "dunlin templates preview ./templates --price 0.0079",
                "dunlin templates preview ./templates --message payment-overdue --port 8030"))
        @OptionGroup var config: ConfigurationOption
        @Option(help: "Where the page listens on 127.0.0.1; 0 takes a free port.") var port = 0
        @Option(help: "The price of one SMS segment, such as 0.0079: the page then tells what each SMS costs.")
        var price: String?
        @Option(help: "The message to begin with.") var message: String?
        @Argument(help: "Folders of messages; those of the configuration where none is named.")
        var folders: [String] = []

        func run() async throws {
            guard (0...65535).contains(port) else {
                throw DunlinError(
                    .usage, "--port \(port)", why: "no such port", remedy: "choose one from 1024 to 65535")
            }
            let price = try price.map(Self.price)
            let roots = folders.isEmpty ? try config.load().templates : folders
            try roots.forEach(Self.checkFolder)
            if let message { try Self.checkMessage(message, in: roots) }
            let source = PreviewSource(stamp: { folderStamp(of: roots) }, read: { PreviewReading(roots: roots) })
            let server = PreviewServer(port: port, source: source, price: price)
            let port = try await server.start()
            print("preview: http://127.0.0.1:\(port)/\(message.map { "?message=\($0)" } ?? "") (Ctrl-C ends it)")
            // Whoever reads this through a pipe waits for the address.
            fflush(nil)
            await untilInterrupted()
            await server.stop()
        }

        private static func price(_ text: String) throws -> Decimal {
            let isDecimal = text.wholeMatch(of: /[0-9]{1,9}(\.[0-9]{1,9})?/) != nil
            guard isDecimal, let price = Decimal(string: text, locale: Locale(identifier: "en_US_POSIX")) else {
                throw DunlinError(
                    .usage, "--price \(text)", why: "this is no price",
                    remedy: "write a plain decimal without a currency, such as 0.0079")
            }
            return price
        }

        private static func checkFolder(_ path: String) throws {
            var isFolder: ObjCBool = false
            let isThere = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            guard isThere, isFolder.boolValue else {
                throw DunlinError(
                    .usage, path, why: isThere ? "this is a file, not a folder of messages" : "there is no such folder",
                    remedy: "name the folder that holds the messages' folders, such as ./templates")
            }
        }

        /// A message that is too broken to be read can be looked at all the same: its folder counts.
        private static func checkMessage(_ name: String, in roots: [String]) throws {
            let folders = roots.flatMap { (try? FileManager.default.contentsOfDirectory(atPath: $0)) ?? [] }
            guard !folders.contains(name) else { return }
            throw DunlinError(
                .usage, "--message \(name)", why: "there is no such message",
                remedy: nearMiss(name, among: folders).map { "did you mean '\($0)'?" }
                    ?? "'dunlin templates list' names them")
        }
    }
}

// MARK: From the library to the page

extension PreviewReading {
    /// Reads the folders as `templates check` does.
    fileprivate init(roots: [String]) {
        let check = TemplateCheck(roots: roots)
        self.init(
            library: check.isSound ? PreviewLibrary(check.library) : nil,
            findings: check.findings.map { PreviewFinding($0, roots: roots) })
    }
}

extension PreviewFinding {
    fileprivate init(_ finding: TemplateFinding, roots: [String]) {
        let root = roots.first { finding.place.hasPrefix("\($0)/") }
        // A message's files stand in its folder; what stands beside the folders is shared.
        let path = root.map { finding.place.dropFirst($0.count + 1).split(separator: "/") } ?? []
        let isShared = path.first.map { $0.contains(".") || ["fragments", "wording"].contains($0) } ?? true
        self.init(
            isError: finding.severity == .error, place: finding.place, what: finding.what, remedy: finding.remedy,
            message: isShared ? nil : path.first.map(String.init))
    }
}

extension PreviewLibrary {
    fileprivate init(_ library: TemplateLibrary) {
        self.init(messages: library.messages.map(PreviewMessage.init)) { request in
            do throws(RenderError) {
                let written = try library.preview(
                    request.message, language: request.language, region: request.region, channel: request.channel,
                    variant: request.variant, bare: request.isBare)
                return .written(written.content, changes: written.changes.map { "\($0.from) → \($0.to)" })
            } catch {
                return .refused("\(error)")
            }
        }
    }
}

extension PreviewMessage {
    fileprivate init(_ message: MessageTemplate) {
        let channels = message.channels
        let first = message.defaultLanguage
        let tags = Set(channels.flatMap(message.languages)).sorted {
            ($1 == first ? 1 : 0, $0) < ($0 == first ? 1 : 0, $1)
        }
        self.init(
            name: message.name, purpose: message.purpose, sender: message.sample.reminder.account.creditor,
            channels: channels,
            languages: tags.map { tag in
                PreviewLanguage(
                    tag: tag, name: Locale(identifier: "en").localizedString(forIdentifier: tag) ?? tag,
                    isRightToLeft: Locale.Language(identifier: tag).characterDirection == .rightToLeft,
                    regions: regions(of: tag), channels: channels.filter { message.languages(on: $0).contains(tag) })
            },
            missingLanguages: message.promisedLanguages.filter { !tags.contains($0) }.sorted(),
            defaultLanguage: first, variants: Set(channels.flatMap(message.variants)).sorted(),
            maxSegments: message.maxSegments)
    }
}

/// Regions with many borrowers that write amounts or dates each in their own way (CLDR); none where a language has one way.
private func regions(of tag: String) -> [String] {
    switch tag {
    case "ar": ["AE", "EG", "MA", "SA"]
    case "de": ["AT", "CH", "DE"]
    case "en": ["AU", "CA", "GB", "IN", "US", "ZA"]
    case "es": ["AR", "CO", "ES", "MX", "US"]
    case "fr": ["BE", "CA", "CH", "FR"]
    case "it": ["CH", "IT"]
    case "pt": ["BR", "PT"]
    case "zh-Hans": ["CN", "SG"]
    case "zh-Hant": ["HK", "TW"]
    default: []
    }
}
