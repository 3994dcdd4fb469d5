#!/usr/bin/env python3
"""truth.py CAPTURE - what is in a capture of ours, without cachetap

tshark gives the segments; the messages in them are read here, in a few lines that may
assume what is true of captures/ only: nothing is lost, nothing is malformed but what
follows a 304.  tshark's own HTTP reader is no help with one of them: it waits for the
body of a pipelined HEAD and so loses the answers after it.

Printed is the JSON that the test compares a report with.  The rules are those of RFC 9110
in their plainest form, one client being an address and a User-Agent.
"""
import collections
import json
import re
import subprocess
import sys

FIELDS = ["frame.number", "tcp.stream", "ip.src", "tcp.seq", "tcp.payload"]
BODYLESS = (204, 304)
RULES = ["200-despite-inm-match", "200-identical-body-etag-changed",
         "304-content-length-mismatch", "304-content-length-zero", "304-missing-etag",
         "304-unconditional-request", "304-with-body", "etag-coding-suffix-mismatch"]


class Stream:
    """One direction: the octets, and which frame brought which of them."""

    def __init__(self, address):
        self.address, self.octets, self.marks = address, bytearray(), []

    def add(self, frame, offset, payload):
        if offset == len(self.octets):
            self.octets += payload
            self.marks.append((len(self.octets), frame))
        elif offset > len(self.octets):
            sys.exit(f"frame {frame}: octets before it are missing")

    def frame(self, offset):
        return next(frame for end, frame in self.marks if offset < end)


class Message:
    def __init__(self, stream, start):
        self.stream, self.start = stream, start
        head_end = stream.octets.index(b"\r\n\r\n", start) + 4
        line, *fields = stream.octets[start:head_end].decode("latin-1").split("\r\n")[:-2]
        self.line = line.split(" ", 2)
        self.fields = {name.lower(): value.strip() for name, value in
                       (field.split(":", 1) for field in fields)}
        self.head = head_end - start
        self.body, self.wire, self.stray, self.end = b"", 0, 0, head_end

    def get(self, name):
        return self.fields.get(name, "")

    def read_body(self):
        octets, start = self.stream.octets, self.end
        if self.get("transfer-encoding") == "chunked":
            parts = []
            while size := int(octets[self.end:].split(b"\r\n", 1)[0].split(b";")[0], 16):
                place = octets.index(b"\r\n", self.end) + 2
                parts.append(octets[place:place + size])
                self.end = place + size + 2
            self.end = octets.index(b"\r\n\r\n", self.end) + 4
            self.body = b"".join(parts)
        else:
            self.end += int(self.get("content-length") or 0)
            self.body = bytes(octets[start:self.end])
        self.wire = self.end - start

    def read_stray(self):
        following = self.stream.octets.find(b"HTTP/1.", self.end)
        end = following if following >= 0 else len(self.stream.octets)
        self.stray, self.end = end - self.end, end

    def frames(self):
        return [self.stream.frame(self.start), self.stream.frame(self.end - 1)]


def segments(path):
    command = ["tshark", "-n", "-r", path, "-Y", "tcp", "-T", "fields"]
    out = subprocess.run(command + [word for name in FIELDS for word in ("-e", name)],
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    for line in out.stdout.decode().splitlines():
        frame, flow, source, sequence, payload = line.split("\t")
        if payload:
            yield int(frame), flow, source, int(sequence), bytes.fromhex(payload)


def exchanges(path):
    """Pairs of request and response, in the order of the requests."""
    flows = collections.defaultdict(dict)
    for frame, flow, source, sequence, payload in segments(path):
        flows[flow].setdefault(source, Stream(source)).add(frame, sequence - 1, payload)
    pairs = []
    for client, server in (sides.values() for sides in flows.values()):
        asked, answered = 0, 0
        while asked < len(client.octets):
            request = Message(client, asked)
            request.read_body()
            response = Message(server, answered)
            if int(response.line[1]) in BODYLESS:
                response.read_stray()
            elif request.line[0] != "HEAD":
                response.read_body()
            pairs.append((request, response))
            asked, answered = request.end, response.end
        if answered != len(server.octets):
            sys.exit(f"{path}: octets after the last answer to {client.address}")
    return sorted(pairs, key=lambda pair: (pair[0].frames()[0], pair[0].start))


class Judge:
    def __init__(self):
        self.findings = {}
        self.waste = collections.Counter()
        self.forms = {form: [0, 0] for form in ("inm", "ims", "both")}
        self.named = {}
        self.held = {}

    def found(self, rule, pair):
        entry = self.findings.setdefault(rule, {
            "count": 0, "request_frames": pair[0].frames(),
            "response_frames": pair[1].frames()})
        entry["count"] += 1

    def see(self, pair):
        request, response = pair
        method, status = request.line[0], int(response.line[1])
        uri = request.get("host") + request.line[1]
        holder = request.stream.address, request.get("user-agent"), uri
        tag, asked = response.get("etag"), request.get("if-none-match")
        self.form(request, status)
        if status == 304:
            self.not_modified(pair, uri, asked, tag)
        if method == "GET" and status == 200 and asked:
            self.sent_again(pair, uri, asked, tag)
        elif method == "GET" and status == 200 and not request.get("range"):
            self.refetched(pair, self.held.get(holder))
        if method == "GET" and status == 200:
            self.held[holder] = response
            self.named[uri, tag] = response

    def form(self, request, status):
        tag, date = request.get("if-none-match"), request.get("if-modified-since")
        if tag or date:
            form = self.forms["both" if tag and date else "inm" if tag else "ims"]
            form[0] += status == 304
            form[1] += 1

    def not_modified(self, pair, uri, asked, tag):
        request, response = pair
        if response.stray:
            self.found("304-with-body", pair)
            self.waste["illegal-body"] += response.stray
        if not any(name.startswith("if-") for name in request.fields):
            self.found("304-unconditional-request", pair)
        if asked and not tag:
            self.found("304-missing-etag", pair)
        length, full = response.get("content-length"), self.named.get((uri, tag))
        if length and full and int(length) != len(full.body):
            self.found("304-content-length-mismatch", pair)
        if length == "0" and not full:
            self.found("304-content-length-zero", pair)

    def sent_again(self, pair, uri, asked, tag):
        response, before = pair[1], self.named.get((uri, asked))
        if asked == tag:
            self.found("etag-coding-suffix-mismatch" if tag.endswith('-gzip"')
                       else "200-despite-inm-match", pair)
            self.waste["ignored-match"] += response.wire
        elif before and before.body == response.body:
            self.found("200-identical-body-etag-changed", pair)
            self.waste["validator-churn"] += response.wire

    def refetched(self, pair, before):
        request, response = pair
        if not before or before.body != response.body or request.get("if-modified-since"):
            return
        if re.search(r"max-age=[1-9]", before.get("cache-control")):
            self.waste["fresh-refetch"] += response.wire + request.head + response.head
        elif before.get("etag") or before.get("last-modified"):
            self.waste["blind-refetch"] += response.wire
        else:
            self.waste["no-validator-refetch"] += response.wire


def truth(path):
    pairs, judge = exchanges(path), Judge()
    for pair in pairs:
        judge.see(pair)
    return {
        "requests": len(pairs),
        "by_status": collections.Counter(response.line[1] for _, response in pairs),
        "by_method": collections.Counter(request.line[0] for request, _ in pairs),
        "conditional": judge.forms,
        "waste": judge.waste,
        "findings": judge.findings,
        "silent": [rule for rule in RULES if rule not in judge.findings],
    }


if __name__ == "__main__":
    text = json.dumps(truth(sys.argv[1]), indent=1, sort_keys=True)
    print(re.sub(r"\[\s+(\d+),\s+(\d+)\s+\]", r"[\1, \2]", text))
