// SPDX-License-Identifier: Apache-2.0

/// One folder of a library with everything in it, read at once: from disk, or from texts that the ledger kept.
struct TemplateRoot {
    /// How findings name it: the folder, or nothing.
    let name: String
    private var texts: [String: Result<String, TemplateFiles.Fault>] = [:]
    /// The entries of each folder, sorted, by its path inside the root; "" is the root itself.
    private var folders: [String: [String]] = [:]

    /// No library is this deep: root, message, language.
    private static let deepest = 3

    /// Reads a folder from disk; nil if it cannot be read.
    init?(folder: String) {
        name = folder
        guard TemplateFiles.entries(of: folder) != nil else { return nil }
        read("", depth: 0)
    }

    /// - Parameter files: texts by their path inside the root.
    init(files: [String: String]) {
        name = ""
        for (path, text) in files {
            texts[path] = .success(text)
            var parent = path
            while !parent.isEmpty {
                let entry = parent.split(separator: "/").last.map(String.init) ?? ""
                parent = String(parent.dropLast(entry.utf8.count + (parent.contains("/") ? 1 : 0)))
                if folders[parent, default: []].contains(entry) { break }
                folders[parent, default: []].append(entry)
            }
        }
        folders = folders.mapValues { $0.sorted() }
    }

    private mutating func read(_ path: String, depth: Int) {
        let entries = TemplateFiles.entries(of: place(path)) ?? []
        folders[path] = entries
        for entry in entries {
            let inner = path.isEmpty ? entry : "\(path)/\(entry)"
            if depth < Self.deepest, TemplateFiles.isFolder(place(inner)) {
                read(inner, depth: depth + 1)
            } else if depth > 0 || entry == "library.yaml" {
                texts[inner] = TemplateFiles.text(of: place(inner))
            }
        }
    }

    /// How findings name a path inside the root.
    func place(_ path: String) -> String { name.isEmpty ? path : path.isEmpty ? name : "\(name)/\(path)" }

    /// What is in a folder, sorted; empty if it is none.
    func entries(of path: String) -> [String] { folders[path] ?? [] }
    func isFolder(_ path: String) -> Bool { folders[path] != nil }
    func exists(_ path: String) -> Bool { texts[path] != nil || isFolder(path) }
    func text(_ path: String) -> Result<String, TemplateFiles.Fault> { texts[path] ?? TemplateFiles.missing }

    /// The texts of these paths, as far as they are there and sound.
    func texts(where isWanted: (String) -> Bool) -> [String: String] {
        texts.filter { isWanted($0.key) }.compactMapValues { try? $0.get() }
    }
}

/// Texts from which messages can be made again exactly: each file by the number of its root (later ones come on top of
/// earlier ones) and its path inside it, such as `0/payment-overdue/en/sms.mustache`.
public struct TemplateSources: Hashable, Sendable {
    public var files: [String: String]

    public init(files: [String: String]) { self.files = files }

    init(_ roots: [TemplateRoot], where isWanted: (_ root: Int, _ path: String) -> Bool) {
        files = [:]
        for (number, root) in roots.enumerated() {
            for (path, text) in root.texts(where: { isWanted(number, $0) }) { files["\(number)/\(path)"] = text }
        }
    }

    /// The roots again, in order.
    var roots: [TemplateRoot] {
        var files: [Int: [String: String]] = [:]
        for (path, text) in self.files {
            let number = path.prefix { $0 != "/" }
            files[Int(number) ?? 0, default: [:]][String(path.dropFirst(number.utf8.count + 1))] = text
        }
        return files.sorted { $0.key < $1.key }.map { TemplateRoot(files: $0.value) }
    }
}
