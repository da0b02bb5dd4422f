// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import DunlinServer

@Suite struct TwilioStandInTests {
    static let message = [("To", "+16175550123"), ("From", "+16175550100"), ("Body", "Hello")]
    static let call = [
        ("To", "+16175550123"), ("From", "+16175550100"), ("Twiml", "<Response><Say>Hello</Say></Response>"),
    ]

    /// `base` with fields replaced, added or, where the value is nil, left out.
    static func changed(_ base: [(String, String)], _ changes: [String: String?]) -> [(String, String)] {
        base.filter { changes[$0.0] == nil } + changes.compactMap { name, value in value.map { (name, $0) } }
    }

    func reply(_ resource: TwilioStandIn.Resource, _ fields: [(String, String)], auth: String? = basicAuth)
        -> StandInReply
    {
        let request = StandInRequest(
            account: account, authorization: auth, contentType: "application/x-www-form-urlencoded",
            body: Array(form(fields).utf8))
        return TwilioStandIn(resource: resource).reply(to: request, seed: String(repeating: "0", count: 32))
    }

    @Test(
        arguments: [
            (["To": nil], 21604), (["To": "6175550123"], 21211), (["To": "+0175550123"], 21211),
            (["To": "+1617555012345678"], 21211), (["To": "+1617 5550123"], 21211), (["From": nil], 21603),
            (["From": "+1-617"], 21212), (["From": "A name far too long"], 21212), (["Body": nil], 21602),
            (["Body": ""], 21602), (["Body": String(repeating: "x", count: 1601)], 21617),
            (["StatusCallback": "example.com/cb"], 21609), (["StatusCallback": "https://my_host.example/cb"], 21609),
        ] as [([String: String?], Int)])
    func refusesMessages(changes: [String: String?], code: Int) throws {
        let reply = reply(.messages, Self.changed(Self.message, changes))
        #expect(reply.answer == .refused(status: 400, code: String(code)))
        let error = try #require(JSONSerialization.jsonObject(with: Data(reply.response.body.utf8)) as? [String: Any])
        #expect(error["code"] as? Int == code)
        #expect(error["status"] as? Int == 400)
        #expect(error["more_info"] as? String == "https://www.twilio.com/docs/errors/\(code)")
    }

    @Test(
        arguments: [
            [:], ["From": "Harbor"], ["From": "72345"], ["From": nil, "MessagingServiceSid": "MG1"],
            ["Body": String(repeating: "款", count: 1600)], ["StatusCallback": "https://example.com/cb?token=a"],
        ] as [[String: String?]])
    func takesMessages(changes: [String: String?]) throws {
        let fields = Self.changed(Self.message, changes)
        let reply = reply(.messages, fields)
        #expect(reply.response.status == 201)
        let made = try #require(JSONSerialization.jsonObject(with: Data(reply.response.body.utf8)) as? [String: Any])
        let sid = try #require(made["sid"] as? String)
        #expect(sid.hasPrefix("SM") && sid.count == 34)
        #expect(reply.answer == .accepted(id: sid))
        #expect(made["status"] as? String == "queued")
        #expect(made["body"] as? String == fields.first { $0.0 == "Body" }?.1)
        #expect(made["error_code"] is NSNull)
    }

    @Test(
        arguments: [
            (["To": nil], 21201), (["To": "911"], 21211), (["From": nil], 21213), (["From": "Harbor"], 21212),
            (["Twiml": nil], 21205), (["Twiml": nil, "Url": "not a url"], 21205),
            (["Twiml": "<Response><Say>a & b</Say></Response>"], 12100), (["Twiml": "<Say>a</Say>"], 12100),
            (["Twiml": "<Response>" + String(repeating: " ", count: 4000) + "</Response>"], 20001),
        ] as [([String: String?], Int)])
    func refusesCalls(changes: [String: String?], code: Int) {
        let reply = reply(.calls, Self.changed(Self.call, changes))
        #expect(reply.answer == .refused(status: 400, code: String(code)))
    }

    @Test func takesCalls() throws {
        for changes in [[:], ["Twiml": nil, "Url": "https://example.com/twiml"]] as [[String: String?]] {
            let reply = reply(.calls, Self.changed(Self.call, changes))
            let made = try #require(
                JSONSerialization.jsonObject(with: Data(reply.response.body.utf8)) as? [String: Any])
            let sid = try #require(made["sid"] as? String)
            #expect(sid.hasPrefix("CA") && sid.count == 34)
            #expect(reply.response.status == 201)
        }
    }

    @Test(arguments: [
        nil, "Bearer abc", "Basic !!!", "Basic " + Data("\(account)".utf8).base64EncodedString(),
        "Basic " + Data("\(account):".utf8).base64EncodedString(),
        "Basic " + Data("ACother:secret".utf8).base64EncodedString(),
    ])
    func wantsBasicAuth(header: String?) {
        let reply = reply(.messages, Self.message, auth: header)
        #expect(reply.answer == .refused(status: 401, code: "20003"))
        #expect(reply.response.body.contains(#""code":20003"#))
    }

    @Test func wantsAForm() {
        let request = StandInRequest(
            account: account, authorization: basicAuth, contentType: "application/json",
            body: Array(form(Self.message).utf8))
        let reply = TwilioStandIn(resource: .messages).reply(to: request, seed: "0")
        #expect(reply.answer == .refused(status: 400, code: "21604"))
    }

    @Test(arguments: TwilioStandIn.Resource.allCases, MagicNumber.allCases)
    func mindsMagicNumbers(resource: TwilioStandIn.Resource, magic: MagicNumber) {
        let base = resource == .messages ? Self.message : Self.call
        let reply = reply(resource, Self.changed(base, ["To": "+1617555\(magic.rawValue)"]))
        switch magic {
        case .refused: #expect(reply.answer == .refused(status: 400, code: "21211"))
        case .throttled:
            #expect(reply.answer == .refused(status: 429, code: "20429"))
            #expect(reply.response.retryAfter == 5)
        case .unavailable: #expect(reply.response.status == 503)
        case .slow:
            #expect(reply.manner == .late)
            #expect(reply.response.status == 201)
        case .silent:
            #expect(reply.manner == .never)
            #expect(reply.answer == .unanswered)
        }
    }
}
