# SPDX-License-Identifier: Apache-2.0
"""How each vendor's own SDK sends the message that Dunlin sends: one function for each adapter, as the SDK's manual has it.

A function gets `g`, the gateway's settings as dunlin.yaml has them, and `m`, the message: `to`, `text`, `subject`, `html`,
`values`, `token` (our reference), `callback` (our URL for receipts), `script` (what a call says) and so on. It returns the
id that the SDK finds in the answer.
"""
import json

SDKS, HOSTS = {}, {}


def sdk(adapter, package, *hosts):
    """`hosts`: where the SDK goes; the last is that of the message."""
    def add(send):
        SDKS[adapter] = (package, send)
        HOSTS[adapter] = hosts
        return send
    return add


def digits(number):
    return number.removeprefix("+")


@sdk("twilio-sms", "twilio", "api.twilio.com")
def twilio_sms(g, m):
    from twilio.rest import Client
    sent = Client(g["account"], g["token"]).messages.create(
        to=m.to, from_=g["from"], messaging_service_sid=g["messaging_service"], body=m.text, status_callback=m.callback,
        validity_period=3600)
    return sent.sid


@sdk("twilio-voice", "twilio", "api.twilio.com")
def twilio_voice(g, m):
    from twilio.rest import Client
    from twilio.twiml.voice_response import VoiceResponse
    words = VoiceResponse()
    words.say(m.text, language="en-US")
    sent = Client(g["account"], g["token"]).calls.create(
        to=m.to, from_=g["from"], twiml=words, machine_detection="DetectMessageEnd", status_callback=m.callback)
    return sent.sid


@sdk("vonage-sms", "vonage", "rest.nexmo.com")
def vonage_sms(g, m):
    from vonage import Auth, Vonage
    from vonage_sms import SmsMessage
    sent = Vonage(Auth(api_key=g["api_key"], api_secret=g["api_secret"])).sms.send(
        SmsMessage(to=digits(m.to), from_=g["from"], text=m.text, client_ref=m.token, type="text", ttl=3600000))
    return sent.messages[0].message_id


@sdk("vonage-messages", "vonage", "api.nexmo.com")
def vonage_messages(g, m):
    from vonage import Auth, Vonage
    from vonage_messages import Sms
    client = Vonage(Auth(application_id=g["application_id"], private_key=g["private_key"]))
    return client.messages.send(Sms(
        to=digits(m.to), from_=g["from"], text=m.text, ttl=3600, client_ref=m.token, webhook_url=m.callback,
        webhook_version="v1")).message_uuid


@sdk("vonage-voice", "vonage", "api.nexmo.com")
def vonage_voice(g, m):
    from vonage import Auth, Vonage
    from vonage_voice import CreateCallRequest, Phone, Talk, ToPhone
    client = Vonage(Auth(application_id=g["application"], private_key=g["private_key"]))
    return client.voice.create_call(CreateCallRequest(
        to=[ToPhone(number=digits(m.to))], from_=Phone(number=digits(g["from"])), ncco=[Talk(text=m.text, language="en-US")],
        event_url=[m.callback], event_method="POST", machine_detection="continue")).uuid


@sdk("plivo-sms", "plivo", "api.plivo.com")
def plivo_sms(g, m):
    import plivo
    client = plivo.RestClient(g["auth_id"], g["auth_token"])
    return client.messages.create(src=g["src"], dst=digits(m.to), text=m.text, url=m.callback).message_uuid[0]


@sdk("plivo-voice", "plivo", "api.plivo.com")
def plivo_voice(g, m):
    import plivo
    client = plivo.RestClient(g["auth_id"], g["auth_token"])
    return client.calls.create(
        from_=digits(g["from"]), to_=digits(m.to), answer_url=m.callback, answer_method="POST", hangup_url=m.callback,
        hangup_method="POST", machine_detection="true").request_uuid


@sdk("messagebird", "messagebird", "rest.messagebird.com")
def messagebird(g, m):
    import messagebird
    client = messagebird.Client(g["access_key"])
    return client.message_create(g["originator"], [digits(m.to)], m.text, {
        "reference": m.token, "reportUrl": m.callback, "datacoding": "auto", "validity": 3600}).id


@sdk("bird", "messagebird-sdk", "us1.platform.bird.com")
def bird(g, m):
    from bird import Bird
    client = Bird(api_key=g["api_key"], region="us1")
    return client.sms.send(
        to=m.to, from_=g["from"], text=m.text, category="transactional", metadata={"dunlin": m.token},
        options={"idempotency_key": m.token}).id


@sdk("sinch-sms", "sinch", "auth.sinch.com", "zt.us.sms.api.sinch.com")
def sinch_sms(g, m):
    from sinch import SinchClient
    client = SinchClient(project_id=g["project_id"], key_id=g["key_id"], key_secret=g["key_secret"], sms_region="us")
    return client.sms.batches.send_sms(
        to=[digits(m.to)], from_=g["from"], body=m.text, delivery_report="per_recipient", client_reference=m.token,
        event_destination_target=m.callback).id


@sdk("telnyx-sms", "telnyx", "api.telnyx.com")
def telnyx_sms(g, m):
    from telnyx import Telnyx
    return Telnyx(api_key=g["api_key"]).messages.send(
        to=m.to, from_=g["from"], messaging_profile_id=g["messaging_profile_id"], text=m.text, type="SMS", webhook_url=m.callback,
        idempotency_key=m.token).data.id


@sdk("telnyx-voice", "telnyx", "api.telnyx.com")
def telnyx_voice(g, m):
    from telnyx import Telnyx
    from telnyx._utils import maybe_transform
    from telnyx.types.texml.accounts.call_calls_params import BodyWithTeXml
    body = {"application_sid": g["application"], "to": m.to, "from_": g["from"], "texml": m.script,
            "machine_detection": "DetectMessageEnd", "status_callback": m.callback, "status_callback_method": "POST",
            "status_callback_event": "answered completed"}
    # 4.189.0 leaves the names of a 'body' as they are; its own table of them is right.
    sent = Telnyx(api_key=g["api_key"]).texml.accounts.calls.calls(g["account"], body=maybe_transform(body, BodyWithTeXml))
    assert sent.status == "queued"


@sdk("infobip", "infobip-api-python-client", "x.api.infobip.com")
def infobip(g, m):
    import infobip_api_client as client
    from infobip_api_client import models
    configuration = client.Configuration(
        host="x.api.infobip.com", api_key={"APIKeyHeader": g["api_key"]}, api_key_prefix={"APIKeyHeader": "App"})
    message = models.SmsMessage(
        sender=g["sender"], destinations=[models.SmsDestination(to=digits(m.to), message_id=m.token)],
        content=models.SmsMessageContent(models.SmsTextContent(text=m.text)),
        options=models.SmsMessageOptions(validity_period=models.ValidityPeriod(amount=60, time_unit="MINUTES")),
        webhooks=models.SmsWebhooks(delivery=models.SmsMessageDeliveryReporting(url=m.callback), content_type="application/json"))
    with client.ApiClient(configuration) as connection:
        sent = client.SmsApi(connection).send_sms_messages(models.SmsRequest(messages=[message]))
    return sent.messages[0].message_id


def amazon(service, g):
    from botocore.session import Session
    return Session().create_client(
        service, region_name=g["region"], aws_access_key_id=g["access_key_id"], aws_secret_access_key=g["secret_access_key"])


@sdk("aws-sms", "botocore", "sms-voice.eu-west-1.amazonaws.com")
def aws_sms(g, m):
    return amazon("pinpoint-sms-voice-v2", g).send_text_message(
        DestinationPhoneNumber=m.to, OriginationIdentity=g["origination_identity"], MessageBody=m.text,
        MessageType="TRANSACTIONAL", ConfigurationSetName=g["configuration_set"], TimeToLive=3600,
        Context={"dunlin": m.token})["MessageId"]


@sdk("ses", "botocore", "email.eu-west-1.amazonaws.com")
def ses(g, m):
    return amazon("sesv2", g).send_email(
        FromEmailAddress=m.sender, Destination={"ToAddresses": [m.to]},
        Content={"Simple": {
            "Subject": {"Data": m.subject, "Charset": "UTF-8"},
            "Body": {"Text": {"Data": m.text, "Charset": "UTF-8"}, "Html": {"Data": m.html, "Charset": "UTF-8"}},
            "Headers": [{"Name": name, "Value": value} for name, value in m.headers.items()]}},
        EmailTags=[{"Name": "dunlin", "Value": m.token}], ConfigurationSetName=g["configuration_set"])["MessageId"]


def alibaba(g, host):
    from alibabacloud_tea_openapi.models import Config
    return Config(access_key_id=g["access_key_id"], access_key_secret=g["access_key_secret"], endpoint=host)


@sdk("alibaba-sms", "alibabacloud-dysmsapi20170525", "dysmsapi.aliyuncs.com")
def alibaba_sms(g, m):
    from alibabacloud_dysmsapi20170525 import models
    from alibabacloud_dysmsapi20170525.client import Client
    return Client(alibaba(g, "dysmsapi.aliyuncs.com")).send_sms(models.SendSmsRequest(
        phone_numbers=m.to.removeprefix("+86"), sign_name=g["sign_name"], template_code=m.template, out_id=m.token,
        template_param=json.dumps(m.values))).body.biz_id


@sdk("alibaba-sms-global", "alibabacloud-dysmsapi20180501", "dysmsapi.ap-southeast-1.aliyuncs.com")
def alibaba_sms_global(g, m):
    from alibabacloud_dysmsapi20180501 import models
    from alibabacloud_dysmsapi20180501.client import Client
    return Client(alibaba(g, "dysmsapi.ap-southeast-1.aliyuncs.com")).send_message_to_globe(models.SendMessageToGlobeRequest(
        to=digits(m.to), from_=g["from"], message=m.text, type="NOTIFY", task_id=m.token, validity_period=3600)).body.message_id


@sdk("alibaba-voice", "alibabacloud-dyvmsapi20170525", "dyvmsapi.aliyuncs.com")
def alibaba_voice(g, m):
    from alibabacloud_dyvmsapi20170525 import models
    from alibabacloud_dyvmsapi20170525.client import Client
    return Client(alibaba(g, "dyvmsapi.aliyuncs.com")).single_call_by_tts(models.SingleCallByTtsRequest(
        called_show_number=g["called_show_number"], called_number=m.to.removeprefix("+86"), tts_code=m.template,
        tts_param=json.dumps(m.values))).body.call_id


@sdk("alibaba-directmail", "alibabacloud-dm20151123", "dm.aliyuncs.com")
def alibaba_directmail(g, m):
    from alibabacloud_dm20151123 import models
    from alibabacloud_dm20151123.client import Client
    return Client(alibaba(g, "dm.aliyuncs.com")).single_send_mail(models.SingleSendMailRequest(
        account_name="care@example.com", from_alias="Harbor Credit", address_type=1, reply_to_address=False, to_address=m.to,
        subject=m.subject, text_body=m.text, html_body=m.html, click_trace="0", tag_name=g["tag_name"],
        headers=json.dumps({
            name: value for name, value in m.headers.items() if name != "Auto-Submitted"} | {"X-User-Notify-Dunlin": m.token})
    )).body.env_id


def tencent(g):
    from tencentcloud.common.credential import Credential
    return Credential(g["secret_id"], g["secret_key"]), g["region"]


@sdk("tencent-sms", "tencentcloud-sdk-python-sms", "sms.tencentcloudapi.com")
def tencent_sms(g, m):
    from tencentcloud.sms.v20210111 import models, sms_client
    request = models.SendSmsRequest()
    request.PhoneNumberSet, request.SmsSdkAppId, request.SignName = [m.to], g["sdk_app_id"], g["sign_name"]
    request.SenderId = g["sender_id"]
    request.TemplateId, request.TemplateParamSet, request.SessionContext = m.template, m.values, m.token
    return sms_client.SmsClient(*tencent(g)).SendSms(request).SendStatusSet[0].SerialNo


@sdk("tencent-voice", "tencentcloud-sdk-python-vms", "vms.tencentcloudapi.com")
def tencent_voice(g, m):
    from tencentcloud.vms.v20200902 import models, vms_client
    request = models.SendTtsVoiceRequest()
    request.TemplateId, request.CalledNumber, request.VoiceSdkAppid = m.template, m.to, g["app"]
    request.TemplateParamSet, request.SessionContext = m.values, m.token
    return vms_client.VmsClient(*tencent(g)).SendTtsVoice(request).SendStatus.CallId


@sdk("africastalking", "africastalking", "api.africastalking.com")
def africastalking(g, m):
    import africastalking
    africastalking.initialize(g["username"], g["api_key"])
    sent = africastalking.SMS.send(m.text, [m.to], sender_id=g["from"], enqueue=True)
    return sent["SMSMessageData"]["Recipients"][0]["messageId"]


@sdk("sendgrid", "sendgrid", "api.sendgrid.com")
def sendgrid(g, m):
    from sendgrid import SendGridAPIClient
    from sendgrid.helpers import mail
    message = mail.Mail(
        mail.From("care@example.com", "Harbor Credit"), m.to, m.subject, plain_text_content=m.text, html_content=m.html)
    message.custom_arg = mail.CustomArg("dunlin", m.token, p=0)
    message.header = [mail.Header(name, value) for name, value in m.headers.items()]
    message.tracking_settings = mail.TrackingSettings(
        click_tracking=mail.ClickTracking(enable=False), open_tracking=mail.OpenTracking(enable=False))
    SendGridAPIClient(g["api_key"]).send(message)


@sdk("mailgun", "mailgun", "api.mailgun.net")
def mailgun(g, m):
    from mailgun.client import Client
    fields = {"from": g["from"], "to": m.to, "subject": m.subject, "text": m.text, "html": m.html, "o:tracking": "no",
              "v:dunlin": m.token}
    with Client(auth=("api", g["api_key"])) as client:
        sent = client.messages.create(
            data=fields | {f"h:{name}": value for name, value in m.headers.items()}, domain=g["domain"])
    return sent.json()["id"]


@sdk("postmark", "postmark-python", "api.postmarkapp.com")
def postmark(g, m):
    import postmark.sync
    with postmark.sync.ServerClient(g["server_token"]) as client:
        return client.outbound.send({
            "sender": g["from"], "to": m.to, "subject": m.subject, "text_body": m.text, "html_body": m.html,
            "message_stream": g["message_stream"], "metadata": {"dunlin": m.token}, "track_opens": False, "track_links": "None",
            "headers": [{"name": name, "value": value} for name, value in m.headers.items()]}).message_id


@sdk("line", "line-bot-sdk", "api.line.me")
def line(g, m):
    from linebot.v3 import messaging
    with messaging.ApiClient(messaging.Configuration(access_token=g["channel_access_token"])) as client:
        sent = messaging.MessagingApi(client).push_message(
            messaging.PushMessageRequest(to=m.to, messages=[messaging.TextMessage(text=m.text)]), x_line_retry_key=m.uuid)
    return sent.sent_messages[0].id


@sdk("wechat", "wechatpy", "api.weixin.qq.com")
def wechat(g, m):
    from wechatpy import WeChatClient
    data = {name: {"value": value} for name, value in m.values.items()}
    return WeChatClient(g["appid"], g["appsecret"]).message.send_template(m.to, m.template, data)["msgid"]


@sdk("wecom", "wechatpy", "qyapi.weixin.qq.com")
def wecom(g, m):
    from wechatpy.enterprise import WeChatClient
    return WeChatClient(g["corpid"], g["corpsecret"]).message.send_text(int(g["agentid"]), m.to, m.text)["msgid"]


@sdk("whatsapp", "pywa", "graph.facebook.com")
def whatsapp(g, m):
    from pywa import WhatsApp
    from pywa.types.templates import BodyText, TemplateLanguage
    client = WhatsApp(phone_id=g["phone_number_id"], token=g["access_token"], api_version="23.0", server=None)
    return client.send_template(
        m.to, m.template, TemplateLanguage.ENGLISH, [BodyText.params(*m.values)], tracker=m.token).id
