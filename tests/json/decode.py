"""Reads one document per line, in base64, and prints what Python's json sees in it, in the form of main.rs."""

import base64
import json
import struct
import sys


def form(value):
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return "n" + struct.pack(">d", float(value) + 0.0).hex()
    if isinstance(value, str):
        return "s" + value.encode("utf-8").hex()
    if isinstance(value, list):
        return "[" + ",".join(map(form, value)) + "]"
    return "{" + ",".join(sorted(f"{form(key)}:{form(member)}" for key, member in value.items())) + "}"


for line in sys.stdin:
    try:
        print(form(json.loads(base64.b64decode(line).decode("utf-8"))))
    except (ValueError, OverflowError, RecursionError) as error:
        print(f"refused: {error}")
