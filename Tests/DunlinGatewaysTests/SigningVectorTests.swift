// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import Testing

@testable import DunlinGateways

/// Signatures that vendors and RFCs have published.
@Suite struct SigningVectorTests {
    private static func signed(
        _ signer: some RequestSigner, _ request: HTTPRequest, at: String, nonce: String = "n"
    ) throws -> HTTPRequest {
        var request = request
        try signer.sign(&request, SigningMoment(at: try #require(Instant(rfc3339: at)), nonce: nonce))
        return request
    }

    private static func authorization(_ request: HTTPRequest) -> String? {
        request.fields.first { $0.name == "authorization" }?.value
    }

    /// aws-c-auth's suite: get-vanilla, get-vanilla-query-order-key-case, post-x-www-form-urlencoded.
    @Test(arguments: [
        (
            HTTPRequest(method: "GET", url: "https://example.amazonaws.com/"), "host;x-amz-date",
            "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
        ),
        (
            HTTPRequest(method: "GET", url: "https://example.amazonaws.com:443/?Param2=value2&Param1=value1"),
            "host;x-amz-date", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"
        ),
        (
            HTTPRequest(
                method: "POST", url: "https://example.amazonaws.com",
                headers: [
                    "Content-Length: 13", "Content-Type: application/x-www-form-urlencoded",
                    "X-Amz-Content-Sha256: 9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e",
                ], body: Array("Param1=value1".utf8)),
            "content-length;content-type;host;x-amz-content-sha256;x-amz-date",
            "d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b"
        ),
    ])
    func amazon(request: HTTPRequest, headers: String, signature: String) throws {
        let signer = SigV4Signer(
            keyID: "AKIDEXAMPLE", keySecret: Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), region: "us-east-1",
            service: "service")
        let request = try Self.signed(signer, request, at: "2015-08-30T12:36:00Z")
        #expect(request.headers.contains("X-Amz-Date: 20150830T123600Z"))
        #expect(
            Self.authorization(request)
                == "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                + "SignedHeaders=\(headers), Signature=\(signature)")
    }

    /// Tencent's documentation; the asterisks are part of its key.
    @Test func tencent() throws {
        let signer = TC3Signer(
            secretID: "AKID", secretKey: Secret("Gu5t9xGARNpq86cd98joQYCN3*******"), service: "cvm")
        let body = #"{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}"#
        let request = try Self.signed(
            signer,
            HTTPRequest(
                method: "POST", url: "https://cvm.tencentcloudapi.com",
                headers: ["Content-Type: application/json; charset=utf-8", "X-TC-Action: DescribeInstances"],
                body: Array(body.utf8)),
            at: "2019-02-25T16:44:25Z")
        #expect(request.headers.contains("X-TC-Timestamp: 1551113065"))
        #expect(
            Self.authorization(request)
                == "TC3-HMAC-SHA256 Credential=AKID/2019-02-25/cvm/tc3_request, SignedHeaders=content-type;host, "
                + "Signature=2230eefd229f582d8b1b891af7107b91597240707d778ab3738f756258d7652c")
    }

    /// Alibaba's documentation.
    @Test func alibaba() throws {
        let signer = ACS3Signer(
            keyID: "YourAccessKeyId", keySecret: Secret("YourAccessKeySecret"), action: "RunInstances",
            version: "2014-05-26")
        let query = "ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai"
        let request = try Self.signed(
            signer, HTTPRequest(method: "POST", url: "https://ecs.cn-shanghai.aliyuncs.com/?\(query)"),
            at: "2023-10-26T10:22:32Z", nonce: "3156853299f313e23d1673dc12e1703d")
        #expect(
            Self.authorization(request)
                == "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;"
                + "x-acs-date;x-acs-signature-nonce;x-acs-version,"
                + "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0")
    }

    /// The unit test of Alibaba's SDK: a header twice, whose values are sorted.
    @Test func alibabaSDK() {
        let request = HTTPRequest(
            method: "GET", url: "https://h.example/?test=ok&empty=",
            headers: ["x-acs-TEST: https", "x-acs-test: http", "Host: h.example"])
        let headers = CanonicalRequest.headers(of: request, host: "h.example") {
            $0.hasPrefix("x-acs-")
        } joined: {
            $0.sorted().joined(separator: ",")
        }
        let canonical = CanonicalRequest(
            method: "GET", path: "/", query: CanonicalRequest.query("test=ok&empty="),
            headers: headers.filter { $0.name != "host" },
            bodyHash: "55e12e91650d2fec56ec74e1d3e4ddbfce2ef3a65890c2a19ecf88a307e76a23")
        #expect(
            hmacSHA256("ACS3-HMAC-SHA256\n\(canonical.hash)", secret: "secret", steps: [])
                == "d16b30a7699ae9e43875b13195b2f81bcc3ed10c14a9b5eb780e51619aa50be1")
        #expect(CanonicalRequest.query("test=%20~%2f*-%2B") == "test=%20~%2F%2A-%2B")
    }

    /// vonage-http-client's tests; the last by recomputation.
    @Test(arguments: [
        (
            "param1=value1&param2=value2&timestamp=1234567890", HashAlgorithm.sha256,
            "280c4320703dbc98bfa22db676655ed2acfbfe8792b062ff7622e67f1183c287"
        ),
        ("timestamp=1234567890&param2=value2&param1=value1", .md5, "724c2bf6ca423c36e20631b11d1c5753"),
        ("param1=value%261&param2=value%3D2&timestamp=1234567890", .md5, "2bbf0abafb2c55e5af6231513896a2ac"),
        ("param=value&timestamp=1234567890", .md5, "655a4d0b7f064dff438defc52b012cf5"),
    ])
    func vonage(form: String, hash: HashAlgorithm, signature: String) throws {
        let parameters = Parameter.list(form.utf8, isForm: true)
        #expect(
            SortedHMACSigner.signature(of: parameters, key: Secret("signature_secret"), hash: hash) == signature)
        // The same on its way: the timestamp is added, and the signature last.
        let signer = SortedHMACSigner(key: Secret("signature_secret"), hash: hash, parameter: "sig")
        let sent = form.split(separator: "&").filter { !$0.hasPrefix("timestamp") }.joined(separator: "&")
        let query = try Self.signed(
            signer, HTTPRequest(method: "GET", url: "https://h.example/sms?\(sent)"), at: "2009-02-13T23:31:30Z")
        #expect(query.url == "https://h.example/sms?\(sent)&timestamp=1234567890&sig=\(signature)")
        let body = try Self.signed(
            signer,
            HTTPRequest(
                method: "POST", url: "https://h.example/sms?kept=1",
                headers: ["Content-Type: application/x-www-form-urlencoded"], body: Array(sent.utf8)),
            at: "2009-02-13T23:31:30Z")
        #expect(String(decoding: body.body, as: UTF8.self) == "\(sent)&timestamp=1234567890&sig=\(signature)")
        #expect(body.url == "https://h.example/sms?kept=1")
    }

    /// Huawei publishes no secret with its sample: by recomputation with Python's hashlib.
    @Test(arguments: [
        (
            WSSESigner.Digest.hex,
            "YWQ0ZDUxNDQ3YjRkYTBiYTQ4ZWJiMDQ1NzJmOGU1NGU2Y2RkNDE0ZTdiYWVkYjQyYWMyZTZkYTM1YTEzOWViNQ=="
        ), (.raw, "rU1RRHtNoLpI67BFcvjlTmzdQU57rttCrC5to1oTnrU="),
    ])
    func huawei(digest: WSSESigner.Digest, expected: String) throws {
        let signer = WSSESigner(username: "app", password: Secret("pässword"), digest: digest)
        let request = try Self.signed(
            signer, HTTPRequest(method: "POST", url: "https://h.example"), at: "2018-02-12T15:30:20.750Z", nonce: "n-1")
        #expect(
            request.headers == [
                #"Authorization: WSSE realm="SDP",profile="UsernameToken",type="Appkey""#,
                #"X-WSSE: UsernameToken Username="app",PasswordDigest="\#(expected)",Nonce="n-1",Created="2018-02-12T15:30:20Z""#,
            ])
    }

    @Test func whatSortedParametersCannotSign() {
        let signer = SortedHMACSigner(key: Secret("k"), hash: .md5, parameter: "sig")
        for request in [
            HTTPRequest(method: "POST", url: "https://h.example", body: [0x7B]),
            HTTPRequest(method: "GET", url: "https://h.example/?sig=1"),
            HTTPRequest(method: "GET", url: "https://h.example/?timestamp=1"),
            HTTPRequest(method: "GET", url: "h.example"),
        ] {
            #expect(throws: DunlinError.self) { try Self.signed(signer, request, at: "2009-02-13T23:31:30Z") }
        }
    }

    /// RFC 2202 and RFC 4231, test case 2.
    @Test(arguments: [
        (HashAlgorithm.md5, "750c783e6ab0b503eaa86e310a5db738"), (.sha1, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
        (.sha256, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        (
            .sha512,
            "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
                + "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"
        ),
    ])
    func hmac(hash: HashAlgorithm, expected: String) {
        #expect(hex(hash.hmac(Array("what do ya want for nothing?".utf8), key: Array("Jefe".utf8))) == expected)
    }

    /// RFC 4648, section 10, and what is no base64.
    @Test func digits() {
        for (text, encoded) in ["": "", "f": "Zg==", "fo": "Zm8=", "foo": "Zm9v", "foob": "Zm9vYg=="] {
            #expect(base64(text.utf8) == encoded && bytes(base64: encoded.utf8) == Array(text.utf8))
            #expect(bytes(base64: encoded.filter { $0 != "=" }.utf8) == Array(text.utf8))
        }
        #expect(base64URL([0xFB, 0xFF]) == "-_8" && bytes(base64: "-_8".utf8, isURL: true) == [0xFB, 0xFF])
        for bad in ["Z", "Zh==", "Zg=", "Zg===", "Z=g=", "Zm9v Zg==", "-_8=", "====", "Zg==Zg=="] {
            #expect(bytes(base64: bad.utf8) == nil, "\(bad)")
        }
        #expect(equalInConstantTime([1, 2], [1, 2]) && !equalInConstantTime([1, 2], [1, 3]))
        #expect(!equalInConstantTime([1], [1, 2]) && !equalInConstantTime([1, 2], [0, 2]))
    }

    @Test func whatLibcurlSendsAsHost() {
        for (url, host, path, query) in [
            ("https://h.example:443/a?b=c#d", "h.example", "/a", "b=c"), ("http://h:443", "h:443", "/", ""),
            ("http://u:p@h:80?x", "h", "/", "x"), ("https://[::1]:8443/", "[::1]:8443", "/", ""),
        ] {
            let target = RequestTarget(url)
            #expect(target?.host == host && target?.path == path && target?.query == query, "\(url)")
        }
        #expect(RequestTarget("h.example/") == nil && RequestTarget("https:///x") == nil)
    }
}
