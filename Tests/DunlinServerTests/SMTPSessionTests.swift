// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import DunlinServer

@Suite struct SMTPSessionTests {
    /// Says each line and returns the code of each reply; nil where nothing is said.
    func codes(_ lines: [String], in session: inout SMTPSession) -> [Int?] {
        lines.map { line in
            session.read(line.utf8) { "id-1" }.reply.flatMap { Int($0.prefix(3)) }
        }
    }

    @Test(
        arguments: [
            (["MAIL FROM:<a@x>"], [503]), (["HELO me", "MAIL FROM:<a@x>", "RCPT TO:<b@x>"], [250, 250, 250]),
            (["EHLO me", "RCPT TO:<b@x>"], [250, 503]), (["EHLO me", "DATA"], [250, 503]),
            (["EHLO me", "MAIL FROM:<a@x>", "DATA"], [250, 250, 503]), (["EHLO me", "mail from:<a@x>"], [250, 250]),
            (["EHLO me", "MAIL FROM:<>"], [250, 250]),
            (["EHLO me", "MAIL FROM: <a@x> SIZE=100 BODY=8BITMIME"], [250, 250]),
            (["EHLO me", "MAIL FROM:<a@x> SIZE=1048577"], [250, 552]),
            (["EHLO me", "MAIL FROM:<a@x> SIZE=1048576"], [250, 250]),
            (["EHLO me", "MAIL FROM:<a@x>> RET=HDRS"], [250, 501]),
            (["EHLO me", "MAIL FROM:<a@x> RET=HDRS"], [250, 555]),
            (["EHLO me", "MAIL FROM:a@x"], [250, 501]),
            (["EHLO me", "MAIL FROM:<a@x>", "MAIL FROM:<a@x>"], [250, 250, 503]),
            (["EHLO me", "MAIL FROM:<a@x>", "RSET", "RCPT TO:<b@x>"], [250, 250, 250, 503]),
            (["EHLO me", "MAIL FROM:<a@x>", "RCPT TO:<nobody>"], [250, 250, 501]),
            (["NOOP", "VRFY a", "STARTTLS", "", "QUIT"], [250, 252, 500, 500, 221]),
            (["EHLO me", "AUTH PLAIN AHUAcA=="], [250, 235]),
            (["EHLO me", "AUTH PLAIN", "AHUAcA=="], [250, 334, 235]),
            (["EHLO me", "AUTH LOGIN", "dQ==", "cA=="], [250, 334, 334, 235]),
            (["EHLO me", "AUTH PLAIN !"], [250, 501]), (["EHLO me", "AUTH CRAM-MD5"], [250, 504]),
            (["AUTH PLAIN AHUAcA=="], [503]),
            (["EHLO me", "MAIL FROM:<a@x>", "RCPT TO:<bounce-7@x>"], [250, 250, 550]),
            (["EHLO me", "MAIL FROM:<a@x>", "RCPT TO:<Greylist@x>", "RCPT TO:<b@x>"], [250, 250, 450, 250]),
        ] as [([String], [Int])])
    func keepsToTheProtocol(lines: [String], expected: [Int]) {
        var session = SMTPSession()
        #expect(codes(lines, in: &session) == expected)
    }

    static let envelope = ["EHLO me", "MAIL FROM:<a@x>", "RCPT TO:<b@x>", "RCPT TO:<c@x>", "DATA"]

    @Test func deliversToEveryRecipientWithDotsUnstuffed() {
        var session = SMTPSession()
        #expect(codes(Self.envelope, in: &session).last == 354)
        for line in ["Subject: hi", "", "..a dot", ".."] { #expect(session.read(line.utf8) { "id-1" }.reply == nil) }
        let step = session.read(".".utf8) { "id-1" }
        #expect(step.reply == "250 2.0.0 Ok: queued as id-1")
        #expect(step.received.map(\.draft.to) == ["b@x", "c@x"])
        #expect(step.received.map(\.answer) == [.accepted(id: "id-1"), .accepted(id: "id-1")])
        #expect(step.received.first?.draft.content == .mail(Array("Subject: hi\r\n\r\n.a dot\r\n.\r\n".utf8)))
        // The envelope does not reach into the next message.
        #expect(codes(["DATA", "MAIL FROM:<a@x>", "DATA"], in: &session) == [503, 250, 503])
    }

    @Test func refusesWhatIsTooBigAndGoesOn() {
        var session = SMTPSession()
        _ = codes(Self.envelope, in: &session)
        let line = String(repeating: "x", count: 1022)
        for _ in 0...1024 { #expect(session.read(line.utf8) { "id-1" }.reply == nil) }
        let step = session.read(".".utf8) { "id-1" }
        #expect(step.reply?.hasPrefix("552 5.3.4") == true)
        #expect(
            step.received.map(\.answer) == [.refused(status: 552, code: "5.3.4"), .refused(status: 552, code: "5.3.4")])
        #expect(codes(["MAIL FROM:<a@x>"], in: &session) == [250])
    }

    @Test func takesExactlyTheAnnouncedSize() {
        var session = SMTPSession()
        _ = codes(Self.envelope, in: &session)
        let line = String(repeating: "x", count: 1022)
        for _ in 0..<1024 { _ = session.read(line.utf8) { "id-1" } }
        #expect(codes(["."], in: &session) == [250])
    }

    @Test func closesTheLineAfterTheDotForDrop() {
        var session = SMTPSession()
        _ = codes(["EHLO me", "MAIL FROM:<a@x>", "RCPT TO:<drop@x>", "DATA", "text"], in: &session)
        let step = session.read(".".utf8) { "id-1" }
        #expect(step.reply == nil)
        #expect(step.closes)
        #expect(step.received.map(\.answer) == [.unanswered])
    }
}
