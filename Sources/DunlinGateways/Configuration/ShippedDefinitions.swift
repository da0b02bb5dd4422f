// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML

/// The gateways that come with Dunlin as definitions: the files of Adapters/Definitions, embedded by the build.
enum ShippedDefinitions {
    private static let files: KeyValuePairs<String, [UInt8]> = [
        "africastalking": PackageResources.africastalking_yaml,
        "alibaba-directmail": PackageResources.alibaba_directmail_yaml,
        "alibaba-sms": PackageResources.alibaba_sms_yaml,
        "alibaba-sms-global": PackageResources.alibaba_sms_global_yaml,
        "alibaba-voice": PackageResources.alibaba_voice_yaml,
        "asterisk": PackageResources.asterisk_yaml,
        "aws-sms": PackageResources.aws_sms_yaml,
        "bird": PackageResources.bird_yaml,
        "gatewayapi": PackageResources.gatewayapi_yaml,
        "huawei-sms": PackageResources.huawei_sms_yaml,
        "infobip": PackageResources.infobip_yaml,
        "jasmin": PackageResources.jasmin_yaml,
        "kannel": PackageResources.kannel_yaml,
        "line": PackageResources.line_yaml,
        "mailgun": PackageResources.mailgun_yaml,
        "messagebird": PackageResources.messagebird_yaml,
        "msg91": PackageResources.msg91_yaml,
        "plivo-sms": PackageResources.plivo_sms_yaml,
        "plivo-voice": PackageResources.plivo_voice_yaml,
        "postmark": PackageResources.postmark_yaml,
        "sendgrid": PackageResources.sendgrid_yaml,
        "ses": PackageResources.ses_yaml,
        "sinch-sms": PackageResources.sinch_sms_yaml,
        "telnyx-sms": PackageResources.telnyx_sms_yaml,
        "telnyx-voice": PackageResources.telnyx_voice_yaml,
        "tencent-sms": PackageResources.tencent_sms_yaml,
        "tencent-voice": PackageResources.tencent_voice_yaml,
        "twilio-sms": PackageResources.twilio_sms_yaml,
        "twilio-voice": PackageResources.twilio_voice_yaml,
        "vonage-messages": PackageResources.vonage_messages_yaml,
        "vonage-sms": PackageResources.vonage_sms_yaml,
        "vonage-voice": PackageResources.vonage_voice_yaml,
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
