# SPDX-License-Identifier: Apache-2.0
"""What the SDKs read in our fixtures' callbacks: it has to be what the fixtures say that Dunlin reads there.

A function for each SDK that has types for what its vendor posts: from a body to one entry for each event, with the names of
which the fixture's line has one (our token, or the vendor's id), and the words that it has for certain.
"""
import json


def bird(body, headers):
    from bird import _generated
    kind = json.loads(body)["type"]
    if not kind.startswith("sms"):
        return
    model = "SuppressionCreated" if kind == "sms_suppression.created" else kind.removeprefix("sms.").title()
    event = getattr(_generated, f"EventSMS{model}").model_validate_json(body)
    data = event.data
    if event.type == "sms.received":
        yield [data.sms_id], [f"from {data.from_}", f'"{data.text}"']
    elif event.type == "sms_suppression.created":
        yield [data.suppression_id], [f"from {data.destination}", "opt-out"]
    else:
        yield [(data.metadata or {}).get("dunlin"), data.sms_id], []


def infobip(body, headers):
    from infobip_api_client import models
    results = json.loads(body)["results"]
    if "receivedAt" in results[0]:
        for message in models.SmsInboundMessageResult.from_json(body).results:
            yield [message.message_id], [message.var_from, f'"{message.text}"']
    else:
        for report in models.SmsDeliveryResult.from_json(body).results:
            yield [report.message_id], []


def line(body, headers):
    from linebot.v3 import WebhookParser
    for event in WebhookParser("s3cret-key").parse(body, headers["x-line-signature"]):
        yield [event.webhook_event_id], [f"line:{event.source.user_id}"]


def sinch_sms(body, headers):
    from sinch.domains.sms.sinch_events.v1.sms_sinch_event import SmsSinchEvent
    event = SmsSinchEvent().parse_event(body)
    if event.type == "mo_text":
        yield [event.id], [f"+{event.from_}".replace("++", "+"), f'"{event.body}"']
    else:
        yield [event.client_reference, event.batch_id], []


def telnyx_sms(body, headers):
    from pydantic import TypeAdapter
    from telnyx.types import DeliveryUpdateWebhookEvent, InboundMessageWebhookEvent
    kind = json.loads(body)["data"]["event_type"]
    model = InboundMessageWebhookEvent if kind == "message.received" else DeliveryUpdateWebhookEvent
    payload = TypeAdapter(model).validate_json(body).data.payload
    if kind == "message.received":
        yield [payload.id], [payload.from_.phone_number, f'"{payload.text}"']
    else:
        yield ["token", payload.id], []


def wechat(body, headers):
    from wechatpy import parse_message
    message = parse_message(body)
    if message.type == "event" and message.event == "templatesendjobfinish":
        yield [str(message.id)], ["delivered" if message.status == "success" else "failed"]
    elif message.type == "event":
        yield ["reply"], [f"wechat:{message.source}"]
    else:
        yield [str(message.id)], [f"wechat:{message.source}"]


def whatsapp(body, headers):
    from pywa.types.message_status import MessageStatus
    update = json.loads(body)
    value = update["entry"][0]["changes"][0]["value"]
    # It wants to know of whom, which Meta does not always say.
    value.setdefault("contacts", [{"wa_id": "16175550123", "profile": {"name": "Alex"}}])
    for index, _ in enumerate(value.get("statuses", [])):       # its types of messages want a client
        status = MessageStatus.from_update(None, update, status_idx=index)
        code = [f"code {status.error.code}"] if status.error else []
        yield [status.tracker, status.id], code


RECEIVED = {
    "bird": bird, "infobip": infobip, "line": line, "sinch-sms": sinch_sms, "telnyx-sms": telnyx_sms, "wechat": wechat,
    "whatsapp": whatsapp,
}


def check_received(result, name, fixture):
    """Nothing for adapters whose SDK has no such types."""
    if name not in RECEIVED:
        return
    read, wrong = 0, []
    for callback in fixture["callbacks"]:
        lines = [line for line in callback["gives"] if not line.startswith(("refused", "handshake"))]
        head, _, body = callback["request"].partition("\n\n")
        body = body.removesuffix("\n")
        if not lines or not body or "<Encrypt>" in body:
            continue
        headers = {line.partition(":")[0].lower(): line.partition(":")[2].strip() for line in head.splitlines()[1:]}
        try:
            events = list(RECEIVED[name](body, headers))
        except Exception as error:
            wrong.append(f"{type(error).__name__}: {error}".replace("\n", " ")[:300])
            continue
        if lines == ["nothing"] or not events:
            continue
        for line in lines:
            read += 1
            if not any(any(known and known in line for known in names) and all(word in line for word in words)
                       for names, words in events):
                wrong.append(f"'{line}' is not among {events}")
    result.check(f"{name}: callbacks of our fixture that its SDK reads", read > 0, read)
    result.count(f"{name}: callbacks that its SDK reads otherwise", wrong, limit=10)
