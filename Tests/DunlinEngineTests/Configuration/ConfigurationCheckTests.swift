// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinModel
import DunlinTime
import DunlinYAML
import Foundation
import Testing

@testable import DunlinEngine

/// Configurations as operators get them wrong: what `gateways check` says of them, and that the daemon refuses exactly those with
/// an error.
@Suite struct ConfigurationCheckTests {
    /// What stands in dunlin.yaml below ledger, templates and control, and each line that has to come out, by what it has to hold.
    struct Case: CustomTestStringConvertible {
        var name: String
        var yaml: String
        var errors: [String] = []
        var notes: [String] = []
        var testDescription: String { name }
    }

    private static let kannel =
        #"{adapter: kannel, base_url: "http://127.0.0.1:13013", username: u, password: {env: TOKEN}, callback_key: {env: TOKEN}}"#
    private static let smtp =
        #"{adapter: smtp, from: care@example.com, unsubscribe: "https://u.example/{token}", bounces: "b+{token}@example.com"}"#
    private static let callbacks = #"callbacks: {url: "https://d.example/callbacks"}"#
    private static let alibaba =
        "adapter: alibaba-sms, access_key_id: a, access_key_secret: {env: TOKEN}, sign_name: s, callback_key: {env: TOKEN}"

    static let cases = [
        Case(name: "sound", yaml: "gateways: {a: \(kannel), m: \(smtp)}\nroutes: {sms: [a], email: [m]}\n\(callbacks)"),
        Case(
            name: "no gateways and no routes", yaml: "drain: 30s", errors: ["gateways is missing", "routes is missing"]),
        Case(
            name: "every mistake at once",
            yaml: """
                unkown: resend
                drain: 30
                gateways: {a: {adapter: twilio-sms, account: AC1, from: "+1", rat: 5/s, concurrency: 0}, b: {adapter: twilo}}
                routes: {sms: [a, b, c], smss: [a]}
                """,
            errors: [
                "dunlin.yaml:4:9: unknown key 'unkown'; did you mean 'unknown'?",
                "dunlin.yaml:5:8: drain is '30', expected a length of time",
                "gateways.a.token is missing; add the key 'token'",
                "unknown key 'rat' in gateways.a; did you mean 'rate'?",
                "gateways.a.concurrency is '0'", "gateways.b.adapter is 'twilo', expected one of",
                "names 'c', and no gateway has that name", "unknown key 'smss' in routes; did you mean 'sms'?",
            ]),
        Case(
            name: "callbacks.listen without a port",
            yaml: sound(#"callbacks: {listen: 127.0.0.1, url: "https://d.example"}"#),
            errors: ["dunlin.yaml:6:21: callbacks.listen is '127.0.0.1': it has no port; write an address and a port"]),
        Case(
            name: "listen without an address", yaml: sound("listen: \":8025\""),
            errors: ["dunlin.yaml:6:9: listen is ':8025': it has no address"]),
        Case(
            name: "two servers on one port",
            yaml: sound(#"callbacks: {listen: "0.0.0.0:8025", url: "https://d.example/callbacks"}"#),
            errors: [
                "callbacks.listen (0.0.0.0:8025) and listen (127.0.0.1:8025) are the same; give one of them another port"
            ]),
        Case(
            name: "callbacks.url without a host", yaml: sound(#"callbacks: {url: "https:///callbacks"}"#),
            errors: ["callbacks.url is 'https:///callbacks', expected the address at which gateways reach Dunlin"]),
        Case(
            name: "clear text on the way",
            yaml: """
                gateways: {a: {adapter: kannel, base_url: "http://sms.example:13013", username: u, password: {env: TOKEN}}}
                routes: {sms: [a]}
                callbacks: {url: "http://d.example/callbacks"}
                """,
            notes: ["gateway 'a' is reached by http://sms.example", "callbacks.url is http://"]),
        Case(
            name: "no secret for the proof of callbacks",
            yaml: """
                gateways: {a: {adapter: sinch-sms, base_url: "https://s.example", project_id: p, key_id: k, key_secret: {env: TOKEN}, from: "1"}}
                routes: {sms: [a]}
                \(callbacks)
                """,
            errors: [
                "dunlin.yaml:4:15: gateway 'a' has no 'webhook_secret', by which its callbacks are proven, and gateways reach Dunlin; "
                    + "add 'webhook_secret: {credential: NAME}' to gateways.a, or remove 'callbacks'"
            ]),
        Case(
            name: "a key that is none",
            yaml: """
                gateways:
                  a: {adapter: telnyx-sms, api_key: {env: TOKEN}, from: Harbor, public_key: abc}
                  b: {adapter: vonage-messages, application_id: p, private_key: {env: TOKEN}, from: Harbor, signature_secret: {env: TOKEN}}
                routes: {sms: [a, b]}
                \(callbacks)
                """,
            errors: [
                "dunlin.yaml:5:77: gateway 'a': 'public_key' is no Ed25519 public key: 32 bytes in base64",
                "dunlin.yaml:6:65: gateway 'b': 'private_key' is no key in PEM",
            ]),
        Case(
            name: "secrets that are not there",
            yaml: """
                gateways:
                  a: {adapter: twilio-sms, account: AC1, token: {credential: twilio}, from: "+1"}
                  b: {adapter: vonage-messages, application_id: p, private_key: {file: none.pem}, from: Harbor, signature_secret: {env: NONE}}
                routes: {sms: [a, b]}
                """,
            errors: [
                "gateways.a.token.credential: the credential twilio cannot be read: CREDENTIALS_DIRECTORY is not set",
                "none.pem cannot be read", "the environment variable NONE is not set",
            ]),
        Case(
            name: "approved texts of what is not there",
            yaml: """
                gateways:
                  a:
                    {\(alibaba), templates: {
                      overdu: {code: A}, overdue/zh-Hnat: {code: B}, overdue/en: {code: C, values: {x: "{amuont}"}},
                      overdue/zh: {code: D, values: {x: "{name} {agreement}"}}, letter: {code: E}}}
                routes: {sms: [{to: [CN], gateways: a}]}
                """,
            errors: [
                "gateway 'a' names 'overdu', and no message has that name; did you mean 'overdue'?",
                "is for 'overdue' in 'zh-Hnat', in which it is not written",
                "uses 'amuont', which the message 'overdue' does not know; did you mean 'amount'?",
                "names 'letter', which has no text for sms",
            ], notes: ["cannot send 'overdue' to whom 'agreement' is not given"]),
        Case(
            name: "numbers that a gateway cannot take, and texts that it has not",
            yaml: """
                gateways: {a: {\(alibaba), templates: {overdue/en: {code: A}}}, b: \(kannel)}
                routes: {sms: [{to: [CN, HK], gateways: a}, [b, a]]}
                """,
            notes: [
                "entry 1 of routes.sms gives gateway 'a' numbers beyond +86, which it refuses; name it in an entry",
                "entry 2 of routes.sms gives gateway 'a' numbers beyond +86",
                "gateway 'a' sends approved texts only, and refuses what it has none for: overdue in zh-Hans",
            ]),
        Case(
            name: "a gateway that no route names",
            yaml: "gateways: {a: \(kannel), b: \(kannel)}\nroutes: {sms: [a]}",
            notes: ["no route names gateway 'b': it gets no reminder; name it under routes.sms"]),
        Case(
            name: "a route on the wrong channel", yaml: "gateways: {a: \(kannel)}\nroutes: {sms: [a], email: [a]}",
            errors: ["names 'a', a gateway for sms; name one for email"]),
        Case(
            name: "numbers where there are none",
            yaml: """
                gateways: {l: {adapter: line, channel_access_token: {env: TOKEN}, price: {default: 1 USD, CN: 2 USD}}, b: {adapter: nope}}
                routes: {chat: [{to: [CN], gateways: l}]}
                """,
            errors: ["gateways.b.adapter is 'nope'", "unknown key 'to' in routes.chat[0]"],
            notes: ["gateway 'l' has rates or prices for countries, and chat has no numbers"]),
        Case(
            name: "fallback that can never begin",
            yaml:
                "gateways: {a: \(kannel), m: \(smtp)}\nroutes: {sms: [a], email: [m]}\nfallback: {sms: 2h, email: 2h, call: 1h}",
            notes: [
                "fallback.sms has no effect on gateway 'a', which never says that a message arrived; set callbacks",
                "fallback.email has no effect on gateway 'm', which never says that a message arrived; take another",
                "fallback.call has no effect: nothing is routed by call",
            ]),
        Case(
            name: "mail without a way out",
            yaml: "gateways: {m: {adapter: smtp, from: care@example.com}}\nroutes: {email: [m]}",
            notes: ["who unsubscribes from the mails of gateway 'm' writes to its sender"]),
        Case(
            name: "mail that is not mail's",
            yaml: """
                gateways: {m: {adapter: smtp, from: nobody, base_url: "http://h", username: u, starttls: maybe, budget: 5 USD/day}}
                routes: {email: [m]}
                """,
            errors: [
                "gateways.m.from is 'nobody'", "gateways.m.base_url is no address", "gateways.m.starttls is 'maybe'",
                "both username and password", "a 'price' beside it",
            ]),
        Case(
            name: "an attachment that a gateway cannot carry",
            yaml: """
                gateways: {m: {adapter: postmark, server_token: {env: TOKEN}, from: care@example.com, unsubscribe: "https://u.example/{token}"}}
                routes: {email: [m]}
                """,
            notes: ["gateway 'm' refuses letter as in the sample: it cannot send attachments; send by 'adapter: smtp'"]),
        Case(
            name: "a budget in nobody's zone",
            yaml: """
                gateways: {a: {adapter: kannel, base_url: "http://127.0.0.1:1", username: u, password: {env: TOKEN}, price: 1 USD, budget: {limit: 5 USD, zone: Europe/Berln}}}
                routes: {sms: [a]}
                """,
            errors: ["the budget of gateway 'a'"]),
        Case(
            name: "files that are not there", yaml: sound("ca_file: none.pem\nattachments: none\npolicies: none"),
            errors: ["none.pem cannot be read, so no gateway could be believed", "the folder of 'attachments'", "none"]),
        Case(
            name: "callbacks that nobody uses",
            yaml: "gateways: {f: {adapter: file, folder: out}}\nroutes: {task: [f]}\n\(callbacks)",
            notes: ["no gateway here has anything to tell by callbacks"]),
        Case(
            name: "names that are paths", yaml: "gateways: {..: \(kannel), unsubscribe: \(kannel)}\nroutes: {}",
            errors: ["'..' is no name for a gateway", "'unsubscribe' is no name for a gateway"]),
    ]

    private static func sound(_ more: String) -> String { "gateways: {a: \(kannel)}\nroutes: {sms: [a]}\n\(more)" }

    @Test(arguments: cases)
    func broken(_ one: Case) throws {
        let folder = try CheckFolder()
        let check = try folder.check(one.yaml)
        try Self.expect(check.errors.map(\.description), one.errors, "errors")
        try Self.expect(check.notes.map(\.description), one.notes, "notes")
        // What the daemon starts with is what has no error.
        let zones = ZoneDatabase()
        let starts = try? Snapshot(Configuration(path: folder.path), secrets: folder.secrets, zones: zones)
        #expect((starts == nil) == !one.errors.isEmpty)
        #expect(!check.errors.contains { "\($0)".contains(CheckFolder.token) })
    }

    /// Each line is expected, and each expectation has its line.
    private static func expect(_ lines: [String], _ expected: [String], _ what: String) throws {
        for part in expected { #expect(lines.contains { $0.contains(part) }, "no \(what) with '\(part)' in \(lines)") }
        #expect(lines.count == expected.count, "\(what): \(lines)")
    }

    @Test func mistakesComeInTheOrderOfTheFile() throws {
        let lines = try CheckFolder().check(Self.cases[2].yaml).errors.map(\.what)
        let numbers = lines.compactMap { $0.split(separator: ":").dropFirst().first.flatMap { Int($0) } }
        #expect(numbers == numbers.sorted() && numbers.count == lines.count)
    }

    @Test func whatGatewaysGive() throws {
        let yaml = """
            gateways:
              plain: {adapter: infobip, base_url: "https://i.example", api_key: {env: TOKEN}, sender: Harbor}
              keyed: {adapter: infobip, base_url: "https://i.example", api_key: {env: TOKEN}, sender: Harbor, callback_key: {env: TOKEN}}
              africa: {adapter: africastalking, username: u, api_key: {env: TOKEN}}
              voice: {adapter: twilio-voice, account: A, token: {env: TOKEN}, from: "+1"}
              mail: {adapter: smtp, from: care@example.com}
            routes: {sms: [plain, keyed, africa], call: [voice], email: [mail]}

            """
        func rows(_ yaml: String) throws -> [String: DescribedGateway] {
            Dictionary(uniqueKeysWithValues: try CheckFolder().check(yaml).gateways.map { ($0.name, $0) })
        }
        let told = try rows(yaml + Self.callbacks)
        #expect(told["plain"]?.receipts == "yes" && told["plain"]?.replies == "no: set callback_key")
        #expect(told["plain"]?.enter == nil && told["plain"]?.doubt == "look-up")
        #expect(told["keyed"]?.replies == "yes")
        #expect(told["keyed"]?.enter?.url == "https://d.example/callbacks/keyed?k=<callback_key>")
        #expect(told["keyed"]?.enter?.gives == ["replies"])
        // Its receipts bear an id of its own and no token of ours.
        #expect(told["africa"]?.receipts == "no: set callback_key" && told["africa"]?.enter == nil)
        #expect(told["voice"]?.keys == "yes" && told["voice"]?.enter == nil)
        #expect(told["mail"]?.bounces == "no: set bounces" && told["mail"]?.receipts == "-")
        let amazon = "gateways: {s: {adapter: aws-sms, base_url: \"https://a.example\", region: r, access_key_id: a, "
        for (topics, receipts) in [
            ("", "no: set topics"), (", topics: [\"arn:aws:sns:eu-west-1:123456789012:t\"]", "yes"),
        ] {
            let row = try rows(
                "\(amazon)secret_access_key: {env: TOKEN}\(topics)}}\nroutes: {sms: [s]}\n\(Self.callbacks)")["s"]
            #expect(row?.receipts == receipts && (row?.enter != nil) == !topics.isEmpty, "\(String(describing: row))")
        }
        let silent = try rows(yaml)
        #expect(silent["plain"]?.receipts == "no: set callbacks")
        #expect(silent["plain"]?.replies == "no: set callbacks and callback_key")
        #expect(silent["voice"]?.keys == "no: set callbacks")
    }

    /// Who only lists needs no secret, and none is missed: not where a key has to have a shape either.
    @Test func listsWithoutSecrets() throws {
        let folder = try CheckFolder()
        try folder.write(
            """
            gateways:
              a: {adapter: telnyx-sms, api_key: {env: NONE}, from: Harbor, public_key: {file: none}}
              b: {adapter: wechat, appid: a, appsecret: {env: NONE}, callback_token: {env: NONE}, encoding_aes_key: {env: NONE},
                  templates: {overdue: {code: A}}}
              c: {adapter: sendgrid, api_key: {env: NONE}, from: care@example.com, verification_key: {env: NONE}}
            routes: {sms: [a]}
            \(Self.callbacks)
            """)
        let rows = try Configuration(path: folder.path).describedGateways()
        #expect(rows.map(\.receipts) == ["yes", "yes", "yes"])
    }
}

/// A folder with a configuration and two messages.
private final class CheckFolder {
    static let token = "s3cret-t0ken"
    let root = NSTemporaryDirectory() + "check-\(UUID().uuidString)"
    var path: String { root + "/dunlin.yaml" }
    let secrets = SecretReader(environment: ["TOKEN": CheckFolder.token], read: SecretReader.system.read)

    private static let library = [
        "overdue/message.yaml": """
        purpose: a test
        channels: [sms]
        variables: {agreement: {type: text, required: false}}
        sample: {name: A, creditor: C, amount: 1.00 USD, due_date: 2026-11-20, agreement: x}
        """,
        "overdue/en/sms.mustache": "Please pay {{amount}}.",
        "overdue/zh-Hans/sms.mustache": "请支付{{amount}}。",
        "letter/message.yaml": """
        purpose: a test
        channels: [email]
        sample: {name: A, creditor: C, amount: 1.00 USD, due_date: 2026-11-20, bill: b.pdf}
        variables: {bill: {type: file}}
        """,
        "letter/en/email.mustache": "subject: s\nattach: {{bill}}\n\nx",
    ]

    init() throws {
        for (name, text) in Self.library {
            let file = URL(fileURLWithPath: "\(root)/messages/\(name)")
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    func write(_ yaml: String) throws {
        let head = "ledger: sqlite:dunlin.db\ntemplates: [messages]\ncontrol: control\n"
        try Data((head + yaml).utf8).write(to: URL(fileURLWithPath: path))
    }

    func check(_ yaml: String) throws -> ConfigurationCheck {
        try write(yaml)
        return ConfigurationCheck(path: path, secrets: secrets, zones: ZoneDatabase())
    }
}
