// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinTestKit
import Logging
import NIOCore
import NIOPosix

@testable import DunlinServer

let account = "AC0123456789abcdef0123456789abcdef"

/// `AC…:secret` in base64.
let basicAuth = "Basic QUMwMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZjpzZWNyZXQ="

let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// Percent-encodes everything but letters and digits.
func form(_ fields: [(String, String)]) -> String {
    func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            let scalar = Unicode.Scalar(byte)
            let hex = String(byte, radix: 16)
            return scalar.properties.isAlphabetic && byte < 0x80 || (0x30...0x39).contains(byte)
                ? String(scalar) : "%" + (hex.count < 2 ? "0" : "") + hex
        }.joined()
    }
    return fields.map { "\(encoded($0.0))=\(encoded($0.1))" }.joined(separator: "&")
}

/// Sends everything at once and returns what the other side says until it closes the line.
func converse(port: Int, _ text: String) async throws -> String {
    let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        .connect(host: "127.0.0.1", port: port) { channel in
            channel.eventLoop.makeCompletedFuture {
                try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
            }
        }
    return try await channel.executeThenClose { inbound, outbound in
        try await outbound.write(ByteBuffer(string: text))
        var heard = ByteBuffer()
        for try await var bytes in inbound { heard.writeBuffer(&bytes) }
        return String(buffer: heard)
    }
}

/// A request of which the line is closed after the answer.
func request(_ method: String, _ path: String, port: Int, headers: [String] = [], body: String = "") async throws
    -> String
{
    let lines =
        [
            "\(method) \(path) HTTP/1.1", "Host: 127.0.0.1:\(port)", "Connection: close",
            "Content-Length: \(body.utf8.count)",
        ]
        + headers
    return try await converse(port: port, lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
}

/// Runs a test against a sandbox on free ports.
func withSandbox(_ test: (Sandbox, Sandbox.Ports) async throws -> Void) async throws {
    let sandbox = Sandbox(clock: ManualClock("2026-11-21T18:53:57Z"), slowAnswer: .milliseconds(1), seed: 7)
    let ports = try await sandbox.start()
    do {
        try await test(sandbox, ports)
    } catch {
        await sandbox.stop()
        throw error
    }
    await sandbox.stop()
}
