// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML

/// What a gateway gives beside taking messages.
public struct GatewayOffer: Hashable, Sendable {
    public enum Gift: Hashable, Sendable {
        case given
        /// It could be had; these keys have to be set.
        case missing([String])
        /// This gateway, or its definition, has nothing of the kind.
        case none
    }

    /// What became of a message.
    public var receipts = Gift.none
    /// What people write back.
    public var replies = Gift.none
    /// What people press in a call.
    public var keys = Gift.none
    /// Mail that came back.
    public var bounces = Gift.none
    /// What has to be entered at the vendor; nil where each message carries the address, or nothing is taken.
    public var console: Console?

    public struct Console: Codable, Hashable, Sendable {
        /// With the setting's name in angle brackets in place of a secret.
        public var url: String
        /// `receipts`, `replies` or both.
        public var gives: [String]
    }

    init() {}
}

extension GatewayLoader {
    /// The settings that prove a gateway's callbacks, as far as they are not given.
    func missingForCallbacks(_ definition: Definition, _ values: [String: String?]) -> [String] {
        let needed = definition.callbackDefinition?.neededSettings ?? []
        // One that has to be there in any case is a mistake of its own.
        return definition.settings.filter(\.isOptional).map(\.name).filter {
            needed.contains($0) && (values[$0] ?? nil) == nil
        }
    }

    /// Nobody could tell a forged callback: the operator's entry lacks what a definition, perhaps one of ours, asks for.
    func unproven(_ setting: String, _ definition: Definition) -> DunlinError {
        let isSecret = definition.settings.first { $0.name == setting }?.kind == .secret
        let example = isSecret ? "\(setting): {credential: NAME}" : "\(setting): …"
        return DunlinError(
            .usage, value.place,
            why: "gateway '\(name)' has no '\(setting)', by which its callbacks are proven, and gateways reach Dunlin",
            remedy: "add '\(example)' to \(value.field), or remove 'callbacks'")
    }

    /// What a gateway of this definition gives; `missing` are the settings that its proof lacks.
    func offer(_ definition: Definition, _ values: [String: String?], missing: [String]) -> GatewayOffer {
        var offer = GatewayOffer()
        guard let told = definition.callbackDefinition else { return offer }
        // Of SNS nothing is taken before a topic is named.
        let topics = told.topicsSetting.map { (values[$0] ?? nil) == nil ? [$0] : [] } ?? []
        let needs = (callbacks == nil ? ["callbacks"] : []) + missing + topics
        let key = told.keySetting
        let isKeyGiven = key.map { (values[$0] ?? nil) != nil } ?? false
        let withKey = needs + (isKeyGiven ? [] : key.map { [$0] } ?? [])
        func gift(_ isThere: Bool, _ needs: [String]) -> GatewayOffer.Gift {
            isThere ? needs.isEmpty ? .given : .missing(needs) : .none
        }
        // What names an attempt by our token is believed without a proof.
        offer.receipts =
            told.receiptsBearTokens ? gift(told.hasReceipts, needs) : gift(told.hasReceipts && told.isProven, withKey)
        offer.replies = gift(told.hasReplies && told.isProven, withKey)
        offer.keys = gift(told.hasQuestions && definition.callFormat != nil, needs)
        if definition.channel == .email { offer.bounces = offer.receipts }
        let gives =
            (offer.receipts == .given && !definition.request.uses("callback") ? ["receipts"] : [])
            + (offer.replies == .given ? ["replies"] : [])
        if let callbacks, !gives.isEmpty {
            let secret = isKeyGiven ? key.map { "?k=<\($0)>" } ?? "" : ""
            offer.console = GatewayOffer.Console(url: callbacks + secret, gives: gives)
        }
        return offer
    }
}

extension CallbackDefinition {
    var hasReceipts: Bool { rules.contains(where: \.isReceipt) }
    var hasReplies: Bool { rules.contains(where: \.isReply) }
    var hasQuestions: Bool { rules.contains(where: \.isQuestion) }
    /// Whether some receipts name an attempt by our token.
    var receiptsBearTokens: Bool { rules.contains(where: \.bearsToken) }
    /// Whether there is a proof at all.
    var isProven: Bool { CallbackVerification.scheme(of: verification)?.name != "token" }
    /// The setting that callbacks bear in their query, where they prove nothing else.
    var keySetting: String? {
        CallbackVerification.scheme(of: verification).flatMap { $0.name == "key" ? $0.entry.settingNames.first : nil }
    }
    /// The setting that names the topics of SNS, where that is the proof.
    var topicsSetting: String? {
        CallbackVerification.scheme(of: verification).flatMap {
            $0.name == "sns" ? (try? $0.entry.anyMapping())?["topics"]?.settingNames.first : nil
        }
    }
    /// The settings without which nothing that comes could be proven.
    var neededSettings: [String] {
        let handshake = (try? handshake?.anyMapping())?["verify"]?.settingNames ?? []
        return CallbackVerification.neededSettings(verification) + handshake
    }
}

extension CallbackVerification {
    /// The one scheme of a `verify:`; nil where there is none.
    static func scheme(of value: YAMLValue) -> (name: String, entry: YAMLValue)? {
        guard let entry = (try? value.anyMapping())?.entries.first(where: { schemes.contains($0.key) }) else {
            return nil
        }
        return (entry.key, entry.value)
    }

    fileprivate static func neededSettings(_ value: YAMLValue) -> [String] {
        guard let (name, entry) = scheme(of: value), name != "key", name != "sns" else { return [] }
        // WeChat encrypts only for accounts that are set so.
        if name == "wechat" { return (try? entry.anyMapping())?["token"]?.settingNames ?? [] }
        return entry.settingNames
    }
}
