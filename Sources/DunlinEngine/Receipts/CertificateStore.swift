// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinModel
import Logging
import Synchronization

/// Certificates that gateways sign with, fetched when a callback first names one, kept in memory.
///
/// Who may ask for one is anybody who can reach the callbacks, though only for addresses of the gateway itself. So few are fetched at
/// once, what could not be had is left alone for a while, and while there is much of that nothing else is asked for: whoever floods us
/// with invented names can hold up a new certificate, but not those that are here.
final class CertificateStore: Sendable {
    /// As many as a few regions and a change of their certificates need.
    static let mostKept = 16
    static let mostAtOnce = 4
    static let mostFailures = 16
    /// SNS tries again 20 seconds later, three times, so each try has a chance.
    static let pause = Duration.seconds(15)

    private struct State {
        var kept: [(address: String, certificate: SigningCertificate)] = []
        var running: [String: Task<SigningCertificate?, Never>] = [:]
        /// When each was asked for in vain.
        var failures: [String: Instant] = [:]
    }

    private let fetch: @Sendable (String) async -> WireAnswer
    private let logger: Logger
    private let state = Mutex(State())

    init(fetch: @escaping @Sendable (String) async -> WireAnswer, logger: Logger) {
        self.fetch = fetch
        self.logger = logger
    }

    /// The certificate at an address, which has been checked; nil where there is none that is valid now. Waits for a fetch.
    func certificate(at address: String, _ now: Instant) async -> SigningCertificate? {
        enum Answer {
            case known(SigningCertificate?)
            case fetching(Task<SigningCertificate?, Never>)
        }
        let answer: Answer = state.withLock { state in
            if let known = state.kept.first(where: { $0.address == address })?.certificate, known.isValid(at: now) {
                return .known(known)
            }
            if let task = state.running[address] { return .fetching(task) }
            // A clock that was set back must not make a failure last.
            state.failures = state.failures.filter { now >= $0.value && now < $0.value + CertificateStore.pause }
            guard state.failures[address] == nil, state.failures.count < CertificateStore.mostFailures,
                state.running.count < CertificateStore.mostAtOnce
            else { return .known(nil) }
            let task = Task { await self.fetched(address, now) }
            state.running[address] = task
            return .fetching(task)
        }
        switch answer {
        case .known(let certificate): return certificate
        case .fetching(let task): return await task.value
        }
    }

    private func fetched(_ address: String, _ now: Instant) async -> SigningCertificate? {
        let answer = await fetch(address)
        var certificate: SigningCertificate?
        if answer.phase == .answered, answer.status == 200, !answer.isTruncated {
            certificate = SigningCertificate(pem: answer.body).flatMap { $0.isValid(at: now) ? $0 : nil }
        }
        if certificate == nil { logger.error("the certificate at \(address) is not to be had: \(answer.words)") }
        state.withLock { state in
            state.running[address] = nil
            guard let certificate else {
                state.failures[address] = now
                return
            }
            state.kept.removeAll { $0.address == address }
            state.kept.append((address, certificate))
            if state.kept.count > CertificateStore.mostKept { state.kept.removeFirst() }
        }
        return certificate
    }
}

extension WireAnswer {
    /// For a log.
    var words: String {
        switch phase {
        case .notSent: "no connection (curl \(curlCode))"
        case .interrupted: "no answer (curl \(curlCode))"
        case .answered: status == 200 ? "it is none that is valid" : "http \(status)"
        }
    }
}
