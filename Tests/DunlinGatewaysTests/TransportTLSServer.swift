// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// `openssl s_server` on a free port, with a certificate for `localhost` that nobody trusts yet.
final class TLSServer {
    private static let openssl = "/usr/bin/openssl"
    static let isAvailable = FileManager.default.isExecutableFile(atPath: openssl)

    let certificate: String
    private(set) var port = 0
    private let folder: URL
    private let process: Process

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "dunlin-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        certificate = folder.appending(path: "cert.pem").path
        let key = folder.appending(path: "key.pem").path
        let maker = try Self.start([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
            "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate,
        ])
        maker.waitUntilExit()
        let output = Pipe()
        process = try Self.start(
            ["s_server", "-accept", "127.0.0.1:0", "-cert", certificate, "-key", key, "-www"], output: output)
        var text = ""
        while !text.hasSuffix("\n") || !text.contains("ACCEPT 127.0.0.1:") {
            let part = output.fileHandleForReading.availableData
            guard !part.isEmpty else { return }
            text += String(decoding: part, as: UTF8.self)
        }
        port = text.components(separatedBy: "ACCEPT 127.0.0.1:").last.flatMap { Int($0.prefix { $0.isNumber }) } ?? 0
    }

    func stop() {
        kill(process.processIdentifier, SIGKILL)  // it has SIGTERM blocked, as the test runner's threads have
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }

    private static func start(_ arguments: [String], output: Pipe? = nil) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: openssl)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output ?? FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }
}
