// SPDX-License-Identifier: Apache-2.0

/// One SMTP conversation from the server's side (RFC 5321): lines in, replies and messages out. No socket, no clock.
struct SMTPSession {
    /// What one line led to.
    struct Step {
        /// Without its line end; several lines are joined by CRLF. Nil: nothing is said.
        var reply: String?
        var received: [(draft: Draft, answer: SandboxMessage.Answer)] = []
        var closes = false
    }

    private enum Phase {
        case commands
        case loginName
        case loginPassword
        case plainResponse
        case data
    }

    /// Octets of a message, as SIZE announces it (RFC 1870).
    static let maxSize = 1 << 20
    private static let maxRecipients = 100

    /// Room that a line may take before its end has come, in octets: generous in both phases.
    var maxLine: Int { isReadingMessage ? SMTPSession.maxSize : 4096 }
    var isReadingMessage: Bool { phase == .data }

    private var phase = Phase.commands
    private var isGreeted = false
    private var sender: String?
    private var recipients: [String] = []
    private var message: [UInt8] = []
    /// Grows past `maxSize` while `message` does not.
    private var size = 0

    static let greeting = "220 sandbox.dunlin ESMTP nothing leaves this machine"

    /// Reads one line without its CRLF. `makeID` names a message that is taken.
    mutating func read(_ line: some Collection<UInt8>, makeID: () -> String) -> Step {
        switch phase {
        case .data: return readMessage(line, makeID: makeID)
        case .loginName:
            phase = .loginPassword
            return Step(reply: "334 UGFzc3dvcmQ6")
        case .loginPassword, .plainResponse:
            phase = .commands
            return authenticated(line)
        case .commands: return command(String(decoding: line, as: UTF8.self))
        }
    }

    private mutating func command(_ line: String) -> Step {
        let space = line.firstIndex(of: " ") ?? line.endIndex
        let argument = trimmed(line[space...])
        switch line[..<space].uppercased() {
        case "EHLO":
            greet()
            let offers = ["SIZE \(SMTPSession.maxSize)", "8BITMIME", "SMTPUTF8", "PIPELINING", "ENHANCEDSTATUSCODES"]
            let lines = ["sandbox.dunlin"] + offers.map { $0 }
            return Step(reply: lines.map { "250-\($0)\r\n" }.joined() + "250 AUTH PLAIN LOGIN")
        case "HELO":
            greet()
            return Step(reply: "250 sandbox.dunlin")
        case "AUTH": return authenticate(argument)
        case "MAIL": return mail(argument)
        case "RCPT": return recipient(argument)
        case "DATA": return startMessage()
        case "RSET":
            forgetMessage()
            return Step(reply: "250 2.0.0 Ok")
        case "NOOP": return Step(reply: "250 2.0.0 Ok")
        case "VRFY": return Step(reply: "252 2.5.2 Cannot verify, but will take mail for it")
        case "QUIT": return Step(reply: "221 2.0.0 Bye", closes: true)
        default: return Step(reply: "500 5.5.2 Command not known")
        }
    }

    private mutating func greet() {
        isGreeted = true
        forgetMessage()
    }

    private mutating func forgetMessage() {
        sender = nil
        recipients = []
        message = []
        size = 0
    }

    // MARK: Authentication (RFC 4954): whatever name and password.

    private mutating func authenticate(_ argument: String) -> Step {
        guard isGreeted, sender == nil else { return Step(reply: "503 5.5.1 Not now") }
        let words = argument.split(separator: " ", maxSplits: 1).map(String.init)
        switch (words.first?.uppercased(), words.dropFirst().first) {
        case ("PLAIN"?, let response?): return authenticated(response.utf8)
        case ("PLAIN"?, nil):
            phase = .plainResponse
            return Step(reply: "334 ")
        case ("LOGIN"?, nil):
            phase = .loginName
            return Step(reply: "334 VXNlcm5hbWU6")
        case ("LOGIN"?, _):
            phase = .loginPassword
            return Step(reply: "334 UGFzc3dvcmQ6")
        default: return Step(reply: "504 5.5.4 Only PLAIN and LOGIN")
        }
    }

    private func authenticated(_ response: some Collection<UInt8>) -> Step {
        guard let secret = base64Decoded(response), !secret.isEmpty else { return Step(reply: "501 5.5.2 Not base64") }
        return Step(reply: "235 2.7.0 Authentication successful")
    }

    // MARK: Envelope

    private mutating func mail(_ argument: String) -> Step {
        guard isGreeted else { return Step(reply: "503 5.5.1 EHLO first") }
        guard sender == nil else { return Step(reply: "503 5.5.1 A sender is given already") }
        guard let (path, parameters) = path(after: "FROM:", in: argument) else {
            return Step(reply: "501 5.5.4 MAIL FROM:<address> is expected")
        }
        for parameter in parameters {
            let pair = parameter.split(separator: "=", maxSplits: 1).map { $0.uppercased() }
            switch (pair.first, pair.dropFirst().first) {
            case ("SIZE"?, let size?):
                guard let size = Int(size) else { return Step(reply: "501 5.5.4 SIZE is not a number") }
                guard size <= SMTPSession.maxSize else { return Step(reply: "552 5.3.4 Message too big") }
            case ("BODY"?, "7BIT"?), ("BODY"?, "8BITMIME"?), ("SMTPUTF8"?, nil), ("AUTH"?, _?): continue
            default: return Step(reply: "555 5.5.4 A parameter is not known")
            }
        }
        sender = path
        return Step(reply: "250 2.1.0 Ok")
    }

    private mutating func recipient(_ argument: String) -> Step {
        guard let sender else { return Step(reply: "503 5.5.1 MAIL first") }
        guard let (path, parameters) = path(after: "TO:", in: argument), path.contains("@") else {
            return Step(reply: "501 5.1.3 RCPT TO:<address> is expected")
        }
        guard parameters.isEmpty else { return Step(reply: "555 5.5.4 A parameter is not known") }
        guard recipients.count < SMTPSession.maxRecipients else { return Step(reply: "452 4.5.3 Too many recipients") }
        func refused(_ status: Int, _ text: String) -> Step {
            let draft = Draft(gateway: .smtp, from: sender, to: path, content: .mail([]))
            let code = String(text.prefix { $0 != " " })
            return Step(reply: "\(status) \(text)", received: [(draft, .refused(status: status, code: code))])
        }
        switch MagicMailbox(to: path) {
        case .bounce?: return refused(550, "5.1.1 No such mailbox")
        case .greylist?: return refused(450, "4.7.1 Greylisted, try again later")
        case .drop?, nil: break
        }
        recipients.append(path)
        return Step(reply: "250 2.1.5 Ok")
    }

    /// The path between angle brackets and the parameters behind it; nil where there is none.
    private func path(after keyword: String, in argument: String) -> (path: String, parameters: [Substring])? {
        guard argument.uppercased().hasPrefix(keyword) else { return nil }
        let rest = trimmed(argument.dropFirst(keyword.count))
        guard rest.hasPrefix("<"), let end = rest.firstIndex(of: ">") else { return nil }
        let parameters = rest[rest.index(after: end)...]
        guard parameters.isEmpty || parameters.hasPrefix(" ") else { return nil }
        return (String(rest[rest.index(after: rest.startIndex)..<end]), parameters.split(separator: " "))
    }

    // MARK: Message

    private mutating func startMessage() -> Step {
        guard !recipients.isEmpty else { return Step(reply: "503 5.5.1 RCPT first") }
        phase = .data
        return Step(reply: "354 End with a dot on a line of its own")
    }

    private mutating func readMessage(_ line: some Collection<UInt8>, makeID: () -> String) -> Step {
        let isDotted = line.first == UInt8(ascii: ".")
        if isDotted && line.count == 1 { return endMessage(makeID: makeID) }
        size += line.count + 2
        guard size <= SMTPSession.maxSize else { return Step() }
        message.append(contentsOf: line.dropFirst(isDotted ? 1 : 0))
        message.append(UInt8(ascii: "\r"))
        message.append(UInt8(ascii: "\n"))
        return Step()
    }

    private mutating func endMessage(makeID: () -> String) -> Step {
        defer { forgetMessage() }
        phase = .commands
        let drafts = recipients.map { Draft(gateway: .smtp, from: sender ?? "", to: $0, content: .mail(message)) }
        if size > SMTPSession.maxSize {
            let answer = SandboxMessage.Answer.refused(status: 552, code: "5.3.4")
            return Step(
                reply: "552 5.3.4 Message too big",
                received: drafts.map { draft in
                    var draft = draft
                    draft.content = .mail([])
                    return (draft, answer)
                })
        }
        if recipients.contains(where: { MagicMailbox(to: $0) == .drop }) {
            return Step(received: drafts.map { ($0, .unanswered) }, closes: true)
        }
        let id = makeID()
        return Step(reply: "250 2.0.0 Ok: queued as \(id)", received: drafts.map { ($0, .accepted(id: id)) })
    }
}
