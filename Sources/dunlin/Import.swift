// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DunlinEngine
import DunlinLedger
import DunlinModel
import DunlinTemplates
import DunlinTime
import Foundation

struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring reminders or events in; also beside a running daemon.",
        discussion: examples(
            "dunlin import reminders.ndjson",
            "dunlin import --format csv reminders.csv",
            "zcat big.ndjson.gz | dunlin import -",
            "dunlin import --kind events calls.ndjson",
            "dunlin import --kind bounces /var/mail/bounces     # mail that came back: mbox, Maildir or one mail",
            "",
            "Rows that are wrong go to a file of their own, with what is wrong; mend them and import that file.",
            "Importing a file twice changes nothing."))

    enum Kind: String, CaseIterable, ExpressibleByArgument { case reminders, events, bounces }

    @OptionGroup var config: ConfigurationOption
    @Option(help: "What they hold: reminders, events, or mail that came back (bounces).") var kind = Kind.reminders
    @Option(help: "ndjson or csv; by default what the file's name says, else ndjson.") var format: RowFormat?
    @Option(help: "Where rejected rows go; by default beside the file, as NAME.rejects.") var rejects: String?
    @Flag(help: "Print the counts as JSON.") var json = false
    @Argument(help: "Files to read; '-' is standard input.") var files: [String]

    func run() throws {
        let configuration = try config.load()
        if kind == .bounces { return try importBounces(configuration) }
        let importer = try importer(configuration)
        var total = ImportTally()
        for file in files {
            let tally = try importOne(file, importer)
            total.read += tally.read
            total.imported += tally.imported
            total.duplicate += tally.duplicate
            total.rejected += tally.rejected
        }
        print(json ? total.json : total.sentence)
        if total.rejected > 0 { throw ExitCode(1) }
    }

    private func importBounces(_ configuration: Configuration) throws {
        let importer = BounceImport(
            ledger: try SQLiteLedger.open(path: configuration.ledgerPath, role: .importer),
            tokens: try AttemptTokens(secretFile: configuration.ledgerPath + ".secret"),
            addresses: try configuration.bounceAddresses(), clock: SystemClock())
        var total = BounceImport.Tally()
        for file in files { total += try importer.run(file) }
        if json { try printJSON(total) } else { print(total.sentence) }
    }

    private func importer(_ configuration: Configuration) throws -> Importer {
        // Everything that can be wrong with the configuration is found before the ledger is opened, or made.
        let library = kind == .reminders ? try TemplateLibrary.load(roots: configuration.templates) : nil
        let ledger = try SQLiteLedger.open(path: configuration.ledgerPath, role: .importer)
        guard let library else { return Importer(eventsInto: ledger, clock: SystemClock()) }
        return Importer(ledger: ledger, messages: library, zones: ZoneDatabase(), clock: SystemClock())
    }

    private func importOne(_ file: String, _ importer: Importer) throws -> ImportTally {
        let descriptor = file == "-" ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw DunlinError(
                .usage, file, why: String(cString: strerror(errno)), remedy: "name a file that can be read, or '-'")
        }
        defer { if descriptor != STDIN_FILENO { close(descriptor) } }
        let format = format ?? (file.hasSuffix(".csv") ? .csv : .ndjson)
        let shownErrors = 20
        var errors = 0
        let name = file == "-" ? "standard input" : file
        let rejectsFile = RejectsFile(path: rejects ?? rejectsPath(for: file, format), format: format) { line, faults in
            errors += 1
            for fault in faults where errors <= shownErrors { complain("dunlin: \(name):\(line): \(fault)") }
        }
        let meter = ProgressMeter()
        let tally = try importer.run(descriptor: descriptor, format: format, rejects: rejectsFile) { tally in
            meter.show("\(name): \(tally.sentence)")
        }
        meter.clear()
        if errors > shownErrors { complain("dunlin: \(name): \(errors - shownErrors) more rejected rows") }
        if errors > 0 { complain("dunlin: \(name): rejected rows are in \(rejectsFile.path)") }
        return tally
    }

    /// `reminders.ndjson` has its rejects in `reminders.rejects.ndjson`.
    private func rejectsPath(for file: String, _ format: RowFormat) -> String {
        if file == "-" { return "dunlin.rejects.\(format.rawValue)" }
        let base = (file as NSString).deletingPathExtension
        return "\(base).rejects.\(format.rawValue)"
    }
}

extension RowFormat: ExpressibleByArgument {}

extension ImportTally {
    var sentence: String {
        "\(read) rows read: \(imported) imported, \(duplicate) known already, \(rejected) rejected"
    }

    var json: String {
        """
        {"read":\(read),"imported":\(imported),"duplicate":\(duplicate),"rejected":\(rejected)}
        """
    }
}

/// One line on a terminal that is written over; nothing where standard error is no terminal.
final class ProgressMeter {
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private var last = ContinuousClock.now - .seconds(1)

    func show(_ line: String) {
        guard isTerminal, ContinuousClock.now - last > .milliseconds(200) else { return }
        last = .now
        FileHandle.standardError.write(Data("\r\u{1b}[K\(line)".utf8))
    }

    func clear() { if isTerminal { FileHandle.standardError.write(Data("\r\u{1b}[K".utf8)) } }
}
