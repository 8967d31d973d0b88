"""Sends a message once, however often this is started with one key, and shows its ladder: send.py FILE KEY"""
import json, sys, time
from gateway import Problem, ask

file, key = sys.argv[1:]
try:
    sent = ask("POST", "/v1/messages", json.load(open(file)), key)
    print(sent["id"], "goes to", ", ".join(sorted(sent["audience"])))
    for _ in range(120):
        message = ask("GET", f"/v1/messages/{sent['id']}")
        if message["state"] not in ("QUEUED", "ACCEPTED"):
            break
        time.sleep(0.5)  # without a link it stays QUEUED: the gateway sends it once there is one
    print(message["state"])
    for rung in message["ladder"]:
        print(f"  {rung['kind']} by {rung['by']}", rung.get("detail", ""))
except Problem as problem:
    sys.exit(str(problem))
