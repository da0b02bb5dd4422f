// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DunlinEngine
import DunlinModel
import DunlinTemplates
import Foundation

struct NewMessage: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Make the folder of a new message with all its parts, to be written by you.",
        discussion: examples(
            "dunlin templates new rate-change --languages en,es",
            "dunlin templates new rate-change --languages en --channels sms,email --root ./templates --folder ./mine"))
    @OptionGroup var library: TemplateFolders
    @Option(help: "BCP 47, separated by commas; the first is the default language.") var languages = "en"
    @Option(help: "sms, email, call, chat, task, separated by commas.") var channels = "sms,email,call"
    @Option(help: "The folder of messages to put it in; by default the last of --root, or of the configuration.")
    var folder: String?
    @Argument(help: "The message's name: small letters, digits and hyphens.") var name: String

    func run() throws {
        var roots = folder == nil || library.isNamed ? try library.paths() : []
        if let folder, !roots.contains(folder) { roots.append(folder) }
        let root = roots[roots.count - 1]
        let path = "\(root)/\(name)"
        guard !FileManager.default.fileExists(atPath: path) else {
            throw DunlinError(.usage, path, why: "it is there already", remedy: "choose another name, or edit it")
        }
        let scaffold = try MessageScaffold(
            name: name, languages: split(languages), channels: split(channels).map(channel), roots: roots)
        for (file, text) in scaffold.files.sorted(by: { $0.key < $1.key }) {
            let url = URL(filePath: "\(root)/\(file)")
            do {
                try FileManager.default.createDirectory(
                    at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(text.utf8).write(to: url)
            } catch {
                throw DunlinError(
                    .failure, "\(root)/\(file)", why: "it cannot be written",
                    remedy: "check the folder's permissions, or name another one with --folder")
            }
            print("\(root)/\(file)")
        }
        let shown = roots.joined(separator: " ")
        complain(
            """
            Write message.yaml and the texts, and remove the line 'unwritten' from each. Until then the message counts as \
            broken, and a daemon that reloads keeps its old messages. See it with 'dunlin templates preview \(shown) \
            --message \(name)', check it with 'dunlin templates check \(shown)'.
            """)
    }

    private func split(_ list: String) -> [String] {
        list.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            .reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    private func channel(_ name: String) throws -> Channel {
        if let channel = Channel(rawValue: name) { return channel }
        let near = nearMiss(name, among: Channel.allCases.map(\.rawValue))
        throw DunlinError(
            .usage, "--channels", why: "'\(name)' is no channel",
            remedy: near.map { "did you mean '\($0)'?" }
                ?? "use \(Channel.allCases.map(\.rawValue).joined(separator: ", "))")
    }
}
