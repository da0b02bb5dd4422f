// SPDX-License-Identifier: Apache-2.0

/// Speaks one gateway's dialect: reads its requests and answers in its shape. Keeps nothing.
protocol StandIn: Sendable {
    /// The messages of a request, one a recipient and at least one, and the refusal if it cannot be taken.
    func read(_ request: StandInRequest) -> (drafts: [Draft], refusal: StandInResponse?)
    /// Ids are unique within a run; `seed` is 32 hexadecimal digits.
    func accepted(_ drafts: [Draft], seed: String, in request: StandInRequest) -> (
        id: String, response: StandInResponse
    )
    /// How the gateway says that it does not take them.
    func refusal(for trouble: GatewayTrouble, drafts: [Draft]) -> StandInResponse
}

/// The parts of an HTTP request that stand-ins look at.
struct StandInRequest {
    /// The account in the path, where there is one.
    var account = ""
    var authorization: String?
    var contentType: String?
    var query = ""
    var body: [UInt8] = []
    /// The time of receipt, as RFC 5322 and HTTP write it.
    var date = ""
}

struct StandInResponse: Hashable {
    var status: Int
    var contentType: String
    var body: String
    /// The gateway's own error code, for the outbox.
    var code: String
    /// In seconds.
    var retryAfter: Int?

    init(status: Int, contentType: String, body: String, code: String = "", retryAfter: Int? = nil) {
        self.status = status
        self.contentType = contentType
        self.body = body
        self.code = code
        self.retryAfter = retryAfter
    }

    static func json(_ status: Int, _ body: JSON, code: String = "", retryAfter: Int? = nil) -> StandInResponse {
        StandInResponse(
            status: status, contentType: "application/json", body: body.text, code: code, retryAfter: retryAfter)
    }

    static func plain(_ status: Int, _ body: String, retryAfter: Int? = nil) -> StandInResponse {
        StandInResponse(
            status: status, contentType: "text/html", body: body, code: String(status), retryAfter: retryAfter)
    }
}

/// What a stand-in makes of one request: what to keep, and what to answer when.
struct StandInReply {
    enum Manner { case atOnce, late, never }

    var drafts: [Draft]
    var answer: SandboxMessage.Answer
    var response: StandInResponse
    var manner: Manner
}

extension StandIn {
    /// Reads, minds the magic numbers, and answers. With several recipients the first magic one decides for all.
    func reply(to request: StandInRequest, seed: String) -> StandInReply {
        let (drafts, refusal) = read(request)
        func refused(_ response: StandInResponse) -> StandInReply {
            let answer = SandboxMessage.Answer.refused(status: response.status, code: response.code)
            return StandInReply(drafts: drafts, answer: answer, response: response, manner: .atOnce)
        }
        if let refusal { return refused(refusal) }
        let magic = drafts.lazy.compactMap { MagicNumber(to: $0.to) }.first
        if let trouble = magic?.trouble { return refused(self.refusal(for: trouble, drafts: drafts)) }
        let (id, response) = accepted(drafts, seed: seed, in: request)
        let manner: StandInReply.Manner = magic == .slow ? .late : magic == .silent ? .never : .atOnce
        let answer: SandboxMessage.Answer = manner == .never ? .unanswered : .accepted(id: id)
        return StandInReply(drafts: drafts, answer: answer, response: response, manner: manner)
    }
}

/// Whether it is a plus and 7 to 15 digits, the first not 0 (ITU-T E.164; the shortest in use have 7).
func isE164(_ number: String) -> Bool {
    let digits = number.utf8.dropFirst()
    return number.utf8.first == UInt8(ascii: "+") && (7...15).contains(digits.count)
        && digits.first != UInt8(ascii: "0") && digits.allSatisfy { (0x30...0x39).contains($0) }
}

extension [FormField] {
    /// The first value of this name; nil where it is missing or empty.
    subscript(name: String) -> String? {
        first { $0.name == name }.flatMap { $0.value.isEmpty ? nil : $0.value }
    }
}
