"""Reads documents, one a line in base64, with Python's json; writes each in the plain form of test/parsers/plain-form.ts."""
import base64
import json
import struct
import sys

sys.setrecursionlimit(50_000)


def number(value):
    if isinstance(value, int):
        try:
            exact = float(value)
        except OverflowError:
            return "#i%d" % value
        if int(exact) != value:
            return "#i%d" % value
        value = exact
    return "#" + struct.pack(">d", 0.0 if value == 0 else value).hex()


def text(value):
    return '"' + value.encode("utf-16-be", "surrogatepass").hex() + '"'


def plain(value):
    if value is None:
        return "n"
    if value is True:
        return "t"
    if value is False:
        return "f"
    if isinstance(value, str):
        return text(value)
    if isinstance(value, (int, float)):
        return number(value)
    if isinstance(value, list):
        return "[" + ",".join(plain(one) for one in value) + "]"
    return "{" + ",".join(sorted(text(name) + ":" + plain(held) for name, held in value.items())) + "}"


for line in sys.stdin:
    try:
        print(plain(json.loads(base64.b64decode(line))))
    except (ValueError, RecursionError):
        print("!")
