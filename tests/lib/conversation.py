"""Conversations as text, turned into capture files: TCP over IPv4 over Ethernet, in a pcap.

The notation is that of tests/rules/README.md.
"""
import gzip
import random
import re
import struct
import time
import zlib

START = 1796112000  # capture start: Tue, 01 Dec 2026 08:00:00 GMT
FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16


class Connection:
    """One TCP connection; its packets go to a list shared by the whole capture."""

    def __init__(self, packets, client, server, handshake, mss):
        self.packets, self.mss = packets, mss
        self.ends = {"c": client, "s": server}
        self.seq = {"c": 1000, "s": 5000}
        if handshake:
            self.emit("c", SYN)
            self.emit("s", SYN | ACK)
            self.emit("c", ACK)

    def emit(self, side, flags, data=b"", captured=True):
        peer = "s" if side == "c" else "c"
        source, target = self.ends[side], self.ends[peer]
        ack = self.seq[peer] if flags & ACK else 0
        tcp = struct.pack("!HHIIBBHHH", source[1], target[1], self.seq[side], ack, 5 << 4, flags, 65535, 0, 0) + data
        ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp), len(self.packets) & 0xffff, 0, 64, 6, 0,
                         bytes(source[0]), bytes(target[0]))
        self.seq[side] += len(data) + bool(flags & (SYN | FIN))
        self.packets.append((b"\2" * 12 + b"\x08\0" + ip + tcp) if captured else None)

    def send(self, side, data, captured=True):
        for at in range(0, len(data), self.mss):
            self.emit(side, PSH | ACK, data[at:at + self.mss], captured)
        self.emit("s" if side == "c" else "c", ACK)


def date(second):
    return time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(START + second))


def octets(text):
    """{N} is a body of N octets, {gzip N} the same compressed, {x N} the letter x N times; see README.md."""
    def body(match):
        how, count = match[1] or "", int(match[2])
        if how == "x ":
            return "x" * count
        plain = (b"the quick brown fox jumps over the lazy dog. " * (count // 45 + 1))[:count]
        if "bomb" in how:
            plain = bytes(count)
        if "noise" in how:
            plain = bytes(random.Random(1).choices(range(240), k=count))
        for coding in re.findall("gzip|zlib|raw|bomb", how):
            bits = {"zlib": 15, "raw": -15}.get(coding)
            coder = zlib.compressobj(wbits=bits) if bits else None
            plain = coder.compress(plain) + coder.flush() if coder else gzip.compress(plain, mtime=0)
        return plain.decode("latin-1")

    text = re.sub(r"\{((?:gzip |zlib |raw |bomb |noise |x )*)(\d+)\}", body, text)
    escapes = {"r": "\r", "n": "\n", "t": "\t", "0": "\0"}
    return re.sub(r"\\(?:x([0-9a-f]{2})|([rnt0]))",
                  lambda m: chr(int(m[1], 16)) if m[1] else escapes[m[2]], text).encode("latin-1")


class Message:
    def __init__(self, side, line):
        self.side, self.line, self.fields, self.body = side, line, [], b""

    def has(self, name):
        return any(field.lower().startswith(name + b":") for field in self.fields)

    def start(self):
        words = self.line.split(" ")
        if self.side == "c":
            return self.line if words[-1].startswith("HTTP/") else self.line + " HTTP/1.1"
        if words[0].startswith("HTTP/"):
            return self.line
        reason = {"200": "OK", "304": "Not Modified"}.get(words[0], "Status")
        return "HTTP/1.1 " + (self.line if len(words) > 1 else f"{self.line} {reason}")

    def status(self):
        return int(re.search(r"\b\d{3}\b", self.start())[0]) if self.side == "s" else 0

    def octets(self, second, bare, to_head):
        fields = list(self.fields)
        if not bare and self.side == "c" and not self.has(b"host"):
            fields.insert(0, b"Host: h.test")
        if not bare and self.side == "s" and not self.has(b"date"):
            fields.insert(0, b"Date: " + date(second).encode())
        framed = self.has(b"content-length") or self.has(b"transfer-encoding") or (bare and self.has(b"connection"))
        if not framed and (self.body if self.side == "c" else self.status() not in (204, 304) and not to_head):
            fields.append(b"Content-Length: %d" % len(self.body))
        return b"\r\n".join([octets(self.start()), *fields, b"", b""]) + self.body


class Octets(Message):
    """What a side sends, and nothing else."""

    def __init__(self, side, body):
        super().__init__(side, "")
        self.body = body

    def octets(self, *_):
        return self.body


def read(lines):
    """The steps of a conversation: messages, and directives as tuples of words."""
    steps = []
    for line in lines:
        if line.startswith((">>> ", "<<< ")):
            steps.append(Message("c" if line[0] == ">" else "s", line[4:]))
        elif line.startswith((">>>|", "<<<|")):
            steps.append(Octets("c" if line[0] == ">" else "s", octets(line[5:])))
        elif line.startswith("--- "):
            steps.append(tuple(line[4:].split()))
        elif line.startswith("    | "):
            steps[-1].body += octets(line[6:])
        elif line.startswith("    "):
            steps[-1].fields.append(octets(re.sub(r"@(-?\d+)", lambda m: date(int(m[1])), line[4:])))
        else:
            raise ValueError(f"unknown line: {line}")
    return steps


def transcript(path):
    """(must fire, sentence, expectations, lines) of each conversation of tests/rules/ID.txt; a note is expected, too."""
    for part in re.split(r"^== ", path.read_text(), flags=re.M)[1:]:
        title, *lines = part.rstrip().split("\n")
        kind, sentence = title.split(": ", 1)
        expected = {}
        if lines[0].startswith("expect "):
            expected = dict(word.split("=") for word in lines.pop(0).split()[1:])
        if lines[0].startswith("note "):
            expected["note"] = lines.pop(0)[5:]
        yield kind == "bad", sentence, expected, lines


def write(path, lines, mss=1400):
    """Writes the capture of a conversation, with at most `mss` octets in a segment."""
    steps = read(lines)
    if isinstance(steps[-1], tuple) and steps[-1][0] == "times":
        steps = steps[:-1] * int(steps[-1][1])
    packets, stamps, connections = [], [], {}
    second, client, server, number, bare, captured, handshake, method = 0, 1, 1, 1, False, True, True, ""
    for step in steps:
        before = len(packets)
        key = (client, server, number)
        if isinstance(step, Message):
            if key not in connections:
                ends = ((10, 0, 0, client), 40000 + number), ((192, 0, 2, server), 80)
                connections[key] = Connection(packets, *ends, handshake, mss)
            if step.side == "c":
                method = step.line.split(" ")[0]
            connections[key].send(step.side, step.octets(second, bare, method == "HEAD"), captured)
            captured = True
        elif step[0] == "wait":
            second += int(step[1])
        elif step[0] == "client":
            client = int(step[1])
        elif step[0] == "server":
            server = int(step[1])
        elif step[0] == "connection":
            number += 1
        elif step[0] == "bare":
            bare = True
        elif step[0] == "missing":
            captured = False
        elif step[0] == "midstream":
            handshake = False
        elif step[0] == "end":
            connections[key].emit("s" if step[1] == "server" else "c", FIN | ACK)
        elif step[0] == "reset":
            connections[key].emit("s" if step[1] == "server" else "c", RST | ACK)
        else:
            raise ValueError(f"unknown directive: {' '.join(step)}")
        stamps += [second] * (len(packets) - before)
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144, 1))
        micro = {}
        for second, frame in zip(stamps, packets):
            micro[second] = micro.get(second, 0) + 100
            if frame is not None:
                file.write(struct.pack("<IIII", START + second, micro[second], len(frame), len(frame)) + frame)
