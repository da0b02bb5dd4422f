// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Testing

@testable import DunlinGateways

/// Callbacks as gateways document them, and what has to be read out of them. The definitions hold what these need; those that
/// ship are tested with their own fixtures.
@Suite struct CallbackGatewayTests {
    @Test func twilio() throws {
        try CallbackFixture.check(
            """
            events:
              - kind: receipt
                when: {MessageStatus: "*"}
                attempt: query a
                id: MessageSid
                status: MessageStatus
                is: {accepted: [queued, sending, sent], delivered: [delivered, read], failed: [failed, undelivered]}
                code: ErrorCode
                codes: {recipient: [30005, 30006], opted-out: [21610]}
              - kind: reply
                when: {Body: "*"}
                id: MessageSid
                from: From
                to: To
                text: Body
                understood: {field: OptOutType, is: {opt-out: STOP, opt-in: START, help: HELP}}
            """,
            [
                (
                    CallbackFixture.post(
                        "SmsSid=SM2&SmsStatus=delivered&MessageStatus=delivered&To=%2B16175550123&MessageSid=SM2&AccountSid=AC1",
                        query: "?a=tok-7"), ["a=tok-7 delivered"]
                ),
                (
                    CallbackFixture.post("MessageStatus=undelivered&MessageSid=SM2&ErrorCode=30005", query: "?a=tok-7"),
                    ["a=tok-7 failed recipient-refused code=30005"]
                ),
                (
                    CallbackFixture.post("MessageStatus=failed&MessageSid=SM2&ErrorCode=21610"),
                    ["id=SM2 failed opted-out code=21610"]
                ),
                // A status that nobody knows yet is no mistake of anybody's.
                (CallbackFixture.post("MessageStatus=partially_delivered&MessageSid=SM2", query: "?a=t"), []),
                (
                    CallbackFixture.post(
                        "MessageSid=SM3&From=%2B16175550123&To=%2B16175550100&Body=Stop%21+%F0%9F%9B%91&OptOutType=STOP"
                    ),
                    ["reply SM3 +16175550123 to=+16175550100 opt-out 'Stop! 🛑'"]
                ),
                (CallbackFixture.post("MessageSid=SM4&From=72345&To=&Body="), ["reply SM4 72345 ''"]),
            ])
    }

    @Test func vonage() throws {
        try CallbackFixture.check(
            """
            events:
              - kind: receipt
                when: {status: "*"}
                attempt: client-ref
                id: messageId
                status: status
                is: {accepted: [accepted, buffered], delivered: delivered, failed: [failed, rejected, expired]}
                code: err-code
                codes: {recipient: [3, 4, 9], opted-out: [1240]}
                at: {field: message-timestamp, format: "YYYY-MM-DD HH:mm:ss ZZ"}
              - {kind: reply, when: {text: "*"}, id: messageId, from: msisdn, to: to, text: text}
            """,
            [
                // By GET, as a form or as JSON: an account's setting says which.
                (
                    CallbackFixture.get(
                        "?msisdn=447700900001&to=Harbor&messageId=0A0&status=delivered&err-code=0&client-ref=tok-1"
                            + "&message-timestamp=2026-11-21+18%3A50%3A01+%2B0000"),
                    ["a=tok-1 delivered code=0 2026-11-21T18:50:01Z"]
                ),
                (
                    CallbackFixture.json(
                        #"{"msisdn":"447700900001","messageId":"0A0","status":"failed","err-code":"9","client-ref":"tok-1"}"#
                    ),
                    ["a=tok-1 failed recipient-refused code=9"]
                ),
                (
                    CallbackFixture.post("msisdn=447700900001&to=447700900000&messageId=0B1&text=I+paid&keyword=I"),
                    ["reply 0B1 +447700900001 to=+447700900000 'I paid'"]
                ),
            ])
    }

    @Test func infobip() throws {
        try CallbackFixture.check(
            """
            parse: json
            events:
              - kind: receipt
                each: /results
                attempt: /callbackData
                id: /messageId
                status: /status/groupName
                is: {accepted: PENDING, delivered: DELIVERED, failed: [UNDELIVERABLE, EXPIRED, REJECTED]}
                code: /error/id
                codes: {recipient: [1, 9], opted-out: 10}
                at: {field: /doneAt, format: "YYYY-MM-DDTHH:mm:ss.SSSZZ"}
              - kind: reply
                each: /results
                when: {/text: "*"}
                id: /messageId
                from: /from
                to: /to
                text: /text
                at: {field: /receivedAt, format: "YYYY-MM-DDTHH:mm:ss.SSSZZ"}
            """,
            [
                (
                    CallbackFixture.json(
                        #"{"results":[{"bulkId":"b","messageId":"m1","to":"4366412345","doneAt":"2026-11-21T18:50:01.250+0100","#
                            + #""callbackData":"tok-1","status":{"groupId":3,"groupName":"DELIVERED"},"error":{"groupId":0,"id":0}},"#
                            + #"{"messageId":"m2","status":{"groupName":"UNDELIVERABLE"},"error":{"id":9,"permanent":true}},"#
                            + #"{"messageId":"m3","status":{"groupName":"NEW_GROUP"}}]}"#),
                    [
                        "a=tok-1 delivered code=0 2026-11-21T17:50:01.250Z", "id=m2 failed recipient-refused code=9",
                    ]
                ),
                (
                    CallbackFixture.json(
                        #"{"results":[{"messageId":"r1","from":"4366412345","to":"43664","text":"Zahle \u00fcbermorgen \ud83d\ude00\nGru\u00df","#
                            + #""receivedAt":"2026-11-21T18:50:01.000+0000"}],"messageCount":1,"pendingMessageCount":0}"#
                    ),
                    ["reply r1 +4366412345 to=43664 2026-11-21T18:50:01Z 'Zahle übermorgen 😀 Gruß'"]
                ),
            ])
    }

    @Test func telnyx() throws {
        try CallbackFixture.check(
            """
            parse: json
            events:
              - kind: receipt
                when: {/data/event_type: [message.sent, message.finalized]}
                attempt: query a
                id: /data/payload/id
                status: /data/payload/to/0/status
                is: {accepted: [queued, sending, sent], delivered: delivered, failed: [sending_failed, delivery_failed, expired]}
                code: /data/payload/errors/0/code
                codes: {recipient: 40001, opted-out: 40300}
                at: {field: /data/occurred_at, format: rfc3339}
              - kind: reply
                when: {/data/event_type: message.received}
                id: /data/payload/id
                from: /data/payload/from/phone_number
                to: /data/payload/to/0/phone_number
                text: /data/payload/text
            """,
            [
                (
                    CallbackFixture.json(
                        #"{"data":{"event_type":"message.finalized","id":"e","occurred_at":"2026-11-21T18:50:01.123Z","payload":{"#
                            + #""errors":[{"code":"40300","title":"Blocked"}],"id":"m","to":[{"phone_number":"+1617","#
                            + #""status":"delivery_failed"}]},"record_type":"event"},"meta":{"attempt":1}}"#,
                        query: "?a=tok-9"),
                    ["a=tok-9 failed opted-out code=40300 2026-11-21T18:50:01.123Z"]
                ),
                (
                    CallbackFixture.json(
                        #"{"data":{"event_type":"message.received","payload":{"id":"m2","from":{"phone_number":"+16175550123"},"#
                            + #""to":[{"phone_number":"+16175550100"}],"text":"STOP"}}}"#),
                    ["reply m2 +16175550123 to=+16175550100 'STOP'"]
                ),
            ])
    }

    @Test func kannelAndJasmin() throws {
        try CallbackFixture.check(
            """
            parse: form
            events:
              - kind: receipt
                attempt: query a
                status: query type
                is: {accepted: [4, 8], delivered: 1, failed: [2, 16]}
              - {kind: reply, when: {text: "*", from: "*"}, id: id, from: from, to: to, text: text}
            """,
            [
                (CallbackFixture.get("?a=tok-1&type=8&answer=ACK%2F"), ["a=tok-1 accepted"]),
                (CallbackFixture.get("?a=tok-1&type=1"), ["a=tok-1 delivered"]),
                (
                    CallbackFixture.get("?from=8613800000000&to=12345&text=STOP&ts=1795000000&smsc=s&id=9f2"),
                    ["reply 9f2 +8613800000000 to=12345 'STOP'"]
                ),
                // Latin-1 where UTF-8 was agreed: the words that can be read are worth more than none.
                (
                    CallbackFixture.get("?from=491701234567&text=H%F6rt+auf&id=1"),
                    ["reply 1 +491701234567 'H\u{FFFD}rt auf'"]
                ),
            ])
        try CallbackFixture.check(
            """
            parse: form
            events:
              - {kind: receipt, attempt: query a, id: id, status: message_status, is: {accepted: ESME_ROK, delivered: DELIVRD, failed: [UNDELIV, "ESME_R*"]}}
              - {kind: reply, when: {coding: 8}, id: id, from: from, to: to, text: {field: binary, format: utf16hex}}
            answer: {type: text/plain, body: ACK/Jasmin}
            """,
            [
                (CallbackFixture.post("id=u1&message_status=ESME_ROK&level=1", query: "?a=t"), ["a=t accepted"]),
                (CallbackFixture.post("id=u1&message_status=ESME_RINVDSTADR&level=1", query: "?a=t"), ["a=t failed"]),
                (
                    CallbackFixture.post("id=u2&from=8613800000000&to=12345&coding=8&content=%90%00&binary=90008ba2"),
                    ["reply u2 +8613800000000 to=12345 '退订'"]
                ),
            ])
    }

    @Test func alibabaAndTencent() throws {
        try CallbackFixture.check(
            """
            parse: json
            events:
              - kind: receipt
                each: /
                attempt: /out_id
                id: /biz_id
                status: /success
                is: {delivered: true, failed: false}
                code: /err_code
                codes: {recipient: [MOBILE_NOT_ON_SERVICE], opted-out: [MOBILE_IN_BLACK]}
                at: {field: /report_time, format: "YYYY-MM-DD HH:mm:ss +08:00"}
              - kind: reply
                each: /
                when: {/content: "*"}
                id: /sequence_id
                from: {field: /phone_number, country: 86}
                to: /dest_code
                text: /content
                at: {field: /send_time, format: "YYYY-MM-DD HH:mm:ss +08:00"}
            answer: {type: application/json, body: '{"code":0,"msg":"ok"}'}
            """,
            [
                (
                    CallbackFixture.json(
                        #"[{"phone_number":"13800000000","send_time":"2026-11-22 02:50:00","report_time":"2026-11-22 02:50:09","#
                            + #""success":true,"err_code":"DELIVERED","err_msg":"用户接收成功","sms_size":"1","biz_id":"b1","out_id":"tok-1"},"#
                            + #"{"success":false,"err_code":"MOBILE_IN_BLACK","report_time":"soon","biz_id":"b2"},"#
                            + #"{"success":false,"err_code":"用户拒收","biz_id":"b3"}]"#),
                    [
                        "a=tok-1 delivered code=DELIVERED 2026-11-21T18:50:09Z",
                        "id=b2 failed opted-out code=MOBILE_IN_BLACK", "id=b3 failed",
                    ]
                ),
                (
                    CallbackFixture.json(
                        #"[{"phone_number":"13800000000","send_time":"2026-11-22 02:50:00","content":"TD","sign_name":"x","#
                            + #""dest_code":"1069","sequence_id":4711}]"#),
                    ["reply 4711 +8613800000000 to=1069 2026-11-21T18:50:00Z 'TD'"]
                ),
            ])
        try CallbackFixture.check(
            """
            parse: json
            events:
              - {kind: receipt, each: /, attempt: /ext, id: /sid, status: /report_status, is: {delivered: SUCCESS, failed: FAIL}, code: /errmsg}
              - kind: reply
                when: {/text: "*"}
                from: {join: [/nationcode, /mobile]}
                text: /text
                at: {field: /time, format: unix}
            """,
            [
                (
                    CallbackFixture.json(
                        #"[{"user_receive_time":"2026-11-22 02:50:00","nationcode":"86","mobile":"13800000000","report_status":"SUCCESS","#
                            + #""errmsg":"DELIVRD","description":"用户短信送达成功","sid":"8:abc20261122"}]"#),
                    ["id=8:abc20261122 delivered code=DELIVRD"]
                ),
                (
                    CallbackFixture.json(
                        #"{"extend":"01","mobile":"13800000000","nationcode":"86","sign":"x","text":"退订","time":1795000000}"#
                    ),
                    ["reply sha256:fe0bd1f5497cd490b6464d362d6b509b +8613800000000 2026-11-18T11:06:40Z '退订'"]
                ),
            ])
    }

    @Test func msg91AndSNS() throws {
        try CallbackFixture.check(
            """
            parse: json-in data
            events:
              - {kind: receipt, each: /*/report, attempt: /CRQID, id: document /*/requestId, status: /status, is: {delivered: 1, failed: [2, 9, 16]}}
            """,
            [
                (
                    CallbackFixture.post(
                        "data=%5B%7B%22requestId%22%3A%22q1%22%2C%22report%22%3A%5B%7B%22number%22%3A%2291%22%2C%22status%22%3A%221%22%2C"
                            + "%22CRQID%22%3A%22tok-1%22%7D%2C%7B%22status%22%3A%229%22%7D%5D%7D%5D"),
                    ["a=tok-1 delivered", "id=q1 failed"]
                ),
                (CallbackFixture.post("data=%5B"), ["malformed"]), (CallbackFixture.post("dat=%5B%5D"), ["malformed"]),
            ])
        try CallbackFixture.check(
            """
            parse: json-in /Message
            events:
              - kind: receipt
                when: {/eventType: Bounce, /bounce/bounceType: Permanent}
                attempt: /mail/tags/token/0
                id: /mail/messageId
                status: /eventType
                is: {failed: Bounce}
                code: /bounce/bouncedRecipients/0/status
                codes: {recipient: ["5.1.*"]}
                at: {field: /bounce/timestamp, format: rfc3339}
            """, channel: .email,
            [
                (
                    CallbackFixture.json(
                        #"{"Type":"Notification","MessageId":"x","Message":"{\"eventType\":\"Bounce\",\"bounce\":{\"bounceType\":\"Permanent\","#
                            + #"\"bouncedRecipients\":[{\"emailAddress\":\"a@x.org\",\"status\":\"5.1.1\"}],\"timestamp\":\"2026-11-21T18:50:01.000Z\"},"#
                            + #"\"mail\":{\"messageId\":\"m\",\"tags\":{\"token\":[\"tok-1\"]}}}"}"#),
                    ["a=tok-1 failed recipient-refused code=5.1.1 2026-11-21T18:50:01Z"]
                )
            ])
    }
}
