# SPDX-License-Identifier: Apache-2.0
"""How the vendors' SDKs look for the message that a look-up of ours looks for. See requests_sdks.py for `g` and `m`."""
from requests_sdks import alibaba, tencent


def bird(g, m):
    from bird import Bird
    Bird(api_key=g["api_key"], region="us1").sms.list(to=m.to, limit=100)


def sinch(g, m):
    from sinch import SinchClient
    client = SinchClient(project_id=g["project_id"], key_id=g["key_id"], key_secret=g["key_secret"], sms_region="us")
    client.sms.batches.list(client_reference=m.token, page_size=10)


def infobip(g, m):
    import infobip_api_client as client
    configuration = client.Configuration(
        host="x.api.infobip.com", api_key={"APIKeyHeader": g["api_key"]}, api_key_prefix={"APIKeyHeader": "App"})
    with client.ApiClient(configuration) as connection:
        client.SmsApi(connection).get_outbound_sms_message_logs(message_id=[m.token])


def postmark(g, m):
    import postmark.sync
    with postmark.sync.ServerClient(g["server_token"]) as client:
        client.outbound.list(count=5, offset=0, metadata={"dunlin": m.token})


def tencent_sms(g, m):
    from tencentcloud.sms.v20210111 import models, sms_client
    request = models.PullSmsSendStatusByPhoneNumberRequest()
    request.PhoneNumber, request.SmsSdkAppId, request.BeginTime = m.to, g["sdk_app_id"], m.at
    request.Offset, request.Limit = 0, 100
    sms_client.SmsClient(*tencent(g)).PullSmsSendStatusByPhoneNumber(request)


def alibaba_sms(g, m):
    from alibabacloud_dysmsapi20170525 import models
    from alibabacloud_dysmsapi20170525.client import Client
    Client(alibaba(g, "dysmsapi.aliyuncs.com")).query_send_details(models.QuerySendDetailsRequest(
        phone_number=m.to.removeprefix("+86"), send_date="20261121", page_size=50, current_page=1))


LOOKUPS = {
    "alibaba-sms": alibaba_sms, "bird": bird, "infobip": infobip, "postmark": postmark, "sinch-sms": sinch,
    "tencent-sms": tencent_sms,
}
