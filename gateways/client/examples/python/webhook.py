"""Whether a call comes from the gateway: a signature by the Standard Webhooks specification."""
import base64, hashlib, hmac, time


def is_ours(headers, body, secret):
    sent_at = headers.get("webhook-timestamp", "")
    if not (sent_at.isascii() and sent_at.isdigit()) or abs(time.time() - int(sent_at[:15])) > 300:
        return False  # older than five minutes: perhaps somebody plays back what he overheard
    text = f"{headers.get('webhook-id')}.{sent_at}.".encode() + body
    mac = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), text, hashlib.sha256).digest()
    wanted = b"v1," + base64.b64encode(mac)
    given = headers.get("webhook-signature", "").encode()  # several while a secret is changed
    return any(hmac.compare_digest(wanted, one) for one in given.split(b" "))
