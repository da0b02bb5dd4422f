# SPDX-License-Identifier: Apache-2.0
"""Amazon SNS as far as a subscriber sees it: a key, a certificate at an address of SNS, and messages signed with it.

The signed text is as docs.aws.amazon.com/sns describes it; verification_check.py compares it with aws-sns-message-validator's.
"""
import base64
import datetime
import functools
import json

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

UTC = datetime.timezone.utc


@functools.cache
def key(number, bits=2048):
    """The same one for the same number: to make one takes longer than all the rest."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def certificate(private, names, start, end, issuer=None):
    """Signed by itself, or by the key and certificate of `issuer`. Not an authority."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    builder = x509.CertificateBuilder(
        subject_name=subject, issuer_name=issuer[1].subject if issuer else subject, public_key=private.public_key(),
        serial_number=x509.random_serial_number(), not_valid_before=start, not_valid_after=end)
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False)
    if not issuer:
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    return builder.sign(issuer[0] if issuer else private, hashes.SHA256())


def pem(made):
    return made.public_bytes(serialization.Encoding.PEM).decode()


def text(message):
    """What is signed."""
    names = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"]
    if message["Type"] != "Notification":
        names = ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]
    return "".join(f"{name}\n{message[name]}\n" for name in names if name in message)


class Topic:
    """One topic, whose messages are signed with one key."""

    def __init__(self, private, region="eu-west-1", name="dunlin"):
        self.private = private
        self.host = f"sns.{region}.amazonaws.com" + (".cn" if region.startswith("cn-") else "")
        self.arn = f"arn:aws{'-cn' if region.startswith('cn-') else ''}:sns:{region}:123456789012:{name}"
        self.path = "/SimpleNotificationService-" + "0123456789abcdef" * 2 + ".pem"
        self.address = f"https://{self.host}{self.path}"

    def certificate(self, at, days=30):
        """Valid that many days, of which this is the middle."""
        half = datetime.timedelta(days=days / 2)
        return pem(certificate(self.private, ["sns.amazonaws.com"], at - half, at + half))

    def notification(self, message, at, subject=None, name="165545c9-2a5c-472c-8df2-7ff2be2b3b1b"):
        made = {"Type": "Notification", "MessageId": name, "TopicArn": self.arn}
        if subject:
            made["Subject"] = subject
        message = message if isinstance(message, str) else json.dumps(message)
        return made | {"Message": message, "Timestamp": self.stamp(at)}

    def confirmation(self, at, kind="SubscriptionConfirmation", token="2336412f37fb687f5d51e6e2425929f5"):
        url = f"https://{self.host}/?Action=ConfirmSubscription&TopicArn={self.arn}&Token={token}"
        return {"Type": kind, "MessageId": "165545c9-2a5c-472c-8df2-7ff2be2b3b1c", "Token": token, "TopicArn": self.arn,
                "Message": f"You have chosen to subscribe to the topic {self.arn}.\nTo confirm it, visit the SubscribeURL.",
                "SubscribeURL": url, "Timestamp": self.stamp(at)}

    def signed(self, message, version="2"):
        hash_ = hashes.SHA256() if version == "2" else hashes.SHA1()
        signature = self.private.sign(text(message).encode(), padding.PKCS1v15(), hash_)
        return message | {"SignatureVersion": version, "Signature": base64.b64encode(signature).decode(),
                          "SigningCertURL": self.address}

    @staticmethod
    def stamp(at):
        return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
