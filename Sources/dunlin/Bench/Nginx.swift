// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Foundation

/// An nginx that answers every request as a gateway would that takes everything; started for one benchmark.
final class Nginx {
    let url: String
    private let process = Process()

    init(folder: String) throws {
        let path = (ProcessInfo.processInfo.environment["PATH"] ?? "") + ":/usr/sbin"
        let candidates = path.split(separator: ":").map { "\($0)/nginx" }
        guard let program = candidates.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
            throw DunlinError(.failure, "bench", why: "nginx is not here", remedy: "apt-get install nginx-light")
        }
        let port = try freePort()
        url = "http://127.0.0.1:\(port)"
        let sid = "SM" + String(repeating: "0", count: 32)
        try Data(
            """
            daemon off; master_process off; worker_processes 1; pid \(folder)/nginx.pid; error_log \(folder)/nginx.log;
            events { worker_connections 4096; }
            http {
              access_log off; keepalive_requests 1000000000; keepalive_timeout 600s;
              client_body_temp_path \(folder)/body; proxy_temp_path \(folder)/proxy; fastcgi_temp_path \(folder)/fcgi;
              uwsgi_temp_path \(folder)/uwsgi; scgi_temp_path \(folder)/scgi;
              server { listen 127.0.0.1:\(port) backlog=4096; default_type application/json;
                location / { return 201 '{"sid":"\(sid)","status":"queued","error_code":null}'; } }
            }
            """.utf8
        ).write(to: URL(fileURLWithPath: folder + "/nginx.conf"))
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = ["-c", folder + "/nginx.conf", "-p", folder, "-e", folder + "/nginx.log"]
        try process.run()
        try waitUntilListening(port)
    }

    func stop() {
        process.terminate()
        process.waitUntilExit()
    }

    private func waitUntilListening(_ port: UInt16) throws {
        for _ in 0..<200 {
            if let connected = try? withSocket({ descriptor in loopback(port) { connect(descriptor, $0, $1) } == 0 }),
                connected
            {
                return
            }
            usleep(20_000)
        }
        throw DunlinError(.failure, "bench", why: "nginx does not start", remedy: "run 'nginx -t' to see why")
    }
}

/// A port nobody listens on.
func freePort() throws -> UInt16 {
    try withSocket { descriptor in
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        guard loopback(0, { bind(descriptor, $0, $1) }) == 0 else { return 0 }
        withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getsockname(descriptor, $0, &length) }
        }
        return UInt16(bigEndian: address.sin_port)
    }
}

private func withSocket<Result>(_ body: (Int32) throws -> Result) throws -> Result {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else {
        throw DunlinError(.failure, "socket", why: String(cString: strerror(errno)), remedy: "")
    }
    defer { close(descriptor) }
    return try body(descriptor)
}

private func loopback(_ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
}
