// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Testing

@testable import DunlinGateways

/// As CallbackGatewayTests, of mail, chat and calls.
@Suite struct CallbackChannelTests {
    @Test func sendgridAndMailgun() throws {
        try CallbackFixture.check(
            """
            events:
              - kind: receipt
                each: /
                attempt: token
                id: sg_message_id
                status: event
                is: {accepted: processed, delivered: delivered, failed: [bounce, dropped], complained: spamreport}
                code: status
                codes: {recipient: ["5.1.*"]}
                at: {field: timestamp, format: unix}
              - {kind: reply, each: /, when: {event: [unsubscribe]}, id: sg_event_id, from: email, understood: {field: event, is: {opt-out: unsubscribe}}}
            """, channel: .email,
            [
                (
                    CallbackFixture.json(
                        #"[{"email":"a@x.org","timestamp":1795000000,"event":"delivered","sg_event_id":"e1","sg_message_id":"m.f","token":"t1"},"#
                            + #"{"email":"b@x.org","timestamp":1795000000,"event":"bounce","status":"5.1.1","token":"t2"},"#
                            + #"{"email":"c@x.org","event":"open","token":"t3"},{"email":"c@x.org","event":"spamreport","token":"t3"},"#
                            + #"{"email":"d@x.org","event":"unsubscribe","sg_event_id":"e5","token":"t4"}]"# + "\r\n"),
                    [
                        "a=t1 delivered 2026-11-18T11:06:40Z",
                        "a=t2 failed recipient-refused code=5.1.1 2026-11-18T11:06:40Z", "a=t3 complained",
                        "reply e5 d@x.org opt-out ''",
                    ]
                )
            ])
        try CallbackFixture.check(
            """
            parse: json
            events:
              - kind: receipt
                when: {/event-data/event: [accepted, delivered, complained]}
                attempt: /event-data/user-variables/token
                status: /event-data/event
                is: {accepted: accepted, delivered: delivered, complained: complained}
                at: {field: /event-data/timestamp, format: unix}
              - kind: receipt
                when: {/event-data/severity: permanent}
                attempt: /event-data/user-variables/token
                status: /event-data/event
                is: {failed: failed}
                code: /event-data/delivery-status/code
            """, channel: .email,
            [
                (
                    CallbackFixture.json(
                        #"{"signature":{"timestamp":"1529006854","token":"a8ce0edb","signature":"d2271d12"},"event-data":{"#
                            + #""event":"delivered","timestamp":1795000000.329574,"user-variables":{"token":"tok-1"}}}"#
                    ),
                    ["a=tok-1 delivered 2026-11-18T11:06:40.329Z"]
                ),
                (
                    CallbackFixture.json(
                        #"{"event-data":{"event":"failed","severity":"permanent","delivery-status":{"code":550},"user-variables":{"token":"t"}}}"#
                    ),
                    ["a=t failed code=550"]
                ),
                (
                    CallbackFixture.json(
                        #"{"event-data":{"event":"failed","severity":"temporary","user-variables":{"token":"t"}}}"#), []
                ),
            ])
    }

    @Test func meta() throws {
        let yaml = """
            parse: json
            events:
              - kind: receipt
                each: /entry/*/changes/*/value/statuses
                attempt: /biz_opaque_callback_data
                id: /id
                status: /status
                is: {accepted: sent, delivered: [delivered, read], failed: failed}
                code: /errors/0/code
                codes: {recipient: 131026, opted-out: 131050}
                at: {field: /timestamp, format: unix}
              - kind: reply
                each: /entry/*/changes/*/value/messages
                id: /id
                from: {field: /from, number: true}
                text: [/text/body, /button/text]
                at: {field: /timestamp, format: unix}
            """
        let statuses =
            #"{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"value":{"messaging_product":"whatsapp","#
            + #""metadata":{"display_phone_number":"16175550100"},"statuses":[{"id":"wamid.HBgN","status":"failed","#
            + #""timestamp":"1795000000","recipient_id":"8613800000000","errors":[{"code":131050,"title":"x"}],"#
            + #""biz_opaque_callback_data":"tok-1"},{"id":"wamid.B","status":"read","timestamp":"1795000000"}]},"#
            + #""field":"messages"}]},{"changes":[{"value":{"statuses":[{"id":"wamid.C","status":"sent"}]}}]}]}"#
        let messages =
            #"{"entry":[{"changes":[{"value":{"messages":[{"from":"8613800000000","id":"wamid.D","timestamp":"1795000000","#
            + #""type":"text","text":{"body":"\u522b\u518d\u53d1\u4e86"}},{"from":"8613800000000","id":"wamid.E","type":"image"},"#
            + #"{"from":"8613800000000","id":"wamid.F","type":"button","button":{"text":"Stop"}}]}}]}]}"#
        try CallbackFixture.check(
            yaml,
            [
                (
                    CallbackFixture.json(statuses),
                    [
                        "a=tok-1 failed opted-out code=131050 2026-11-18T11:06:40Z",
                        "id=wamid.B delivered 2026-11-18T11:06:40Z", "id=wamid.C accepted",
                    ]
                ),
                (
                    CallbackFixture.json(messages),
                    [
                        "reply wamid.D +8613800000000 2026-11-18T11:06:40Z '别再发了'", "reply wamid.E +8613800000000 ''",
                        "reply wamid.F +8613800000000 'Stop'",
                    ]
                ),
            ])
    }

    @Test func line() throws {
        try CallbackFixture.check(
            """
            parse: json
            events:
              - kind: reply
                each: /events
                when: {/type: [message, follow, unfollow]}
                id: /webhookEventId
                from: /source/userId
                text: /message/text
                at: {field: /timestamp, format: unix-ms}
                understood: {field: /type, is: {opt-out: unfollow, opt-in: follow}}
            """, channel: .email,
            [
                (CallbackFixture.json(#"{"destination":"U0","events":[]}"#), []),
                (
                    CallbackFixture.json(
                        #"{"events":[{"type":"unfollow","webhookEventId":"01F","timestamp":1795000000250,"source":{"type":"user","userId":"U4af"}},"#
                            + #"{"type":"join","webhookEventId":"02F"},"#
                            + #"{"type":"message","webhookEventId":"03F","source":{"userId":"U4af"},"message":{"type":"text","text":"配信停止"}}]}"#
                    ),
                    ["reply 01F U4af 2026-11-18T11:06:40.250Z opt-out ''", "reply 03F U4af '配信停止'"]
                ),
            ])
    }

    @Test func weChat() throws {
        try CallbackFixture.check(
            """
            parse: xml
            events:
              - kind: receipt
                when: {Event: TEMPLATESENDJOBFINISH}
                id: MsgID
                status: Status
                is: {delivered: success, failed: ["failed:*"]}
                code: Status
                codes: {opted-out: ["failed:user block"]}
                at: {field: CreateTime, format: unix}
              - {kind: reply, when: {MsgType: text}, id: MsgId, from: FromUserName, to: ToUserName, text: Content}
            answer: {body: success}
            """, channel: .email,
            [
                (
                    CallbackFixture.post(
                        """
                        <xml><ToUserName><![CDATA[gh_7f083739789a]]></ToUserName>
                        <FromUserName><![CDATA[oia2TjuEGTNoeX76QEjQNrcURxG8]]></FromUserName>
                        <CreateTime>1795000000</CreateTime><MsgType><![CDATA[event]]></MsgType>
                        <Event><![CDATA[TEMPLATESENDJOBFINISH]]></Event><MsgID>200163836</MsgID>
                        <Status><![CDATA[failed:user block]]></Status></xml>
                        """, "text/xml"), ["id=200163836 failed opted-out 2026-11-18T11:06:40Z"]
                ),
                (
                    CallbackFixture.post(
                        "<xml><FromUserName><![CDATA[oia2]]></FromUserName><MsgType>text</MsgType><Content><![CDATA[退订 & <b>]]></Content><MsgId>9</MsgId></xml>",
                        "text/xml"), ["reply 9 oia2 '退订 & <b>'"]
                ),
            ])
    }

    @Test func calls() throws {
        try CallbackFixture.check(
            """
            parse: form
            events:
              - kind: question
                when: {CallStatus: in-progress}
                attempt: query a
                key: Digits
                machine: {AnsweredBy: ["machine_*", fax]}
              - kind: receipt
                attempt: query a
                status: CallStatus
                is: {accepted: [queued, initiated, ringing], delivered: completed, failed: [busy, failed, no-answer, canceled]}
                code: SipResponseCode
                answered_by: {field: AnsweredBy, person: human, machine: ["machine_*", fax]}
                seconds: CallDuration
            """, channel: .call,
            [
                (
                    CallbackFixture.post("CallSid=CA1&CallStatus=in-progress&Digits=1", query: "?a=t"),
                    ["question t key=1"]
                ),
                (
                    CallbackFixture.post(
                        "CallSid=CA1&CallStatus=in-progress&AnsweredBy=machine_end_beep", query: "?a=t"),
                    ["question t key=- machine"]
                ),
                (
                    CallbackFixture.post(
                        "CallSid=CA1&CallStatus=completed&CallDuration=31&AnsweredBy=human", query: "?a=t"),
                    ["a=t delivered person 31s"]
                ),
                (
                    CallbackFixture.post("CallSid=CA1&CallStatus=no-answer&SipResponseCode=487", query: "?a=t"),
                    ["a=t failed code=487"]
                ),
            ])
    }
}
