// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import DunlinServer

@Suite struct KannelStandInTests {
    func reply(_ query: String) -> StandInReply {
        KannelStandIn().reply(to: StandInRequest(query: query), seed: "0")
    }

    @Test(arguments: [
        ("username=u&password=p&to=%2B16175550123&text=hi", 202, "0: Accepted for delivery"),
        ("username=u&password=p&to=16175550123&text=", 202, "0: Accepted for delivery"),
        ("to=16175550123&text=hi", 403, "Authorization failed for sendsms"),
        ("username=u&to=16175550123&text=hi", 403, "Authorization failed for sendsms"),
        ("username=u&password=p&text=hi", 400, "Missing receiver number, rejected"),
        ("username=u&password=p&to=&text=hi", 400, "Empty receiver number not allowed, rejected"),
        ("username=u&password=p&to=alex&text=hi", 400, "Number(s) has/have been denied by white- and/or black-lists."),
        (
            "username=u&password=p&to=6175550001&text=hi", 400,
            "Number(s) has/have been denied by white- and/or black-lists."
        ),
        ("username=u&password=p&to=6175550003&text=hi", 503, "Temporal failure, try again later."),
    ])
    func answersAsKannelDoes(query: String, status: Int, body: String) {
        let reply = reply(query)
        #expect(reply.response.status == status)
        #expect(reply.response.body == body)
    }

    @Test(arguments: [
        ("coding=0&charset=UTF-8&text=caf%C3%A9", "café"), ("coding=2&charset=UTF-8&text=%E6%AC%BE", "款"),
        ("coding=2&text=%6B%3E", "款"), ("charset=ISO-8859-1&text=caf%E9", "café"), ("text=a+b%2Bc", "a b+c"),
    ])
    func readsTheTextInItsCharset(query: String, text: String) {
        let reply = reply("username=u&password=p&to=16175550123&" + query)
        #expect(reply.drafts.map(\.content) == [.sms(text)])
    }

    @Test func sendsToEveryReceiver() {
        let reply = reply("username=u&password=hunter2&to=16175550123+16175550124&text=hi")
        #expect(reply.drafts.map(\.to) == ["16175550123", "16175550124"])
        #expect(!reply.drafts.flatMap(\.fields).contains { $0.value.contains("hunter2") })
    }

    @Test func mindsMagicNumbers() {
        #expect(reply("username=u&password=p&to=%2B16175550002&text=hi").response.retryAfter == 5)
        #expect(reply("username=u&password=p&to=%2B16175550004&text=hi").manner == .late)
        #expect(reply("username=u&password=p&to=%2B16175550005&text=hi").manner == .never)
    }
}

@Suite struct JSONStandInTests {
    @Test(arguments: [
        (#"{"to":"+16175550123","text":"hi"}"#, 202, ""),
        (#"{"to":"+16175550123","from":"Harbor","text":"hi","more":1}"#, 202, ""),
        (#"{"to":"6175550123","text":"hi"}"#, 400, "invalid_recipient"),
        (#"{"to":"+16175550123","text":""}"#, 400, "empty_text"), (#"{"to":"+16175550123"}"#, 400, "invalid_request"),
        ("garbage", 400, "invalid_request"), ("", 400, "invalid_request"),
        (#"{"to":"+16175550001","text":"hi"}"#, 400, "invalid_recipient"),
        (#"{"to":"+16175550002","text":"hi"}"#, 429, "too_many_requests"),
        (#"{"to":"+16175550003","text":"hi"}"#, 503, "unavailable"),
    ])
    func answers(body: String, status: Int, code: String) {
        let reply = JSONStandIn().reply(to: StandInRequest(body: Array(body.utf8)), seed: "0")
        #expect(reply.response.status == status)
        #expect(reply.response.code == code)
    }
}
