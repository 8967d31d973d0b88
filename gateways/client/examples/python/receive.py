"""Takes webhooks at 127.0.0.1:PORT, keeps each new message as inbox/ID.json: receive.py PORT. Keeps running."""
import json, os, sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from gateway import Problem, ask
from webhook import is_ours


def keep(href):
    message = ask("GET", href)
    with open(f"inbox/{message['id']}.json", "w") as file:  # told twice, it is still one file
        json.dump(message, file, indent=2)
    print("received", message["id"], message["type"], "from", message["originator"], flush=True)


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(min(int(self.headers.get("content-length", 0)), 100_000))
        if not is_ours(self.headers, body, json.load(open("webhook.json"))["secret"]):
            return self.send_error(401)
        event, status = json.loads(body), 204
        try:
            if event["type"] == "message.stored":
                keep(event["data"]["href"])
        except (OSError, Problem) as error:
            print(error, file=sys.stderr, flush=True)
            # what may come good later we ask to be told again; what is gone is gone
            status = 503 if isinstance(error, OSError) or error.retry == "later" else 204
        self.send_response(status)
        self.end_headers()


os.makedirs("inbox", exist_ok=True)
HTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
