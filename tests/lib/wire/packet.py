"""TCP segments as objects: a test changes their members, then asks for the octets."""
import struct
from dataclasses import dataclass, replace

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
US, MS, SECOND = 10**3, 10**6, 10**9
MODULUS = 1 << 32


def checksum(octets):
    """[RFC1071 1]: 65536 is 1 modulo 65535, so the sum is a remainder."""
    if len(octets) % 2:
        octets += b"\0"
    rest = int.from_bytes(octets, "big") % 0xFFFF
    return ~rest & 0xFFFF


@dataclass(slots=True)
class Packet:
    """One segment.  `offset` counts the octets of its direction before it, from the start
    of the stream; `flow` and `way` (0 is the client's) say whose it is."""
    ns: int
    source: bytes
    target: bytes
    sport: int
    dport: int
    seq: int
    ack: int = 0
    flags: int = ACK
    data: bytes = b""
    window: int = 65535
    options: bytes = b""
    ident: int = 0
    ttl: int = 64
    flow: int = -1
    way: int = 0
    offset: int = 0
    bad_checksum: bool = False

    def but(self, **changes):
        return replace(self, **changes)

    @property
    def length(self):
        """What it takes of the sequence numbers."""
        return len(self.data) + bool(self.flags & SYN) + bool(self.flags & FIN)

    @property
    def side(self):
        return self.flow, self.way

    def part(self, start, end, **changes):
        """Its octets from start to end; only the last part keeps FIN."""
        flags = self.flags if end == len(self.data) else self.flags & ~(FIN | PSH)
        return replace(self, seq=(self.seq + start) % MODULUS, offset=self.offset + start,
                       data=self.data[start:end], flags=flags, **changes)

    def tcp(self):
        options = self.options + b"\0" * (-len(self.options) % 4)
        head = struct.pack("!HHIIBBHHH", self.sport, self.dport, self.seq % MODULUS, self.ack % MODULUS,
                           5 + len(options) // 4 << 4, self.flags, self.window, 0, 0) + options
        size = len(head) + len(self.data)
        pseudo = self.source + self.target + struct.pack("!II", size, 6)
        total = checksum(pseudo + head + self.data) ^ (0x5555 if self.bad_checksum else 0)
        return head[:16] + struct.pack("!H", total) + head[18:] + self.data

    def ip(self):
        body = self.tcp()
        if len(self.source) == 16:
            return struct.pack("!IHBB", 6 << 28, len(body), 6, self.ttl) + self.source + self.target + body
        return ipv4(self.source, self.target, 6, body, self.ident, self.ttl)


def ipv4(source, target, protocol, body, ident=0, ttl=64, fragment=0x4000, total=None):
    """`fragment` is the field of flags and offset; `total` may lie about the length."""
    size = 20 + len(body) if total is None else total
    head = struct.pack("!BBHHHBBH", 0x45, 0, size, ident & 0xFFFF, fragment, ttl, protocol, 0) + source + target
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + body


@dataclass(slots=True)
class Other:
    """A frame that is no TCP segment of ours: an IP packet, or with `is_frame` a frame."""
    ns: int
    octets: bytes
    is_frame: bool = False


def parse(ns, octets):
    """The segment in an IP packet; None if it is anything else or in fragments."""
    if octets[:1] and octets[0] >> 4 == 4 and octets[9] == 6 and not struct.unpack("!H", octets[6:8])[0] & 0x3FFF:
        head, total = (octets[0] & 15) * 4, struct.unpack("!H", octets[2:4])[0]
        source, target, body = octets[12:16], octets[16:20], octets[head:total]
        ident, ttl = struct.unpack("!H", octets[4:6])[0], octets[8]
    elif octets[:1] and octets[0] >> 4 == 6 and octets[6] == 6:
        size = struct.unpack("!H", octets[4:6])[0]
        source, target, body, ident, ttl = octets[8:24], octets[24:40], octets[40:40 + size], 0, octets[7]
    else:
        return None
    sport, dport, seq, ack, words, flags, window = struct.unpack("!HHIIBBH", body[:16])
    head = (words >> 4) * 4
    return Packet(ns, source, target, sport, dport, seq, ack, flags, body[head:], window, body[20:head], ident, ttl)
