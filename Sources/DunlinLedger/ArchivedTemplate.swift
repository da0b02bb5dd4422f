// SPDX-License-Identifier: Apache-2.0

/// The texts of one version of a message, as they were when something was sent with it. No personal data.
public struct ArchivedTemplate: Hashable, Sendable {
    /// The message's name.
    public var message: String
    /// As attempts record it.
    public var version: String
    /// What each of its files said, by path.
    public var files: [String: String]

    public init(message: String, version: String, files: [String: String]) {
        self.message = message
        self.version = version
        self.files = files
    }
}
