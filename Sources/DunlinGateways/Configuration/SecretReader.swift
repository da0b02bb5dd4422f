// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML
import Foundation

/// Fetches what a configuration only points to. A secret never stands in dunlin.yaml, and never in an error.
///
/// `{credential: NAME}` is a file of that name in systemd's credentials directory (`LoadCredential=` in the unit),
/// `{file: PATH}` a file, `{env: NAME}` an environment variable.
public struct SecretReader: Sendable {
    /// The process's environment.
    public let environment: [String: String]
    /// A file's bytes. Throws whatever says why it cannot be read.
    public let read: @Sendable (_ path: String) throws -> [UInt8]
    /// What stands for every secret where none is to be fetched.
    private let substitute: String?

    public init(environment: [String: String], read: @escaping @Sendable (_ path: String) throws -> [UInt8]) {
        self.init(environment: environment, substitute: nil, read: read)
    }

    private init(
        environment: [String: String], substitute: String?,
        read: @escaping @Sendable (_ path: String) throws -> [UInt8]
    ) {
        self.environment = environment
        self.read = read
        self.substitute = substitute
    }

    /// The system's environment and files.
    public static let system = SecretReader(environment: ProcessInfo.processInfo.environment) { path in
        Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    /// Fetches no secret and puts a word in place of each, for whoever sends nothing: a plan needs the gateways' rates and
    /// not their credentials.
    public static let withholding = SecretReader(environment: [:], substitute: withheld, read: system.read)

    /// What stands for a secret that was not fetched.
    static let withheld = "withheld"

    /// The secret that `value` points to. Relative paths start at `directory`.
    func secret(_ value: YAMLValue, directory: String) throws -> String {
        guard value.isMapping else {
            // Not `value.error`: that would show it.
            throw DunlinError(
                .usage, value.place, why: "\(value.field) is a secret, and secrets do not stand in this file",
                remedy: "put it into a file of its own and write {credential: NAME}, {file: PATH} or {env: NAME}")
        }
        return try reference(value, directory: directory)
    }

    /// A text that may stand in the file or be pointed to like a secret.
    func text(_ value: YAMLValue, directory: String) throws -> String {
        value.isMapping ? try reference(value, directory: directory) : try value.string()
    }

    private func reference(_ value: YAMLValue, directory: String) throws -> String {
        let keys = try value.mapping(keys: ["credential", "file", "env"])
        guard keys.entries.count == 1 else {
            throw value.error(expected: "one of {credential: NAME}, {file: PATH}, {env: NAME}")
        }
        if let substitute { return substitute }
        if let name = keys["credential"] { return try credential(name) }
        if let path = keys["file"] { return try contents(of: path.string().absolute(in: directory), path) }
        let name = try keys.required("env")
        guard let text = environment[try name.string()], !text.isEmpty else {
            throw missing(
                name, "the environment variable \(try name.string()) is not set", "set it, or use {file: PATH}")
        }
        return text
    }

    private func credential(_ value: YAMLValue) throws -> String {
        let name = try value.string()
        guard !name.contains("/"), name != ".", name != ".." else {
            throw value.error(expected: "the name of a credential")
        }
        guard let folder = environment["CREDENTIALS_DIRECTORY"], !folder.isEmpty else {
            throw missing(
                value, "the credential \(name) cannot be read: CREDENTIALS_DIRECTORY is not set",
                "start Dunlin with systemd and 'LoadCredential=\(name):PATH' in the unit; in a shell set CREDENTIALS_DIRECTORY to the "
                    + "folder that holds it, or use {file: PATH}")
        }
        return try contents(of: "\(folder)/\(name)", value)
    }

    /// The file's text without the one line break that editors put at its end.
    private func contents(of path: String, _ value: YAMLValue) throws -> String {
        let bytes: [UInt8]
        do {
            bytes = try read(path)
        } catch {
            throw missing(value, "\(path) cannot be read", "check that it exists and that Dunlin's user may read it")
        }
        guard bytes.count <= 65_536, var text = String(validating: bytes, as: UTF8.self), !text.utf8.contains(0) else {
            throw missing(value, "\(path) does not hold a text", "put the secret and nothing else into it")
        }
        // A CR LF is one Character.
        if text.last?.isNewline == true { text.removeLast() }
        guard !text.isEmpty else { throw missing(value, "\(path) is empty", "put the secret into it") }
        return text
    }

    private func missing(_ value: YAMLValue, _ why: String, _ remedy: String) -> DunlinError {
        DunlinError(.usage, value.place, why: "\(value.field): \(why)", remedy: remedy)
    }
}

extension String {
    /// The path itself, or below `directory` if it is relative.
    func absolute(in directory: String) -> String { hasPrefix("/") ? self : "\(directory)/\(self)" }
}
