// SPDX-License-Identifier: Apache-2.0

/// What the page shows at a moment.
struct PreviewState: Sendable {
    /// The newest library that could be used; nil if none could so far.
    var library: PreviewLibrary?
    /// What is wrong with the files as they are now.
    var findings: [PreviewFinding] = []
    /// The files as they are now cannot be used: `library` is an older one.
    var isStale = false
    /// Differs whenever a file does, over a restart too.
    var revision = ""
}

/// Keeps what is shown up to date with the files, and the last good library while they are broken.
actor PreviewDesk {
    private let source: PreviewSource
    private var stamp: UInt64?
    private var state = PreviewState()

    init(source: PreviewSource) { self.source = source }

    /// The state of the files as they are now; they are read only if they have changed.
    func refreshed() -> PreviewState {
        // Taken before reading: a file that is saved meanwhile changes the next stamp.
        let now = source.stamp()
        guard now != stamp else { return state }
        stamp = now
        let reading = source.read()
        state = PreviewState(
            library: reading.library ?? state.library, findings: reading.findings, isStale: reading.library == nil,
            revision: String(now, radix: 16))
        return state
    }
}
