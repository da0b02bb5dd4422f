// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinLedger
import DunlinModel
import DunlinTemplates
import DunlinTestKit
import DunlinTime
import Foundation
import Synchronization
import Testing

@testable import DunlinEngine

/// What a mail may carry, and what becomes of one whose file is not there.
@Suite struct AttachmentTests {
    /// A folder of attachments, with another folder and a file beside it.
    private final class Folder {
        let root = NSTemporaryDirectory() + "attachments-\(UUID().uuidString)"
        var path: String { root + "/files" }

        init() throws {
            try FileManager.default.createDirectory(atPath: path + "/inner.pdf", withIntermediateDirectories: true)
            try put("../secret.pdf", [1])
        }

        deinit { try? FileManager.default.removeItem(atPath: root) }

        func put(_ name: String, _ bytes: [UInt8]) throws {
            try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + name))
        }
    }

    @Test func readsPlainFilesOnly() throws {
        let folder = try Folder()
        try folder.put("a.pdf", [1, 2, 3])
        try folder.put("B 账.CSV", [4])
        try folder.put("empty.pdf", [])
        try folder.put("run.exe", [1])
        try folder.put("none", [1])
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/link.pdf", withDestinationPath: "../secret.pdf")
        try FileManager.default.createSymbolicLink(atPath: folder.path + "/near.pdf", withDestinationPath: "a.pdf")
        #expect(mkfifo(folder.path + "/pipe.pdf", 0o600) == 0)
        let files = AttachmentFolder(path: folder.path)
        #expect(
            try files.read(["a.pdf", "B 账.CSV"]) == [
                Attachment(name: "a.pdf", kind: .pdf, bytes: [1, 2, 3]),
                Attachment(name: "B 账.CSV", kind: .csv, bytes: [4]),
            ])
        let faults: [(String, AttachmentFolder.Fault)] = [
            ("b.pdf", .missing), ("empty.pdf", .empty), ("run.exe", .otherKind), ("none", .otherKind),
            ("link.pdf", .notPlain),
            ("near.pdf", .notPlain), ("pipe.pdf", .notPlain), ("inner.pdf", .notPlain), ("../secret.pdf", .notPlain),
            (".a.pdf", .notPlain), ("", .notPlain),
        ]
        for (name, fault) in faults {
            #expect(throws: fault) { try files.read(["a.pdf", name]) }
            let found = try #require(files.fault(in: ["a.pdf", name]))
            #expect(found.name == name && found.fault == fault)
        }
        #expect(files.fault(in: []) == nil && files.fault(in: ["a.pdf"]) == nil)
        #expect(AttachmentFolder(path: nil).fault(in: ["a.pdf"])?.fault == .noFolder)
        #expect(AttachmentFolder(path: nil).fault(in: []) == nil)
        #expect(AttachmentFolder(path: folder.path + "/gone").fault(in: ["a.pdf"])?.fault == .noFolder)
        #expect(try files.rehearsing.read(["b.pdf"]) == [] && files.rehearsing.fault(in: ["b.pdf"])?.fault == .missing)
    }

    @Test func tenMegabytesAMail() throws {
        let folder = try Folder()
        // Files with holes: they take no room on the disk.
        for (name, size) in [
            ("most.pdf", 10_000_000), ("more.pdf", 10_000_001), ("half.pdf", 5_000_001), ("rest.pdf", 5_000_000),
        ] {
            try folder.put(name, [])
            #expect(truncate(folder.path + "/" + name, off_t(size)) == 0)
        }
        let files = AttachmentFolder(path: folder.path)
        #expect(files.fault(in: ["most.pdf"]) == nil)
        #expect(files.fault(in: ["more.pdf"])?.fault == .tooLarge)
        #expect(files.fault(in: ["half.pdf", "rest.pdf"])?.fault == .tooLarge)
        #expect(throws: AttachmentFolder.Fault.tooLarge) { try files.read(["half.pdf", "rest.pdf"]) }
    }

    // MARK: On the way

    /// Keeps what it was asked to send.
    private final class Recorder: Adapter {
        let channel = Channel.email
        let files = Mutex<[[DunlinModel.Attachment]]>([])
        /// Called at each request.
        let onRequest = Mutex<@Sendable () -> Void>({})

        func request(for message: OutboundMessage) throws -> WireRequest {
            files.withLock { $0.append(message.attachments) }
            onRequest.withLock { $0() }
            return .http(HTTPRequest(method: "POST", url: "http://gateway/"))
        }

        func outcome(of answer: WireAnswer) -> Outcome { .accepted(id: nil) }
    }

    private static let library = [
        "message.yaml": """
        purpose: a test
        channels: [email]
        variables: {bill: {type: file}}
        sample: {name: A, creditor: C, amount: 1.00 USD, due_date: 2026-11-20, bill: b.pdf}
        """,
        "en/email.mustache": "subject: s\nattach: {{bill}}\n\nx",
    ]

    private func bench(_ folder: Folder, attachments: AttachmentFolder) throws -> (DispatchBench, Recorder) {
        let root = folder.root + "/messages/payment-overdue"
        try FileManager.default.createDirectory(atPath: root + "/en", withIntermediateDirectories: true)
        for (name, text) in Self.library { try Data(text.utf8).write(to: URL(fileURLWithPath: root + "/" + name)) }
        let recorder = Recorder()
        let gateway = Gateway(name: "mail", adapter: recorder, rate: nil, concurrency: 8, timeout: .seconds(30))
        let bench = try DispatchBench(
            gateways: [gateway], routes: [.email: [0]],
            templates: try TemplateLibrary.load(roots: [folder.root + "/messages"]), attachments: attachments)
        return (bench, recorder)
    }

    private func reminder(_ bench: DispatchBench, bill: String?) -> Reminder {
        var reminder = bench.reminder("r-1", channels: [.email])
        reminder.vars["bill"] = bill
        return reminder
    }

    @Test func aFileGoesWithTheMail() throws {
        let folder = try Folder()
        try folder.put("kim.pdf", [1, 2, 3])
        let (bench, recorder) = try bench(folder, attachments: AttachmentFolder(path: folder.path))
        try bench.store(reminder(bench, bill: "kim.pdf"))
        #expect(try bench.turn().count == 1)
        #expect(recorder.files.withLock { $0 } == [[Attachment(name: "kim.pdf", kind: .pdf, bytes: [1, 2, 3])]])
        let sent = try SentText.all(of: bench.history("r-1"), in: bench.ledger)[0].text
        #expect(sent.contains("the same to the last byte as what went out, but for what was in the attached files"))
        #expect(sent.hasSuffix("Attached: kim.pdf\n\nx\n"), "\(sent)")
    }

    @Test func noFileIsNoFault() throws {
        let folder = try Folder()
        let (bench, recorder) = try bench(folder, attachments: AttachmentFolder(path: nil))
        try bench.store(reminder(bench, bill: nil))
        #expect(try bench.turn().count == 1)
        #expect(recorder.files.withLock { $0 } == [[]])
    }

    @Test func aMissingFileHoldsTheMailUntilItIsThere() throws {
        let folder = try Folder()
        let (bench, recorder) = try bench(folder, attachments: AttachmentFolder(path: folder.path))
        try bench.store(reminder(bench, bill: "kim.pdf"))
        #expect(try bench.turn().isEmpty)
        let history = try bench.history("r-1")
        #expect(history.state == .held && history.queued?.reason == .renderingFailed)
        let trace = try #require(DecisionTrace(detail: history.facts[0].fact.detail))
        #expect(trace.fault == "message 'payment-overdue', 'bill': the file is not in the folder of attachments")
        try folder.put("kim.pdf", [1])
        bench.clock.advance(by: .minutes(5))
        #expect(try bench.turn().count == 1)
        #expect(recorder.files.withLock { $0 }.count == 1)
    }

    @Test func aFileThatVanishesStopsNoOtherMail() throws {
        let folder = try Folder()
        try folder.put("a.pdf", [1])
        try folder.put("b.pdf", [1])
        let (bench, recorder) = try bench(folder, attachments: AttachmentFolder(path: folder.path))
        // Both are looked at before either is read.
        recorder.onRequest.withLock { [path = folder.path] in
            $0 = { for name in ["a", "b"] { unlink("\(path)/\(name).pdf") } }
        }
        for (id, file) in [("r-1", "a.pdf"), ("r-2", "b.pdf")] {
            var one = bench.reminder(id, channels: [.email])
            one.vars["bill"] = file
            try bench.store(one)
        }
        #expect(try bench.turn().count == 1)
        #expect(try bench.turn().isEmpty)
        #expect(try bench.history("r-2").queued?.reason == .retryBackoff)
        try bench.store(bench.reminder("r-3", channels: [.email]))
        #expect(try bench.turn().count == 1)
        #expect(recorder.files.withLock { $0 }.count == 2)
    }

    @Test func withoutAFolderItSaysSo() throws {
        let folder = try Folder()
        let (bench, _) = try bench(folder, attachments: AttachmentFolder(path: nil))
        try bench.store(reminder(bench, bill: "kim.pdf"))
        #expect(try bench.turn().isEmpty)
        let trace = try #require(DecisionTrace(detail: try bench.history("r-1").facts[0].fact.detail))
        #expect(trace.fault == "message 'payment-overdue', 'bill': dunlin.yaml names no folder of attachments")
    }

    @Test func theConfigurationNamesTheFolder() throws {
        let folder = try Folder()
        let text = "ledger: sqlite:a.db\ntemplates: []\ncontrol: c\n"
        let path = folder.root + "/dunlin.yaml"
        #expect(try Configuration(text: text, path: path).attachments == nil)
        let configuration = try Configuration(
            text: text + "attachments: none\ngateways: {}\nroutes: {}\n", path: path)
        #expect(configuration.attachments == folder.root + "/none")
        let error = #expect(throws: DunlinError.self) { try Snapshot(planning: configuration, zones: ZoneDatabase()) }
        #expect(error?.why == "the folder of 'attachments' cannot be read")
    }
}
