"""Reads encoded messages, one a line (name, space, base64), by a descriptor set; writes each by its field numbers."""
import base64
import struct
import sys

from google.protobuf import descriptor_pb2, descriptor_pool, message, message_factory

found = descriptor_pb2.FileDescriptorSet()
with open(sys.argv[1], "rb") as file:
    found.ParseFromString(file.read())
pool = descriptor_pool.DescriptorPool()
for one in found.file:
    pool.Add(one)


def value(field, held):
    if field.type == field.TYPE_MESSAGE:
        return plain(held)
    if field.type == field.TYPE_STRING:
        return '"' + held.encode("utf-8").hex() + '"'
    if field.type == field.TYPE_BYTES:
        return "x" + held.hex()
    if field.type == field.TYPE_BOOL:
        return "t" if held else "f"
    if field.type == field.TYPE_DOUBLE:
        return "d" + ("7ff8000000000000" if held != held else struct.pack(">d", held).hex())
    return str(held)


def plain(held):
    fields = sorted(held.ListFields(), key=lambda pair: pair[0].number)
    told = []
    for field, values in fields:
        if field.is_repeated:
            told.append("%d:[%s]" % (field.number, ",".join(value(field, one) for one in values)))
        else:
            told.append("%d:%s" % (field.number, value(field, values)))
    return "{" + ",".join(told) + "}"


for line in sys.stdin:
    name, _, encoded = line.strip().partition(" ")
    made = message_factory.GetMessageClass(pool.FindMessageTypeByName("atumpan." + name))()
    try:
        made.ParseFromString(base64.b64decode(encoded))
        print(plain(made))
    except (message.DecodeError, UnicodeDecodeError):
        print("!")
