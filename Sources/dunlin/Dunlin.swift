// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DunlinEngine
import DunlinModel
import Foundation

/// The commands of design section 9, one file each.
struct Dunlin: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dunlin",
        abstract: "Sends repayment reminders by SMS, email and phone call, when and as often as law and person allow.",
        version: Status.version,
        subcommands: [
            Serve.self, Import.self, PlanCommand.self, Why.self, ShowStatus.self, Replies.self, PauseCommand.self,
            Resume.self,
            TemplatesCommand.self,
            PoliciesCommand.self, GatewaysCommand.self, Bench.self, SandboxCommand.self, Demo.self,
        ])
}

@main
struct Main {
    /// Exit codes: 0 done, 1 the answer is no or something failed, 2 wrong usage or bad configuration.
    static func main() async {
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try Dunlin.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let error as DunlinError {
            complain("dunlin: \(error)")
            exit(error.kind == .usage ? 2 : 1)
        } catch let several as DunlinErrors {
            for error in several.errors { complain("dunlin: \(error)") }
            exit(several.errors.contains { $0.kind == .usage } ? 2 : 1)
        } catch let code as ExitCode {
            exit(code.rawValue)
        } catch {
            if Dunlin.exitCode(for: error) == .success {
                print(Dunlin.fullMessage(for: error))
                exit(0)
            }
            if error is any LocalizedError || error is CocoaError {
                complain("dunlin: \(error.localizedDescription)")
                exit(1)
            }
            complain("dunlin: usage: \(Dunlin.message(for: error)); see 'dunlin --help'")
            exit(2)
        }
    }
}

/// Writes a line to standard error.
func complain(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }

/// The configuration that a command works with.
struct ConfigurationOption: ParsableArguments {
    @Option(name: .customLong("config"), help: "The configuration file.")
    var path = Configuration.defaultPath

    func load() throws -> Configuration { try Configuration(path: path) }

    var isThere: Bool { FileManager.default.fileExists(atPath: path) }
}

/// A discussion for `--help` that consists of examples.
func examples(_ lines: String...) -> String { "EXAMPLES\n" + lines.map { "  " + $0 }.joined(separator: "\n") }

/// Prints a value as JSON, keys in snake case and in order.
func printJSON(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    print(String(decoding: try encoder.encode(value), as: UTF8.self))
}

/// Columns padded to their widest cell, two spaces apart.
func table(_ rows: [[String]]) -> String {
    let widths = (0..<(rows.map(\.count).max() ?? 0)).map { column in
        rows.map { $0.count > column ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
        let cells = row.enumerated().map { index, cell in
            index == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[index] - cell.count)
        }
        return cells.joined(separator: "  ")
    }.joined(separator: "\n")
}
