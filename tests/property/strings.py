#!/usr/bin/env python3
"""Any octets survive JSON and come back; none of them does anything to a terminal, to a
spreadsheet or to Prometheus.

strings.py FILTER
"""
import csv
import io
import json
import random
import re
import struct
import subprocess
import sys
import unicodedata

COUNT = 20000
PIECES = [
    b"\x1b[2J", b"\x1b]0;title\x07", b"\x9b31m", "\u009b".encode(), b"\x00", b"\x7f", b"\r\n", b"\t",
    "\u202e".encode(), "\u2066".encode(), "\u2028".encode(), "\ufeff".encode(), b"\xc0\xaf", b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80", b"\xf8\x88\x80\x80\x80", b"\xe2\x82", b'"', b"\\", b"\\u0000", b"</script>",
    "grüße".encode(), "日本".encode(), "😀".encode(), b"\xff\xfe", b"'", b"a" * 70,
    b"=1+1", b"=cmd|' /C calc'!A0", b"@SUM(A1)", b"+1", b"-1", b"\r=1", b",", "\uff1d1".encode(), b'","', b'"} 1\n',
]
FORMULA = tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20")


def strings(rng):
    yield from PIECES
    yield b""
    for _ in range(COUNT):
        if rng.random() < 0.5:
            yield b"".join(rng.choices(PIECES, k=rng.randrange(5)))
        else:
            yield rng.randbytes(rng.randrange(40))


def run(program, form, given):
    packed = b"".join(struct.pack("<I", len(s)) + s for s in given)
    done = subprocess.run([program, form], input=packed, capture_output=True, check=True)
    lines = done.stdout.split(b"\n")[:-1]
    assert len(lines) == len(given), f"{form}: {len(lines)} lines for {len(given)} strings"
    return zip(given, lines)


def check_json(octets, line):
    value = json.loads(line.decode("utf-8"))
    latin1 = value.get("latin1", False)
    back = value["string"].encode("latin-1" if latin1 else "utf-8")
    assert back == octets, "does not come back"
    assert value["pair"] == [value["string"]], "differs in an array"
    try:
        octets.decode("utf-8")
        assert not latin1, "is UTF-8 and marked latin1"
    except UnicodeDecodeError:
        assert latin1, "is not UTF-8 and not marked"
    harmless(line)


def harmless(line):
    for c in line.decode("utf-8"):
        assert unicodedata.category(c) not in ("Cc", "Zl", "Zp") and c not in "\u202e\u2066\ufeff", f"prints {c!r}"


def check_text(octets, line):
    harmless(line)
    if octets.isascii() and octets.decode().isprintable():
        assert line == octets, "is changed without need"


def check_csv(text, line):
    harmless(line)
    rows = list(csv.reader(io.StringIO(line.decode() + ",end"), strict=True))
    assert len(rows) == 1 and len(rows[0]) == 2, "is not one cell"
    cell = rows[0][0]
    assert not cell.startswith(FORMULA), "is a formula"
    assert cell == ("'" if text.startswith(FORMULA) else "") + text, "is another text"


def check_prom(text, line):
    harmless(line)
    label = line.decode()
    assert re.fullmatch(r'(?:[^"\\]|\\\\|\\")*', label), "ends early"
    assert re.sub(r"\\(.)", r"\1", label) == text, "is another text"


def main():
    given = list(strings(random.Random(7)))
    faults = 0
    texts = {octets: line.decode() for octets, line in run(sys.argv[1], "text", given)}
    forms = (("json", check_json), ("text", check_text),
             ("csv", lambda octets, line: check_csv(texts[octets], line)),
             ("prom", lambda octets, line: check_prom(texts[octets], line)))
    for form, check in forms:
        for octets, line in run(sys.argv[1], form, given):
            try:
                check(octets, line)
            except (AssertionError, ValueError) as fault:
                faults += 1
                print(f"{form}: {octets!r} {fault}: {line!r}")
    print(f"{len(forms) * len(given)} strings, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
