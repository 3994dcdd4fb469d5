"""A conversation whose names, tags and paths are made to break out of cells, labels and strings."""
import sys

import forms

sys.path.insert(0, str(forms.ROOT / "tests/lib"))
import conversation  # noqa: E402

STRINGS = [
    "=1+1", "@SUM(A1:A9)", "+49", "-2+3", "=cmd|' /C calc'!A0", '"},{"x":"', '","', "</script><script>alert(1)</script>",
    "\x1b[2J", "\x9b31m", "\u202e".encode().decode("latin-1"), "\u2028".encode().decode("latin-1"), "\xff\xfe", "'",
    "\\", '\\"} 1', "a\x00b", "\t=1", "other", "%s%n", "{{7*7}}", "$(id)", "\uff1d1+1".encode().decode("latin-1"),
]


def lines():
    """Each string as host, path, query, tag, agent, server and type, asked for three times."""
    for number, text in enumerate(STRINGS):
        yield f"--- client {1 + number % 200}"
        yield "--- connection"
        for turn in range(3):
            yield f">>> GET /{text.replace(' ', '')}?q={text.replace(' ', '')} HTTP/1.1"
            yield f"    Host: {text}"
            yield f"    User-Agent: {text}"
            if turn:
                yield f'    If-None-Match: "{text}"'
            if turn == 2:
                yield "<<< 304 Not Modified"
                yield f"    Server: {text}"
            else:
                yield "<<< 200 OK"
                yield f"    Server: {text}"
                yield f'    ETag: "{text}"'
                yield f"    Content-Type: {text}"
                yield "    Content-Length: 2000"
                yield "    | {2000}"
            yield "--- wait 1"


def write(path):
    conversation.write(path, list(lines()))
