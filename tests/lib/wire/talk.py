"""Conversations with everything that is legal in HTTP/1.1 caching, and the truth about them.

A capture has groups.  A group is a server with its host name and its clients; within a
group one batch of requests follows another, so that no change of order within 100 ms may
change what a client holds when it asks.  Groups know nothing of one another and overlap.

Every request carries a number in X-Id that its answer repeats.
"""
import gzip
import random
import time
from dataclasses import dataclass, field

from .packet import ACK, FIN, MODULUS, MS, PSH, RST, SECOND, SYN, US, Packet

START = 1796112000 * SECOND  # Tue, 01 Dec 2026 08:00:00 GMT
WORDS = ("cache validator octet origin stale fresh variant entity representation digest server client "
         "proxy request response header field body length chunk").split()
ISNS = (0, 1, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFF00, 0xFFFFF000, 0x7FFFFFF0, 0x80000000)


@dataclass
class Shape:
    """What a capture is like."""
    groups: int = 3
    flows: int = 3  # of a group
    batches: int = 12  # of requests of a group
    pipelining: float = 0.2
    body_bytes: int = 4000  # at most
    chunked: float = 0.3
    heads_apart: bool = False  # each head is one segment, and so are chunk lines
    lures: str = "heads"  # that bodies have in them: whole heads, start "lines", or "none"
    methods: tuple = ("GET",) * 9 + ("HEAD", "POST")
    is_open: bool = False  # no connection ends
    is_ipv6: bool = False


@dataclass
class Message:
    """Where it lies in the octets of its direction; `content` are spans without framing."""
    flow: int
    way: int
    start: int
    head_end: int = 0
    end: int = 0
    content: list = field(default_factory=list)


@dataclass
class Exchange:
    id: str
    host: str
    method: str
    uri: str
    status: int
    request: Message = None
    response: Message = None
    interim: Message = None

    def octets(self):
        """The columns of a record."""
        q, r = self.request, self.response
        sent = sum(b - a for a, b in r.content)
        early = self.interim.end - self.interim.start if self.interim else 0
        return {"q_head": q.head_end - q.start, "q_body": q.end - q.head_end,
                "r_head": r.head_end - r.start + early, "r_content": sent,
                "r_framing": r.end - r.head_end - sent}


@dataclass
class Capture:
    packets: list
    exchanges: list = field(default_factory=list)
    seed: int = 0

    def messages(self):
        for exchange in self.exchanges:
            yield from (m for m in (exchange.request, exchange.interim, exchange.response) if m)


class Connection:
    """Writes what is sent as segments.  Its clock is its group's."""

    def __init__(self, group, number, client):
        rng = group.rng
        self.group, self.number, self.rng = group, number, rng
        self.ends = client, group.server
        self.ports = 20000 + number, group.port
        self.isn = [rng.choice((rng.randrange(MODULUS), rng.choice(ISNS))) for _ in "cs"]
        self.sent, self.ident = [0, 0], [rng.randrange(65536), rng.randrange(65536)]
        self.segment_bytes = rng.choice((212, 536, 1000, 1448))
        self.ended = [False, False]
        self.open()

    def put(self, way, flags, data=b"", options=b""):
        self.group.now += self.rng.randrange(20, 400) * US
        ahead = 0 if flags & SYN else 1
        self.ident[way] = (self.ident[way] + 1) % 65536
        ack = (self.isn[1 - way] + 1 + self.sent[1 - way] + self.ended[1 - way]) % MODULUS if flags & ACK else 0
        packet = Packet(self.group.now, self.ends[way], self.ends[1 - way], self.ports[way], self.ports[1 - way],
                        (self.isn[way] + ahead + self.sent[way] + self.ended[way]) % MODULUS, ack, flags, data,
                        options=options, ident=self.ident[way], flow=self.number, way=way, offset=self.sent[way])
        self.sent[way] += len(data)
        self.group.packets.append(packet)
        return packet

    def open(self):
        offer = b"\2\4\5\xb4\1\3\3\7\4\2\0\0"
        self.put(0, SYN, options=offer)
        self.group.now += self.rng.randrange(1, 20) * MS
        self.put(1, SYN | ACK, options=offer)
        self.put(0, ACK)

    def send(self, way, octets, cuts=()):
        """In segments; `cuts` are offsets where one must begin.  Every other one is
        acknowledged, and the last."""
        edges, at = sorted({*cuts, 0, len(octets)}), 0
        count = 0
        for begin, end in zip(edges, edges[1:]):
            for at in range(begin, end, self.segment_bytes):
                self.put(way, ACK | PSH, octets[at:min(end, at + self.segment_bytes)])
                count += 1
                if count % 2 == 0:
                    self.put(1 - way, ACK)
        if count % 2:
            self.put(1 - way, ACK)

    def close(self, way):
        for side in (way, 1 - way):
            self.put(side, FIN | ACK)
            self.ended[side] = True
        self.put(way, ACK)

    def reset(self, way):
        self.put(way, RST | ACK)


class Resource:
    def __init__(self, rng, name, shape):
        self.rng, self.name, self.shape, self.version = rng, name, shape, 1
        self.size = rng.choice((0, 1, 40, 300, rng.randrange(1, shape.body_bytes), rng.randrange(1, shape.body_bytes)))
        self.is_chunked, self.is_gzip = rng.random() < shape.chunked, rng.random() < 0.2
        self.has_tag, self.has_date = rng.choice(((1, 1), (1, 0), (0, 1), (1, 1), (0, 0)))
        self.is_weak = rng.random() < 0.3
        self.policy = rng.choice((None, None, "no-cache", "max-age=0", "max-age=86400", "private, max-age=0"))

    def tag(self):
        return f'{"W/" if self.is_weak else ""}"{self.name[1:]}-{self.version}"'

    def date(self):
        return date(START - (30 - self.version) * 86400 * SECOND)

    def metadata(self):
        lines = [f"ETag: {self.tag()}"] if self.has_tag else []
        lines += [f"Last-Modified: {self.date()}"] if self.has_date else []
        return lines + ([f"Cache-Control: {self.policy}"] if self.policy else [])

    def content(self):
        octets = prose(random.Random(f"{self.name} {self.version}"), self.size, self.shape.lures)
        return gzip.compress(octets, mtime=0) if self.is_gzip else octets


def date(ns):
    return time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(ns // SECOND))


def prose(rng, size, lures):
    """Text that would like to be taken for messages."""
    parts, length = [], 0
    while length < size:
        if rng.random() < 0.1 and lures != "none":
            part = rng.choice(("HTTP/1.1 200 OK\r\n", "HTTP/1.1 304 Not Modified\r\n", "GET /fake HTTP/1.1\r\n"))
            if lures == "heads":
                part += "Host: fake.test\r\nX-Id: fake\r\nContent-Length: 3\r\n\r\nabc"
            else:
                part += rng.choice(WORDS) + " "
        else:
            part = rng.choice(WORDS) + rng.choice("   \n")
        parts.append(part)
        length += len(part)
    return "".join(parts).encode()[:size]


class Builder:
    """The octets of a message, with the places of its parts."""

    def __init__(self):
        self.octets, self.spans, self.cuts, self.head_end = b"", [], [], 0

    def head(self, *lines):
        self.octets = "\r\n".join([*lines, "", ""]).encode()
        self.head_end = len(self.octets)
        self.cuts.append(self.head_end)

    def body(self, octets):
        if octets:
            self.spans.append((len(self.octets), len(self.octets) + len(octets)))
            self.octets += octets

    def chunks(self, rng, octets):
        at = 0
        while at < len(octets):
            size = min(len(octets) - at, rng.choice((1, 7, 100, 800, 3000)))
            extension = rng.choice(("", "", "", ";x=1", ';y="a;b"'))
            self.octets += f"{rng.choice(('%x', '%X', '00%x')) % size}{extension}\r\n".encode()
            self.cuts.append(len(self.octets))
            self.body(octets[at:at + size])
            self.cuts.append(len(self.octets))
            self.octets += b"\r\n"
            at += size
        self.octets += b"0\r\n" + rng.choice((b"", b"", b"X-Trailer: yes\r\n")) + b"\r\n"

    def place(self, connection, way, base):
        start = connection.sent[way] + base
        return Message(connection.number, way, start, start + self.head_end, start + len(self.octets),
                       [(start + a, start + b) for a, b in self.spans])


class Group:
    """A server and its clients; a clock of their own."""

    def __init__(self, shape, seed, number):
        self.rng = rng = random.Random(f"{seed} {number}")
        self.shape, self.number = shape, number
        self.packets, self.exchanges, self.count = [], [], 0
        self.now = START + rng.randrange(2000) * MS
        self.host = f"h{number}.test"
        self.server, self.port = self.address(200), rng.choice((80, 80, 8080, 31337))
        self.clients = [self.address(10 + i) for i in range(rng.randrange(1, 4))]
        self.resources = [Resource(rng, f"/g{number}/r{i}", shape) for i in range(6)]
        self.held, self.open = {}, []

    def address(self, low):
        if self.shape.is_ipv6:
            return bytes.fromhex("20010db8") + bytes(9) + bytes([self.number, 0, low])
        return bytes([10, 0, self.number, low])

    def run(self):
        for batch in range(self.shape.batches):
            if len(self.open) < self.shape.flows and (not self.open or self.rng.random() < 0.4):
                number = self.number * 100 + batch
                self.open.append(Connection(self, number, self.rng.choice(self.clients)))
            self.batch(self.rng.choice(self.open))
            self.now += self.rng.choice((150, 200, 500, 1500)) * MS
        for connection in self.open:
            if not self.shape.is_open and self.rng.random() < 0.8:
                connection.close(self.rng.randrange(2))

    def batch(self, connection):
        depth = self.rng.randrange(2, 6) if self.rng.random() < self.shape.pipelining else 1
        if depth == 1 and "POST" in self.shape.methods and self.rng.random() < 0.12:
            self.expect(connection)
            return
        pairs = []
        for _ in range(depth):
            method = self.rng.choice(self.shape.methods)
            pairs.append(self.post(connection) if method == "POST" else self.get(connection, method))
        self.send(connection, pairs)
        if depth == 1 and not self.shape.is_open and self.rng.random() < 0.05:
            self.last(connection)

    def send(self, connection, pairs):
        for way in (0, 1):
            octets, cuts = b"", []
            for exchange, request, response in pairs:
                builder = response if way else request
                message = builder.place(connection, way, len(octets))
                setattr(exchange, "response" if way else "request", message)
                if self.shape.heads_apart:
                    cuts += [len(octets) + cut for cut in (0, *builder.cuts)]
                octets += builder.octets
            connection.send(way, octets, cuts)
            if not way:
                self.now += self.rng.randrange(1, 20) * MS
        self.exchanges += [exchange for exchange, _, _ in pairs]

    def begin(self, connection, method, uri, status):
        self.count += 1
        return Exchange(f"{self.number}-{self.count}", self.host, method, uri, status)

    def request(self, connection, exchange, *lines):
        builder = Builder()
        agent = f"agent/{connection.ends[0][-1]}"
        builder.head(f"{exchange.method} {exchange.uri} HTTP/1.1", f"Host: {self.host}", f"User-Agent: {agent}",
                     f"X-Id: {exchange.id}", *lines)
        return builder

    def response(self, exchange, *lines):
        reason = {200: "OK", 201: "Created", 204: "No Content", 304: "Not Modified", 404: "Not Found"}
        builder = Builder()
        builder.head(f"HTTP/1.1 {exchange.status} {reason[exchange.status]}", f"Date: {date(self.now)}",
                     f"X-Id: {exchange.id}", *lines)
        return builder

    def get(self, connection, method):
        rng, resource = self.rng, self.rng.choice(self.resources)
        if rng.random() < 0.1:
            resource.version += 1
        key = connection.ends[0], resource.name
        condition = self.condition(resource, self.held.get(key)) if rng.random() < 0.7 else []
        matches = condition and self.held[key] == resource.version
        status = 304 if matches and rng.random() < 0.85 else 200
        exchange = self.begin(connection, method, resource.name, status)
        request = self.request(connection, exchange, *condition)
        if status == 304:
            return exchange, request, self.not_modified(exchange, resource)
        if method == "GET":
            self.held[key] = resource.version
        return exchange, request, self.full(exchange, resource, method == "HEAD")

    def condition(self, resource, version):
        """What the client can ask with: the validators of the version that it holds."""
        if not version:
            return []
        now, resource.version = resource.version, version
        lines = [f"If-None-Match: {resource.tag()}"] if resource.has_tag else []
        if resource.has_date and (not resource.has_tag or self.rng.random() < 0.6):
            lines.append(f"If-Modified-Since: {resource.date()}")
        resource.version = now
        return lines

    def not_modified(self, exchange, resource):
        kind = self.rng.randrange(6)
        lines = resource.metadata() if kind else []
        lines += {1: [f"Content-Length: {len(resource.content())}"], 2: ["Content-Length: 0"],
                  3: ["Transfer-Encoding: chunked"], 4: ["Connection: keep-alive"]}.get(kind, [])
        return self.response(exchange, *lines)

    def full(self, exchange, resource, to_head):
        content, lines = resource.content(), resource.metadata()
        lines += ["Content-Encoding: gzip"] if resource.is_gzip else []
        lines += ["Transfer-Encoding: chunked"] if resource.is_chunked else [f"Content-Length: {len(content)}"]
        response = self.response(exchange, *lines)
        if not to_head:
            response.chunks(self.rng, content) if resource.is_chunked else response.body(content)
        return response

    def post(self, connection):
        exchange = self.begin(connection, "POST", f"/g{self.number}/form", self.rng.choice((200, 201, 204, 404)))
        body = prose(self.rng, self.rng.randrange(2000), self.shape.lures)
        is_chunked = self.rng.random() < self.shape.chunked
        request = self.request(connection, exchange,
                               "Transfer-Encoding: chunked" if is_chunked else f"Content-Length: {len(body)}")
        request.chunks(self.rng, body) if is_chunked else request.body(body)
        answer = b"" if exchange.status == 204 else prose(self.rng, 90, self.shape.lures)
        response = self.response(exchange, *([f"Content-Length: {len(answer)}"] if answer else []))
        response.body(answer)
        return exchange, request, response

    def expect(self, connection):
        """The client waits with its body until the server wants it."""
        exchange = self.begin(connection, "POST", f"/g{self.number}/upload", 201)
        body = prose(self.rng, 700, self.shape.lures)
        request = self.request(connection, exchange, f"Content-Length: {len(body)}", "Expect: 100-continue")
        request.body(body)
        interim, response = Builder(), self.response(exchange, "Content-Length: 2")
        interim.head("HTTP/1.1 100 Continue")
        response.body(b"ok")
        exchange.request = request.place(connection, 0, 0)
        connection.send(0, request.octets[:request.head_end])
        exchange.interim = interim.place(connection, 1, 0)
        connection.send(1, interim.octets)
        connection.send(0, body)
        self.now += 3 * MS
        exchange.response = response.place(connection, 1, 0)
        connection.send(1, response.octets, response.cuts if self.shape.heads_apart else ())
        self.exchanges.append(exchange)

    def last(self, connection):
        """An answer that ends with the connection."""
        exchange = self.begin(connection, "GET", f"/g{self.number}/last", 200)
        request, response = self.request(connection, exchange), self.response(exchange, "Connection: close")
        response.body(prose(self.rng, 1000, self.shape.lures))
        self.send(connection, [(exchange, request, response)])
        connection.close(1)
        self.open.remove(connection)


def capture(seed, **shape):
    result = Capture([], seed=seed)
    shape = Shape(**shape)
    for number in range(shape.groups):
        group = Group(shape, seed, number)
        group.run()
        result.packets += group.packets
        result.exchanges += group.exchanges
    result.packets.sort(key=lambda packet: packet.ns)
    return result
