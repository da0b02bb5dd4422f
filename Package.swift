// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// A library of Dunlin's own: its folder under Sources/ has its name.
func module(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

/// The tests beside a module.
func tests(of name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.init(stringLiteral: name), "DunlinTestKit"] + dependencies,
        exclude: exclude, swiftSettings: strict)
}

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let asn1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

/// The gateways that come with Dunlin; ShippedDefinitions.swift has the same list.
let definitions = [
    "africastalking",
    "alibaba-directmail",
    "alibaba-sms",
    "alibaba-sms-global",
    "alibaba-voice",
    "asterisk",
    "aws-sms",
    "bird",
    "gatewayapi",
    "huawei-sms",
    "infobip",
    "jasmin",
    "kannel",
    "line",
    "mailgun",
    "messagebird",
    "msg91",
    "plivo-sms",
    "plivo-voice",
    "postmark",
    "sendgrid",
    "ses",
    "sinch-sms",
    "telnyx-sms",
    "telnyx-voice",
    "tencent-sms",
    "tencent-voice",
    "twilio-sms",
    "twilio-voice",
    "vonage-messages",
    "vonage-sms",
    "vonage-voice",
    "webhook-task",
    "wechat",
    "wecom",
    "whatsapp",
]

/// The countries whose holidays come with Dunlin; HolidayCalendar+Known.swift has the same list.
let holidayFiles = [
    "AU", "BR", "CA", "CL", "CN", "CO", "DE", "ES", "FR", "GB", "HK", "ID", "IE", "IN", "IT", "JP", "KE", "KR",
    "KZ", "MX", "MY", "NG", "PH", "RU", "SG", "TH", "TW", "UA", "US", "VN", "ZA",
]

let package = Package(
    name: "dunlin",
    products: [.executable(name: "dunlin", targets: ["dunlin"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // System libraries: a module map and the shims Swift cannot express.
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CCmark", pkgConfig: "libcmark", providers: [.apt(["libcmark-dev"])]),
        .target(name: "CLinux"),

        // The nouns, then each stage of a reminder's way, then what joins them. Imports go downwards only.
        module("DunlinModel"),
        module("DunlinYAML", ["DunlinModel", yams]),
        module(
            "DunlinTime", ["DunlinModel"],
            resources: (holidayFiles.map { "Holidays/\($0).txt" } + ["Places/numbers.txt", "Places/regions.txt"]).map {
                .embedInCode($0)
            }),
        module(
            "DunlinPolicy", ["DunlinModel", "DunlinTime", "DunlinYAML"],
            resources: [.embedInCode("Packs/floor.yaml"), .embedInCode("Packs/strict.yaml")]),
        module(
            "DunlinTemplates", ["DunlinModel", "DunlinYAML", "CCmark", crypto],
            resources: [.embedInCode("Formats/plurals.txt"), .embedInCode("Formats/phones.txt")]),
        module(
            "DunlinGateways", ["DunlinModel", "DunlinYAML", "CCurl", "CLinux", asn1, crypto, cryptoExtras],
            resources: definitions.map { .embedInCode("Adapters/Definitions/\($0).yaml") }),
        module("DunlinLedger", ["DunlinModel", crypto, grdb, sqlite]),
        module(
            "DunlinEngine",
            [
                "DunlinModel", "DunlinYAML", "DunlinTime", "DunlinPolicy", "DunlinTemplates", "DunlinGateways",
                "DunlinLedger", "CLinux", crypto, logging,
            ]),
        module(
            "DunlinServer",
            ["DunlinModel", "DunlinGateways", "CLinux", hummingbird, lifecycle, logging, nioCore, nioPosix],
            resources: [.embedInCode("Preview/Page/preview.css"), .embedInCode("Preview/Page/preview.js")]),
        .executableTarget(
            name: "dunlin",
            dependencies: ["DunlinEngine", "DunlinServer", argumentParser, lifecycle, logging, signals],
            swiftSettings: strict),

        .target(
            name: "DunlinTestKit", dependencies: ["DunlinModel"], path: "Tests/DunlinTestKit", swiftSettings: strict),
        tests(of: "DunlinModel"),
        tests(of: "DunlinYAML"),
        tests(of: "DunlinTime", exclude: ["zoneinfo_oracle.py"]),
        tests(of: "DunlinPolicy", ["DunlinTime"]),
        tests(of: "DunlinTemplates", [mustache]),
        tests(of: "DunlinGateways", exclude: ["Fixtures"]),
        tests(of: "DunlinLedger", [grdb]),
        tests(of: "DunlinEngine", [grdb]),
        tests(of: "DunlinServer", [lifecycle, logging, nioCore, nioPosix]),
    ]
)
