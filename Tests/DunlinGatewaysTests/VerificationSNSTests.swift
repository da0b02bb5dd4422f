// SPDX-License-Identifier: Apache-2.0

import Crypto
import CryptoExtras
import DunlinModel
import DunlinTestKit
import DunlinYAML
import Foundation
import Testing

@testable import DunlinGateways

/// Messages of Amazon SNS. That the signed text is SNS' own is for Tests/acceptance/verification_check.py to say.
@Suite struct VerificationSNSTests {
    private static let topic = "arn:aws:sns:eu-west-1:123456789012:dunlin"
    private static let key = try! _RSA.Signing.PrivateKey(pemRepresentation: FixtureSecrets.pem)
    private static let sent = Instant(rfc3339: "2026-11-21T18:53:00.123Z")!

    private struct Message {
        var members = [
            "Type": "Notification", "MessageId": "m-1", "TopicArn": topic, "Timestamp": "\(sent)",
            "Message": "{\"a\":\n1}", "SignatureVersion": "2", "SigningCertURL": TestCertificate.address,
        ]
        var at = sent
        var certificates = FixtureSecrets.certificates

        static let subscription: Message = {
            var message = Message()
            message.members["Type"] = "SubscriptionConfirmation"
            message.members["Token"] = "2336"
            message.members["SubscribeURL"] =
                "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=\(topic)&Token=2336"
            return message
        }()

        /// Signs the members that stand there, in their order.
        mutating func sign() throws {
            let names = ["Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]
            let text = names.map { name in members[name].map { "\(name)\n\($0)\n" } ?? "" }.joined()
            let bytes = Array(text.utf8)
            let signature =
                members["SignatureVersion"] == "1"
                ? try key.signature(for: Insecure.SHA1.hash(data: bytes), padding: .insecurePKCS1v1_5)
                : try key.signature(for: SHA256.hash(data: bytes), padding: .insecurePKCS1v1_5)
            members["Signature"] = base64(Array(signature.rawRepresentation))
        }

        func signed() throws -> Message {
            var copy = self
            try copy.sign()
            return copy
        }

        func proof(_ verify: String = "topics: '\(topic)'") throws -> String {
            var request = CallbackRequest(
                method: "POST", url: "https://d.example/c", body: Array(try JSONEncoder().encode(members)), at: at)
            request.certificates = certificates
            return VerificationCase.word(
                try VerificationCase.verifier("sns: {\(verify)}").proof(of: request))
        }
    }

    @Test func provesWhatIsGenuine() throws {
        var message = try Message().signed()
        #expect(try message.proof() == "proven {\"a\":\n1}")
        #expect(
            try message.proof("topics: [arn:aws-cn:sns:cn-north-1:123456789012:x, '\(Self.topic)']")
                == "proven {\"a\":\n1}")
        message.members["Subject"] = "Amazon SES Email Event Notification"
        #expect(try message.proof() == "forged")
        try message.sign()
        #expect(try message.proof() == "proven {\"a\":\n1}")
        message.members["Message"] = "Successfully validated"
        #expect(try message.signed().proof() == "remark")
    }

    @Test func tellsOfSubscriptions() throws {
        var message = try Message.subscription.signed()
        #expect(try message.proof() == "subscribed")
        message.members["Type"] = "UnsubscribeConfirmation"
        #expect(try message.proof() == "forged")
        #expect(try message.signed().proof() == "unsubscribed")
        for url in [
            "http://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=2336",
            "https://sns.eu-west-1.amazonaws.com.example.com/?Action=ConfirmSubscription&Token=2336",
            "https://sns.eu-west-1.amazonaws.com/?Action=Publish&Token=2336",
            "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription& Token=2336",
        ] {
            var other = Message.subscription
            other.members["SubscribeURL"] = url
            #expect(try other.signed().proof() == "malformed", "\(url)")
        }
    }

    @Test(arguments: [
        "Type", "MessageId", "TopicArn", "Timestamp", "Message", "Token", "SubscribeURL", "SignatureVersion",
        "Signature",
        "SigningCertURL",
    ])
    func refusesEveryOtherMember(_ name: String) throws {
        for message in [try Message().signed(), try Message.subscription.signed()] {
            guard let value = message.members[name] else { continue }
            for other in [nil, "", value + "1", String(value.dropLast()), value.uppercased(), value + "\n"]
            where other != value {
                var changed = message
                changed.members[name] = other
                #expect(try changed.proof() == "forged", "\(name): \(other ?? "missing")")
            }
        }
    }

    /// Two members of which one is signed could be read as one, or one as two.
    @Test func refusesLinesWithinOtherMembers() throws {
        var message = Message()
        message.members["MessageId"] = "m-1\nSubject\nx"
        #expect(try message.signed().proof() == "forged")
    }

    @Test(arguments: [
        "http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-ab.pem",
        "https://sns.eu-west-2.amazonaws.com/SimpleNotificationService-ab.pem",
        "https://sns.eu-west-1.amazonaws.com.example.com/SimpleNotificationService-ab.pem",
        "https://sns.eu-west-1.amazonaws.com@example.com/SimpleNotificationService-ab.pem",
        "https://sns.eu-west-1.amazonaws.com:8443/SimpleNotificationService-ab.pem",
        "https://sns.eu-west-1.amazonaws.com.cn/SimpleNotificationService-ab.pem",
        "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-.pem",
        "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-ab.pem?x",
        "https://sns.eu-west-1.amazonaws.com/?Action=GetTopicAttributes&x=/SimpleNotificationService-ab.pem",
        "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-ab/../x.pem",
        "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-a?b.pem",
        "https://sns.eu-west-1.amazonaws.com/x/SimpleNotificationService-ab.pem",
        "https://s3.amazonaws.com/SimpleNotificationService-ab.pem",
        "https://SNS.eu-west-1.amazonaws.com/SimpleNotificationService-ab.pem",
        "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-\(String(repeating: "a", count: 65)).pem",
    ])
    func asksForNoOtherCertificate(_ address: String) throws {
        var message = Message()
        message.members["SigningCertURL"] = address
        #expect(try message.signed().proof() == "forged")
    }

    @Test func asksForTheCertificateOfTheTopicsRegion() throws {
        for (topic, address) in [
            (Self.topic, "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-ab.pem"),
            (
                "arn:aws-cn:sns:cn-north-1:123456789012:x",
                "https://sns.cn-north-1.amazonaws.com.cn/SimpleNotificationService-ab.pem"
            ),
        ] {
            var message = Message()
            message.members["TopicArn"] = topic
            message.members["SigningCertURL"] = address
            #expect(try message.signed().proof("topics: '\(topic)'") == "needs \(address)")
        }
        var late = try Message().signed()
        late.at = Instant(rfc3339: "2036-01-02T00:00:00Z")!
        #expect(try late.proof() == "needs \(TestCertificate.address)")
    }

    /// SHA-1 is believed where the operator says so, and told of where not.
    @Test func believesSHA1WhereItIsAllowed() throws {
        var message = Message()
        message.members["SignatureVersion"] = "1"
        try message.sign()
        #expect(try message.proof() == "weakly-signed")
        #expect(try message.proof("topics: '\(Self.topic)', version: '2'") == "weakly-signed")
        #expect(try message.proof("topics: '\(Self.topic)', version: '1'") == "proven {\"a\":\n1}")
        message.members["SignatureVersion"] = "2"
        #expect(try message.proof("topics: '\(Self.topic)', version: '1'") == "forged")
        message.members["SignatureVersion"] = "3"
        #expect(try message.proof("topics: '\(Self.topic)', version: '1'") == "forged")
    }

    @Test func knowsHowLongSNSTries() throws {
        var message = try Message().signed()
        for (seconds, word) in [(7200, "proven"), (-7200, "proven"), (7201, "stale"), (-7201, "stale")] {
            message.at = Self.sent + .seconds(seconds)
            #expect(try message.proof().hasPrefix(word), "\(seconds)")
        }
        message.members["Timestamp"] = "yesterday"
        #expect(try message.signed().proof() == "malformed")
    }

    @Test(arguments: [
        ("topics: dunlin", "no topic of SNS"), ("topics: 'arn:aws:sqs:eu-west-1:123456789012:x'", "no topic of SNS"),
        ("topics: 'arn:aws:sns:evil.example/:123456789012:x'", "no topic of SNS"),
        ("topics: 'arn:aws-iso:sns:us-iso-east-1:123456789012:x'", "no topic of SNS"),
        ("topics: 'arn:aws:sns:eu-west-1:12345678901:x'", "no topic of SNS"),
        ("topics: 'arn:aws:sns:eu-west-1:123456789012:'", "no topic of SNS"),
        ("topics: '\(topic)', version: 3", "2, or 1"), ("version: 2", "topics is missing"), ("topic: x", "'topics'"),
    ])
    func saysWhatIsWrong(_ keys: String, _ expected: String) {
        let error = #expect(throws: DunlinError.self) { try VerificationCase.verifier("sns: {\(keys)}") }
        #expect(error?.description.contains(expected) ?? false, "\(error?.description ?? "")")
    }

    @Test func takesNothingWithoutTopics() throws {
        let compiler = TemplateCompiler(channel: .sms, baseURL: "https://h.example", settings: ["topics": String?.none])
        let verify = try YAMLValue(text: "sns: {topics: '{config.topics}'}", file: "g.yaml")
        #expect(try CallbackVerification.load(verify, compiler: compiler) == nil)
        let common =
            "adapter: aws-sms, base_url: 'https://a.example', region: eu-west-1, access_key_id: A, secret_access_key: {env: SECRET}"
        let gateways = try YAMLValue(
            text:
                "a: {\(common)}\nb: {\(common), topics: '\(Self.topic)'}\nc: {\(common), topics: ['\(Self.topic)', '\(Self.topic)2']}",
            file: "dunlin.yaml")
        let read = try Gateways.load(
            gateways, secrets: FixtureSecrets.reader, directory: "/etc/dunlin", callbacks: "https://d.example/callbacks"
        )
        #expect(read.map { $0.callbacks?.tellsArrival } == [nil, true, true])
    }

    // MARK: The certificate

    @Test func readsACertificate() throws {
        let certificate = try #require(FixtureSecrets.certificates[TestCertificate.address])
        for (at, isValid) in [
            ("2025-12-31T23:59:59Z", false), ("2026-01-01T00:00:00Z", true), ("2036-01-01T00:00:00Z", true),
            ("2036-01-01T00:00:01Z", false),
        ] {
            #expect(certificate.isValid(at: try #require(Instant(rfc3339: at))) == isValid, "\(at)")
        }
    }

    @Test func readsNothingElse() throws {
        let pem = TestCertificate.pem
        let lines = pem.split(separator: "\n")
        let body = lines.dropFirst().dropLast().joined()
        let der = try #require(bytes(base64: body.utf8))
        func block(_ bytes: some Collection<UInt8>, _ label: String = "CERTIFICATE") -> [UInt8] {
            let digits = Array(base64(Array(bytes)).utf8.filter { $0 != 0x0A && $0 != 0x0D })
            let lines = stride(from: 0, to: digits.count, by: 64).map {
                String(decoding: digits[$0..<min($0 + 64, digits.count)], as: UTF8.self)
            }
            return Array("-----BEGIN \(label)-----\n\(lines.joined(separator: "\n"))\n-----END \(label)-----\n".utf8)
        }
        #expect(SigningCertificate(pem: block(der)) != nil)
        #expect(SigningCertificate(pem: block(der, "PUBLIC KEY")) == nil)
        #expect(SigningCertificate(pem: Array("\(pem)\n\(pem)".utf8)) == nil)
        for text in ["", "<html></html>", "-----BEGIN CERTIFICATE-----", FixtureSecrets.pem] {
            #expect(SigningCertificate(pem: Array(text.utf8)) == nil)
        }
        for count in der.indices { #expect(SigningCertificate(pem: block(der[..<count])) == nil) }
    }
}
