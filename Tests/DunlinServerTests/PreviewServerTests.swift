// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Foundation
import Synchronization
import Testing

@testable import DunlinServer

@Suite struct PreviewServerTests {
    static let good = PreviewReading(library: previewLibrary("first"), findings: [])

    /// Runs a test against a preview on a free port.
    func withPreview(
        _ library: EditedLibrary, pace: @escaping @Sendable () async throws -> Void = { throw CancellationError() },
        _ test: (Int) async throws -> Void
    ) async throws {
        let server = PreviewServer(port: 0, source: library.source, price: nil, pace: pace)
        let port = try await server.start()
        do { try await test(port) } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    @Test func servesThePageWithoutAnythingFromElsewhere() async throws {
        try await withPreview(EditedLibrary(Self.good)) { port in
            let page = try await request("GET", "/", port: port)
            #expect(page.hasPrefix("HTTP/1.1 200 OK"))
            let policy = try #require(page.firstMatch(of: /Content-Security-Policy: (.*)\r\n/.ignoresCase())).1
            #expect(policy.hasPrefix("default-src 'none'; script-src 'self'; style-src 'self'"))
            #expect(!policy.contains("unsafe"))
            for path in ["/preview.css", "/preview.js"] {
                let file = try await request("GET", path, port: port)
                #expect(file.hasPrefix("HTTP/1.1 200 OK"))
                #expect(file.contains("http:") == false && file.contains("https:") == false)
            }
            #expect(!page.contains("http:") && !page.contains("https:"))
            #expect(try await request("GET", "/other", port: port).hasPrefix("HTTP/1.1 404"))
            #expect(try await request("POST", "/", port: port).hasPrefix("HTTP/1.1 404"))
        }
    }

    /// Against pages from elsewhere whose name leads to this machine.
    @Test func answersToItsOwnNamesOnly() async throws {
        try await withPreview(EditedLibrary(Self.good)) { port in
            for (host, status) in [
                ("localhost:\(port)", 200), ("LOCALHOST", 200), ("[::1]:\(port)", 200), ("evil.example", 421),
                ("127.0.0.1.evil.example:\(port)", 421), ("localhost.evil.example", 421), ("[::1].evil.example", 421),
            ] {
                for path in ["/", "/mail?message=overdue&language=es", "/preview.js"] {
                    let answer = try await converse(
                        port: port, "GET \(path) HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n")
                    #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(host)")
                }
            }
        }
    }

    @Test func servesAMailThatCanDoNothing() async throws {
        try await withPreview(EditedLibrary(Self.good)) { port in
            let mail = try await request(
                "GET", "/mail?message=overdue&language=es&region=es-MX&sample=bare", port: port)
            #expect(mail.hasSuffix("\r\n\r\n<p>first [es-MX bare]"))
            let policy = try #require(mail.firstMatch(of: /Content-Security-Policy: (.*)\r\n/.ignoresCase())).1
            #expect(policy.hasPrefix("sandbox allow-same-origin; default-src 'none'"))
            #expect(!policy.contains("script"))
            for path in ["/mail", "/mail?message=none&language=es", "/mail?message=overdue"] {
                #expect(try await request("GET", path, port: port).hasPrefix("HTTP/1.1 404"))
            }
        }
    }

    @Test func tellsOfEachChangeOnce() async throws {
        let library = EditedLibrary(Self.good)
        let looks = Mutex(0)
        // The files change between the third and the fourth look, and after the sixth nobody looks any more.
        try await withPreview(library) {
            let look = looks.withLock {
                $0 += 1
                return $0
            }
            if look == 3 { library.save(PreviewReading(library: previewLibrary("second"), findings: [])) }
            if look == 6 { throw CancellationError() }
        } _: { port in
            let told = try await request("GET", "/events", port: port)
            #expect(told.lowercased().contains("content-type: text/event-stream"))
            let revisions = told.matches(of: /event: revision\ndata: ([0-9a-f]+)\n\n/).map { String($0.1) }
            #expect(revisions == ["1", "2"])
            #expect(library.reads == 2)
            let page = try await request("GET", "/", port: port)
            #expect(page.contains("data-revision=\"2\"") && page.contains("second [en-]"))
        }
    }

    @Test func looksIntoTheVoidNowAndThen() async throws {
        let looks = Mutex(0)
        try await withPreview(EditedLibrary(Self.good)) {
            let look = looks.withLock {
                $0 += 1
                return $0
            }
            if look == 21 { throw CancellationError() }
        } _: { port in
            // Two comments in twenty silent looks, by which the server learns that the page is gone.
            let told = try await request("GET", "/events", port: port)
            #expect(told.replacing("\r\n", with: "|").components(separatedBy: "|:\n\n|").count == 3)
        }
    }

    @Test func endsWhileAPageIsConnected() async throws {
        let (looks, looked) = AsyncStream<Void>.makeStream()
        let server = PreviewServer(port: 0, source: EditedLibrary(Self.good).source, price: nil) {
            looked.yield()
            try await Task.sleep(for: .seconds(3600))
        }
        let port = try await server.start()
        async let told = request("GET", "/events", port: port)
        for await _ in looks { break }
        await server.stop()
        #expect(try await told.contains("data: 1"))
    }

    @Test func saysThatThePortIsTaken() async throws {
        try await withPreview(EditedLibrary(Self.good)) { port in
            let rival = PreviewServer(port: port, source: EditedLibrary(Self.good).source, price: nil)
            let error = await #expect(throws: DunlinError.self) { try await rival.start() }
            #expect(error?.what == "cannot listen on 127.0.0.1:\(port)")
            #expect(error?.why == "another program listens there")
        }
    }
}

@Suite struct PreviewDeskTests {
    @Test func keepsTheLastGoodLibraryWhileTheFilesAreBroken() async {
        let library = EditedLibrary(PreviewServerTests.good)
        let desk = PreviewDesk(source: library.source)
        #expect(await !desk.refreshed().isStale)
        library.save(PreviewReading(library: nil, findings: [finding("overdue")]))
        let broken = await desk.refreshed()
        #expect(broken.isStale && broken.findings.count == 1 && broken.revision == "2")
        #expect(broken.library?.messages.first?.purpose == "Asks first")
        library.save(PreviewReading(library: previewLibrary("mended"), findings: []))
        let mended = await desk.refreshed()
        #expect(!mended.isStale && mended.findings.isEmpty && mended.library?.messages.first?.purpose == "Asks mended")
    }

    @Test func readsOnlyWhatHasChanged() async {
        let library = EditedLibrary(PreviewServerTests.good)
        let desk = PreviewDesk(source: library.source)
        for _ in 0..<5 { _ = await desk.refreshed() }
        #expect(library.reads == 1)
    }

    @Test func hasNothingToShowWhereNothingWasEverGood() async {
        let desk = PreviewDesk(source: EditedLibrary(PreviewReading(library: nil, findings: [finding(nil)])).source)
        let state = await desk.refreshed()
        #expect(state.library == nil && state.isStale)
    }
}

@Suite struct FolderStampTests {
    @Test func seesEveryKindOfChange() throws {
        let files = FileManager.default
        let folder = files.temporaryDirectory.appendingPathComponent("dunlin-stamp-\(UUID().uuidString)").path
        defer { try? files.removeItem(atPath: folder) }
        try files.createDirectory(atPath: "\(folder)/m/en", withIntermediateDirectories: true)
        func write(_ name: String, _ text: String) throws {
            try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
        }
        try write("m/en/sms.mustache", "one")
        var stamps = [folderStamp(of: [folder])]
        func expectChange(_ isChange: Bool = true) {
            let stamp = folderStamp(of: [folder])
            #expect(stamps.contains(stamp) != isChange)
            stamps.append(stamp)
        }
        expectChange(false)
        try write("m/en/sms.mustache", "longer")
        expectChange()
        // The same size at another time, in the past even.
        try files.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1)], ofItemAtPath: "\(folder)/m/en/sms.mustache")
        expectChange()
        try write("m/message.yaml", "")
        expectChange()
        try files.moveItem(atPath: "\(folder)/m/message.yaml", toPath: "\(folder)/m/other.yaml")
        expectChange()
        try files.removeItem(atPath: "\(folder)/m/en")
        expectChange()
        // What editors leave about.
        try write("m/.message.yaml.swp", "x")
        try write("m/message.yaml~", "x")
        expectChange(false)
        // A link that leads back up does not lead on for ever.
        try files.createSymbolicLink(atPath: "\(folder)/m/up", withDestinationPath: folder)
        expectChange()
        try files.removeItem(atPath: folder)
        expectChange()
    }
}
