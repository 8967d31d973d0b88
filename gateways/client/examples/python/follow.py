"""Prints what becomes of messages. Goes on after a stop where it was, by the file cursor. Keeps running."""
import os, time
from gateway import Problem, ask

cursor = open("cursor").read() if os.path.exists("cursor") else None
while True:
    place = "from=beginning" if cursor is None else f"cursor={cursor}"
    try:
        page = ask("GET", f"/v1/changes?{place}&wait=50")
    except (OSError, Problem) as error:
        if isinstance(error, Problem) and error.retry != "later":
            raise
        time.sleep(5)  # the gateway is away or busy: nothing is lost meanwhile
        continue
    for change in page["items"]:
        print(change["kind"], change["box"], change["state"], change["id"], flush=True)
    cursor = page["next"]
    with open("cursor.new", "w") as file:
        file.write(cursor)
    os.replace("cursor.new", "cursor")  # after the work: what was cut off is told again
