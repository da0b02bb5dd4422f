// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML

/// The gateways that come with Dunlin as definitions: the files of Adapters/Definitions, embedded by the build.
enum ShippedDefinitions {
    private static let files: KeyValuePairs<String, [UInt8]> = [
        "alibaba-directmail": PackageResources.alibaba_directmail_yaml,
        "kannel": PackageResources.kannel_yaml,
        "line": PackageResources.line_yaml,
        "mailgun": PackageResources.mailgun_yaml,
        "postmark": PackageResources.postmark_yaml,
        "sendgrid": PackageResources.sendgrid_yaml,
        "ses": PackageResources.ses_yaml,
        "twilio-sms": PackageResources.twilio_sms_yaml,
        "twilio-voice": PackageResources.twilio_voice_yaml,
        "webhook-task": PackageResources.webhook_task_yaml,
        "wechat": PackageResources.wechat_yaml,
        "wecom": PackageResources.wecom_yaml,
        "whatsapp": PackageResources.whatsapp_yaml,
    ]

    static var names: [String] { files.map(\.key) }

    /// Nil if none is called so.
    static func named(_ name: String) throws -> Definition? {
        guard let file = files.first(where: { $0.key == name }) else { return nil }
        return try Definition(YAMLValue(text: String(decoding: file.value, as: UTF8.self), file: "\(name).yaml"))
    }
}
