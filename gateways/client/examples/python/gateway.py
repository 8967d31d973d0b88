"""Asks the gateway that access.json in this folder names. By itself: gateway.py METHOD PATH [JSON]"""
import base64, json, sys, time, urllib.error, urllib.request

access = json.load(open("access.json"))
held = {"token": "", "until": 0.0}


class Problem(Exception):
    """A no of the gateway (RFC 9457): its code, what it says, and each field that is wrong."""

    def __init__(self, said):
        lines = [f"{one['pointer']}: {one['detail']}" for one in said.get("errors", [])]
        super().__init__("\n  ".join([f"{said['code']}: {said.get('detail', '')}", *lines]))
        self.code, self.retry = said["code"], said.get("retry")


def call(method, path, body, headers):
    request = urllib.request.Request(access["url"] + path, body, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=70) as answer:
            return json.loads(answer.read() or "null")
    except urllib.error.HTTPError as error:
        raise Problem(json.load(error)) from None


def token():
    if "tokenFile" in access:
        return open(access["tokenFile"]).read().strip()
    if time.monotonic() > held["until"]:
        machine = json.load(open(access["machineFile"]))  # what `machine add --json` printed
        basic = base64.b64encode(f"{machine['id']}:{machine['proof']['secret']}".encode()).decode()
        headers = {"Authorization": f"Basic {basic}", "Content-Type": "application/x-www-form-urlencoded"}
        given = call("POST", "/v1/oauth/token", b"grant_type=client_credentials", headers)
        held.update(token=given["access_token"], until=time.monotonic() + given["expires_in"] - 60)
    return held["token"]


def ask(method, path, body=None, key=None):
    headers = {"Authorization": f"Bearer {token()}"}
    if key is not None:
        headers["Idempotency-Key"] = key
    if body is not None:
        headers["Content-Type"] = "application/json"
    return call(method, path, None if body is None else json.dumps(body).encode(), headers)


if __name__ == "__main__":
    try:
        print(json.dumps(ask(*sys.argv[1:3], *map(json.loads, sys.argv[3:4])), indent=2))
    except Problem as problem:
        sys.exit(str(problem))
