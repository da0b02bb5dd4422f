# SPDX-License-Identifier: Apache-2.0
"""The words that SDKs know, against those of the definitions: every status of a receipt is mapped or left alone for a
reason, only what means arrival is 'delivered', and every code that a rule or a receipt names exists.
"""
import typing


def enumeration(holder):
    """The values of an enumeration, or of whatever holds its words under names in capitals."""
    return {getattr(value, "value", value) for name, value in vars(holder).items() if name.isupper()}


def shapes(service):
    from botocore.session import Session
    return Session().get_service_model(service)


# By adapter: the statuses that its SDK knows, those that mean arrival, and those that are no receipt of ours, with the reason.

def twilio_sms():
    from twilio.rest.api.v2010.account.message import MessageInstance
    return enumeration(MessageInstance.Status), {"delivered", "read"}, {
        "receiving": "of a reply", "received": "of a reply", "partially_delivered": "of messages to a group"}


def twilio_voice():
    from twilio.rest.api.v2010.account.call import CallInstance
    return enumeration(CallInstance.Status), {"completed"}, {}


def vonage_voice():
    from vonage_voice.models.enums import CallState
    return enumeration(CallState), {"completed", "machine"}, {}


def sinch_sms():
    from sinch.domains.sms.models.v1.types.delivery_status_type import DeliveryStatusType
    return set(typing.get_args(typing.get_args(DeliveryStatusType)[0])), {"DELIVERED"}, {"UNKNOWN": "says nothing"}


def telnyx_sms():
    from telnyx.types.outbound_message_payload import To
    literal = typing.get_args(To.model_fields["status"].annotation)[0]
    return set(typing.get_args(literal)), {"delivered"}, {"delivery_unconfirmed": "says neither", "read": "of RCS"}


def bird():
    from bird._event_types import WebhookEventType
    return {value for value in enumeration(WebhookEventType) if value.startswith("sms.")}, {"sms.delivered"}, {
        "sms.received": "a reply"}


def ses():
    names = {"".join(part.title() for part in name.split("_")) for name in shapes("sesv2").shape_for("EventType").enum}
    return names, {"Delivery"}, {
        "Open": "watching", "Click": "watching", "RenderingFailure": "of templates", "Subscription": "of SES' own lists"}


def postmark():
    from postmark.models.bounces.enums import BounceType
    left = {"Unsubscribe": "a reply", "Subscribe": "an answer", "AutoResponder": "an answer", "AddressChange": "an answer",
            "OpenRelayTest": "an answer", "VirusNotification": "an answer", "ChallengeVerification": "an answer",
            "SMTPApiError": "an error of sending", "InboundError": "of incoming mail", "TemplateRenderingFailed": "of templates",
            "Unknown": "says nothing", "Unconfirmed": "of Postmark's own lists"}
    return enumeration(BounceType), set(), left


def whatsapp():
    from pywa.types.message_status import MessageStatusType
    return enumeration(MessageStatusType), {"delivered", "read"}, {"played": "of voice messages", "UNKNOWN": "pywa's own word"}


STATUSES = {
    "twilio-sms": twilio_sms, "twilio-voice": twilio_voice, "vonage-voice": vonage_voice, "sinch-sms": sinch_sms,
    "telnyx-sms": telnyx_sms, "bird": bird, "ses": ses, "postmark": postmark, "whatsapp": whatsapp,
}


# By adapter: the codes that its SDK knows, and those of ours that it does not list, with the reason.

def aws_sms_codes():
    model = shapes("pinpoint-sms-voice-v2")
    reasons = {word for name in model.shape_names if name.endswith("Reason")
               for word in model.shape_for(name).metadata.get("enum", [])}
    events = set(model.shape_for("EventType").enum)
    return reasons | events | {shape.name for shape in model.operation_model("SendTextMessage").error_shapes}, {}


def ses_codes():
    return {shape.name for shape in shapes("sesv2").operation_model("SendEmail").error_shapes} | {
        word.title() for word in shapes("sesv2").shape_for("BounceType").enum}, {}


COMMON = {"AuthFailure*": "a common code of Tencent Cloud", "RequestLimitExceeded*": "tencentcloud/common/retry.py"}


def tencent_sms_codes():
    from tencentcloud.sms.v20210111 import errorcodes
    return enumeration(errorcodes), COMMON | {"Ok": "of success"}


def tencent_voice_codes():
    from tencentcloud.vms.v20200902 import errorcodes
    return enumeration(errorcodes), COMMON | {"8": "of receipts", "15": "of receipts"}


def bird_codes():
    from bird._generated import SMSErrorCode
    return {code.value for code in SMSErrorCode}, {"SMSInvalidRecipient": "of answers: SMSMessageSendRequest's own words"}


def wechat_codes():
    from wechatpy.constants import WeChatErrorCode
    return {str(int(code)) for code in WeChatErrorCode}, {
        "0": "of success", "failed:user block": "a status, as the guide has it"}


def whatsapp_codes():
    from pywa import errors
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.WhatsAppError)]
    return {str(code) for kind in kinds for code in kind.__error_codes__ or ()}, {}


CODES = {
    "aws-sms": aws_sms_codes, "ses": ses_codes, "tencent-sms": tencent_sms_codes, "tencent-voice": tencent_voice_codes,
    "bird": bird_codes, "wechat": wechat_codes, "whatsapp": whatsapp_codes,
}


def listed(value):
    return [str(word) for word in (value if isinstance(value, list) else [value])]


def matches(pattern, word):
    return word.startswith(pattern[:-1]) if pattern.endswith("*") else word == pattern


def check_words(result, name, definition):
    """Nothing for adapters whose SDK has no such lists."""
    receipts = [event for event in definition.get("callbacks", {}).get("events", []) if event["kind"] == "receipt"]
    if name in STATUSES:
        known, arrival, left = STATUSES[name]()
        meanings = {word: {meaning for event in receipts for meaning, patterns in event["is"].items()
                           if any(matches(pattern, word) for pattern in listed(patterns))} for word in known}
        result.count(f"{name}: statuses of its SDK that mean nothing to us", [
            word for word in sorted(known) if not meanings[word] and word not in left])
        result.count(f"{name}: statuses that are left alone without cause", [
            word for word in sorted(left) if word not in known or meanings[word]])
        result.check(f"{name}: what means arrival", {word for word in known if "delivered" in meanings[word]} == arrival,
                     ", ".join(sorted(arrival)))
    if name in CODES:
        known, extra = CODES[name]()
        ours = {word for rule in definition["rules"] for word in listed(rule.get("code", []))}
        ours |= {word for event in receipts for words in event.get("codes", {}).values() for word in listed(words)}
        result.count(f"{name}: codes that its SDK does not know", [
            word for word in sorted(ours - extra.keys()) if not any(matches(word, code) for code in known)])
