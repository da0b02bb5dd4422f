# SPDX-License-Identifier: Apache-2.0
"""Where our requests are meant to differ from the SDKs', and why: by adapter, a pattern of the field and the reason."""
import re

# Headers of the connection, those in which an SDK tells of itself, and hashes of the body.
UNINTERESTING = re.compile(
    "host|content-length|connection|user-agent|accept|accept-.*|amz-sdk-.*|bird-.*|x-acs-content-sha256"
    "|x-acs-credentials-provider|x-client-.*|x-postmark-c.*|x-stainless-.*|x-tc-language|x-tc-requestclient|x-tc-traceid|x-twilio-client")

NONCE = {"header x-acs-signature-nonce": "the attempt's own name, so that Alibaba knows a request that comes twice"}

DIFFERENCES = {
    "alibaba-directmail": NONCE | {"form ReplyToAddress": "Python writes False; Alibaba's reference writes false"},
    "alibaba-sms": NONCE,
    "alibaba-sms lookup": NONCE,
    "alibaba-sms-global": NONCE,
    "alibaba-voice": NONCE,
    "line": {"json /notificationDisabled": "the SDK writes the default, false"},
    "messagebird": {"json /recipients(/0)?": "the SDK joins a list with commas; MessageBird's reference has a list"},
    "plivo-sms": {"json /(log|trackable)": "the SDK writes the defaults"},
    "plivo-voice": {
        "json /(error_if_parent_not_found|fallback_method|machine_detection_(method|time)|ring_(method|timeout))":
            "the SDK writes the defaults",
    },
    "postmark": {"json /Attachments": "the SDK writes what is empty"},
    "wechat": {
        "content-type": "the SDK leaves it out", "json /client_msg_id": "our reference, which the SDK does not know",
    },
    "wecom": {
        "content-type": "the SDK leaves it out", "json /(toparty|totag|safe)": "the SDK writes what is empty, or the default",
    },
    "whatsapp": {"json /template/components/0/type": "Meta's reference writes 'body'; the SDK BODY"},
}
