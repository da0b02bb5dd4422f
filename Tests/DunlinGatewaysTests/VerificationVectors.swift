// SPDX-License-Identifier: Apache-2.0

/// Published signatures where there are any (`[published]`), else made with the vendor's own library from PyPI.
extension VerificationCase {
    private static let form = "application/x-www-form-urlencoded; charset=utf-8"
    private static let event = #"{"id":"m-1","status":"delivered"}"#
    private static let call =
        "CallSid=CA1234567890ABCDE&Digits=1234&From=%2B14158675309&To=%2B18005551212&Caller=%2B14158675309"
    private static let key = ["key": "callback-secret"]

    private static func twilio(
        _ name: String, _ url: String, _ signature: String, body: String = call, settings: String? = nil
    ) -> Self {
        var headers = ["content-type": form, "x-twilio-signature": signature]
        headers["x-twilio-webhooks-signature-settings"] = settings
        return .init(
            name: "twilio \(name)", verify: "twilio: {key: '{config.key}'}", settings: ["key": "12345"], url: url,
            headers: headers, body: body, covers: [.body, .url])
    }

    private static let twilioURL = "https://mycompany.com/myapp.php?foo=1&bar=2"
    static let twilioCases: [Self] = [
        // [published] twilio-python's tests; each holds for the URL with and without its port.
        twilio("form", twilioURL, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        twilio("told with a port", "https://mycompany.com:443/myapp.php?foo=1&bar=2", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        twilio("signed with a port", twilioURL, "kvajT1Ptam85bY51eRf/AJRuM3w="),
        twilio("http", "http://mycompany.com/myapp.php?foo=1&bar=2", "0ZXoZLH/DfblKGATFgpif+LLRf4="),
        twilio("other port", "http://mycompany.com:1234/myapp.php?foo=1&bar=2", "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
        twilio(
            "repeated fields", twilioURL, "IK+Dwps556ElfBT0I3Rgjkr1wJU=",
            body: "Sid=CA123&SidAccount=AC123&Digits=5678&Digits=1234&Digits=1234"),
        twilio(
            "SHA-256", twilioURL, "033hgUJA9M/hXIZsYjwkerEP/DBm35nEri5FhCYjA5s=",
            settings: "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"),
        .init(
            name: "twilio JSON", verify: "twilio: {key: '{config.key}'}", settings: ["key": "12345"],
            url: twilioURL + "&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620",
            headers: ["content-type": "application/json", "x-twilio-signature": "a9nBmqA0ju/hNViExpshrM61xv4="],
            body: #"{"property": "value", "boolean": true}"#, covers: [.body, .url]),
    ]

    private static func vonage(_ name: String, _ hash: String, _ query: String, _ sig: String, post: Bool = false)
        -> Self
    {
        let url = "https://dunlin.example.com/callbacks/g"
        return .init(
            name: "vonage \(name)", verify: "vonage-signature: {key: '{config.key}', hash: \(hash)}",
            settings: ["key": "signature_secret"], method: post ? "POST" : "GET",
            url: post ? url : "\(url)?\(query)&sig=\(sig)", headers: post ? ["content-type": form] : [:],
            body: post ? "\(query)&sig=\(sig)" : "", at: 1_234_567_890, covers: post ? [.body] : [.url], isTimed: true)
    }

    static let vonageCases: [Self] = [
        // [published] vonage-python-sdk's tests.
        vonage(
            "SHA-256", "sha256", "param2=value2&param1=value1&timestamp=1234567890",
            "280c4320703dbc98bfa22db676655ed2acfbfe8792b062ff7622e67f1183c287"),
        vonage(
            "MD5", "md5", "param1=value1&param2=value2&timestamp=1234567890", "724c2bf6ca423c36e20631b11d1c5753",
            post: true),
        vonage(
            "upper case", "md5", "param=value&timestamp=1234567890", "655A4D0B7F064DFF438DEFC52B012CF5"),
        vonage(
            "special characters", "md5", "param1=value%261&param2=value%3D2&timestamp=1234567890",
            "2bbf0abafb2c55e5af6231513896a2ac", post: true),
        .init(
            name: "vonage-jwt", verify: "vonage-jwt: {key: '{config.key}'}", settings: ["key": tokenKey],
            headers: ["authorization": "Bearer " + vonageToken], body: event, isTimed: true),
    ]
    static let tokenKey = "a-signature-secret-of-32-bytes-ok"
    static let vonageToken =
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpYXQiOjE3MDAwMDAwMDAsImp0aSI6ImoiLCJpc3MiOiJWb25hZ2UiLCJwYXlsb2FkX2hhc2giOiJkNTEzYzhhYWQzNDMzZWNiZTQyZTA4MzczMmMyNGRiNWVkYzVkOGU1MjBjMzk3NzI0YjBjZGJjYTZmZGYyNDM1IiwiYXBpX2tleSI6ImFiY2QiLCJhcHBsaWNhdGlvbl9pZCI6IngifQ.Mq49EMgo-eb63kwTsnIbyq3P5rl8DYM95YeFrNS2vUI"

    private static func plivo(
        _ name: String, _ version: String, _ signature: String, query: String = "", body: String = ""
    )
        -> Self
    {
        .init(
            name: "plivo \(name)", verify: "plivo: {key: '{config.key}'}", settings: ["key": "my_auth_token"],
            method: body.isEmpty ? "GET" : "POST",
            url: version == "v2" ? "https://answer.url" : "https://dunlin.example.com/callbacks/plivo\(query)",
            headers: [
                "x-plivo-signature-\(version)": signature, "x-plivo-signature-\(version)-nonce": "12345",
                "content-type": form,
            ], body: body, covers: body.isEmpty ? [.url] : [.body, .url])
    }

    private static let plivoForm = "MessageUUID=m-1&Status=delivered&To=16175550123"
    static let plivoCases: [Self] = [
        // [published] plivo-python's tests.
        plivo("V2", "v2", "ehV3IKhLysWBxC1sy8INm0qGoQYdYsHwuoKjsX7FsXc="),
        plivo(
            "V3", "v3", "8G5lt5iu5bGvHvUNEOJEraNhJQ5zgaHuOt/MjoSAT0Y=", query: "?a=tok-1&b=2", body: plivoForm),
        plivo("V3 without a query", "v3", "rMnCQZGS+PnPCQiGmDogZZ8pYXvJXiACOXUTNxGO5X4=", body: plivoForm),
        plivo("V3 GET", "v3", "F+7Kb2asrQF/bHzH1EVbhBvLMuT+Gm6APxdlRL5R5rg=", query: "?b=2&a=tok-1"),
        plivo(
            "V3 with two keys", "v3",
            "AAAAb2asrQF/bHzH1EVbhBvLMuT+Gm6APxdlRL5R5rg=,rMnCQZGS+PnPCQiGmDogZZ8pYXvJXiACOXUTNxGO5X4=",
            body: plivoForm),
    ]

    private static let sinchBody =
        #"{"app_id":"01EB37HMH1M6SV18BSNS3G135H","accepted_time":"2020-11-17T15:09:11.659Z","project_id":"c36f3d3d-1513-2edd-ae42-11995557ff61","message_delivery_report":{"message_id":"01EQBC1A3BEK731GY4YXEN0C2R","conversation_id":"01EPYATA64TMNZ1FV02JKF12JF","status":"QUEUED_ON_CHANNEL","contact_id":"01EXA07N79THJ20WSN6AS30TMW"}}"#
    private static let sinchNumbersBody =
        #"{"eventId":"event_id","timestamp":"2025-04-08T10:38:04.854087603","projectId":"project-id","resourceId":"+1234567890","resourceType":"ACTIVE_NUMBER","eventType":"PROVISIONING_TO_VOICE_PLATFORM","status":"SUCCEEDED","failureCode":null,"internalFailureCode":null}"#
    private static let sendgridBody =
        #"[{"email":"hello@world.com","event":"dropped","reason":"Bounced Address","sg_event_id":"ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA","sg_message_id":"LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0","smtp-id":"<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1.sendgrid.net>","timestamp":1600112492}]"#
        + "\r\n"

    static let headerCases: [Self] = [
        // [published] https://github.com/standard-webhooks/standard-webhooks
        .init(
            name: "standard-webhooks", verify: "standard-webhooks: {key: '{config.key}'}",
            settings: ["key": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
            headers: [
                "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp": "1614265330",
                "webhook-signature": "v1a,x v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            ], body: #"{"test": 2432232314}"#, at: 1_614_265_330, isTimed: true),
        // [published] sinch-sdk-python's tests.
        .init(
            name: "sinch", verify: "sinch: {key: '{config.key}'}", settings: ["key": "foo_secret1234"],
            headers: [
                "x-sinch-webhook-signature": "Yc+3R1pIS78xLASybulhs8BsSo9BPB3Pr92QCUoczfk=",
                "x-sinch-webhook-signature-nonce": "01FJA8B4A7BM43YGWSG9GBV067",
                "x-sinch-webhook-signature-timestamp": "1634579353",
            ], body: sinchBody, at: 1_634_579_353, isTimed: true),
        .init(
            name: "hmac",
            verify: "hmac: {key: '{config.key}', header: X-Signature, hash: sha1, encoding: hex, over: '{body}'}",
            settings: ["key": "my-callback-secret"],
            headers: ["x-signature": "d2107528d5d52897a97dc6e24e09a208036ccd83"], body: sinchNumbersBody),
        .init(
            name: "ed25519", verify: "ed25519: {key: '{config.key}'}",
            settings: ["key": "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="],
            headers: [
                "telnyx-timestamp": "1700000000",
                "telnyx-signature-ed25519":
                    "Ak2ydgvy7wnRnu9FLjITH9Z4ghC94hPTcoGwVKgOdmG+Xiarq8XrlBmD09OKrp7IoP+UedZk/GcHWHIzBhicDg==",
            ], body: event, isTimed: true),
        // [published] sendgrid-python's tests.
        .init(
            name: "sendgrid", verify: "sendgrid: {key: '{config.key}'}",
            settings: [
                "key":
                    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g=="
            ],
            headers: [
                "x-twilio-email-event-webhook-timestamp": "1600112502",
                "x-twilio-email-event-webhook-signature":
                    "MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M15TluLtEZtM=",
            ], body: sendgridBody, at: 1_600_112_502, isTimed: true),
        .init(
            name: "hub", verify: "hub: {key: '{config.key}'}", settings: key,
            headers: [
                "x-hub-signature-256": "sha256=078228632cd31c369f1078c1f20a47f8e5b2b8488b6ed59d2ed7210054d60f60"
            ], body: event),
        // [published] line-bot-sdk-python's tests.
        .init(
            name: "line", verify: "line: {key: '{config.key}'}", settings: ["key": "channel_secret"],
            headers: ["x-line-signature": "/gg9a+LvFevTH1sd7XCQycD7tsWclCsInj7MhBHxN7k="], body: "bodybodybodybody"),
        // [published] GatewayAPI's documentation.
        .init(
            name: "gatewayapi-jwt", verify: "gatewayapi-jwt: {key: '{config.key}'}", settings: ["key": "secret"],
            headers: [
                "x-gwapi-signature":
                    "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJpZCI6MjM4MTcwMywibXNpc2RuIjo0NTQyNjA5MDQ1LCJ0aW1lIjoxNTIyNzY0MDYyLCJzdGF0dXMiOiJERUxJVkVSRUQiLCJlcnJvciI6bnVsbCwiY29kZSI6bnVsbCwidXNlcnJlZiI6bnVsbCwiY2FsbGJhY2tfdXJsIjoiaHR0cDovL2JiYWY3MTQyLm5ncm9rLmlvIiwiYXBpIjo0fQ.KdfDH65bnQtgxEkFnpAQodOciAJedZFB13r9wEo8t3Y"
            ], body: "what the body says does not matter", covers: [],
            payload:
                #"{"id":2381703,"msisdn":4542609045,"time":1522764062,"status":"DELIVERED","error":null,"code":null,"userref":null,"callback_url":"http://bbaf7142.ngrok.io","api":4}"#
        ),
        .init(
            name: "mailgun", verify: "mailgun: {key: '{config.key}'}", settings: key, headers: [:],
            body:
                #"{"signature":{"timestamp":"1700000000","token":"tok-1","signature":"74c6b503897a9c44b0593cc468becba58da630ee4d30fd252a0178f2f6d43626"},"event-data":{"event":"delivered"}}"#,
            covers: [], isTimed: true),
        .init(
            name: "basic", verify: "basic: {username: '{config.user}', password: '{config.key}'}",
            settings: ["user": "Aladdin", "key": "open sesame"],
            // [published] RFC 7617.
            headers: ["authorization": "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="], body: event, covers: []),
        .init(
            name: "key", verify: "key: {key: '{config.key}'}", settings: key,
            url: "https://dunlin.example.com/callbacks/g?k=callback-secret", headers: [:], body: event, covers: [.url]),
    ]

    private static let weChatURL = "https://dunlin.example.com/callbacks/g?timestamp=1411443780&nonce=437374425"
    private static func weChat(_ name: String, _ url: String, _ body: String, payload: String) -> Self {
        .init(
            name: "wechat \(name)",
            verify: "wechat: {token: '{config.token}', aes_key: '{config.key}', app: wx49f0ab532d5d035a}",
            settings: ["token": "123456", "key": "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR"],
            method: body.isEmpty ? "GET" : "POST", url: url, headers: ["content-type": "text/xml"], body: body,
            at: 1_411_443_780, covers: body.isEmpty ? [.url] : [.url, .body], isTimed: true, payload: payload)
    }

    static let weChatCases: [Self] = [
        // [published] wechatpy's tests.
        .init(
            name: "wechat plain", verify: "wechat: {token: '{config.key}'}", settings: ["key": "test"],
            url:
                "https://dunlin.example.com/callbacks/g?timestamp=1410685589&nonce=test&signature=f21891de399b4e33a1a93c9a7b8a8fffb5a443ff",
            headers: [:], body: "<xml/>", at: 1_410_685_589, covers: [.url], isTimed: true),
        weChat(
            "handshake",
            weChatURL
                + "&msg_signature=dd6b9c95b495b3f7e2901bfbc76c664930ffdb96&echostr=4ByGGj%2BsVCYcvGeQYhaKIk1o0pQRNbRjxybjTGblXrBaXlTXeOo1%2BbXFXDQQb1o6co6Yh9Bv41n7hOchLF6p%2BQ%3D%3D",
            "", payload: "5927782489442352469"),
        weChat(
            "encrypted", weChatURL + "&msg_signature=182b87d8739223078d454663e8596db4b31b4532",
            "<xml><ToUserName><![CDATA[gh_1]]></ToUserName>\n<Encrypt><![CDATA[pxDvIKtJjb6ivztGO70jSlYzLenDDtvbI/5/dsu/XXf6JhFwMVnxPMi/P25PYnsNCuM17ENbgk7JpaKOQgrYgQnIbXLz0bgoKeUQJCmruQvQ25x899dob2uC7163oGbT]]></Encrypt></xml>",
            payload: "<xml><Event>TEMPLATESENDJOBFINISH</Event></xml>"),
    ]

    static let all = twilioCases + vonageCases + plivoCases + headerCases + weChatCases
}
