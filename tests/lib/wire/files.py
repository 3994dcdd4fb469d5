"""Capture files.  A record is a tuple: time, octets, length on the wire, link type."""
import gzip
import struct

from . import link
from .packet import Other, Packet, parse


def record(packet, dress=link.ethernet, kind=link.EN10MB, snaplen=None):
    octets = packet.octets if isinstance(packet, Other) else packet.ip()
    frame = octets if isinstance(packet, Other) and packet.is_frame else dress(octets)
    return packet.ns, frame[:snaplen], len(frame), kind


def records(packets, dress=link.ethernet, kind=link.EN10MB, snaplen=None):
    return [record(packet, dress, kind, snaplen) for packet in packets]


def pcap(rows, nanoseconds=False, order="<", kind=None, snaplen=262144):
    kind = (rows[0][3] if rows else link.EN10MB) if kind is None else kind
    magic, unit = (0xA1B23C4D, 1) if nanoseconds else (0xA1B2C3D4, 1000)
    parts = [struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, snaplen, kind)]
    for ns, octets, wire, _ in rows:
        parts.append(struct.pack(order + "IIII", ns // 10**9, ns % 10**9 // unit, len(octets), wire))
        parts.append(octets)
    return b"".join(parts)


def pcapng(rows, order="<", resolution=6, interfaces=1, simple=False):
    """One section; packets go round the interfaces, which are alike but for their number
    and, where there are several, their clocks' resolution.  In simple blocks all but the first
    packet have no time."""
    parts = []

    def block(kind, body):
        body += bytes(-len(body) % 4)
        size = struct.pack(order + "I", 12 + len(body))
        parts.append(struct.pack(order + "I", kind) + size + body + size)

    block(0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1))
    exponents = [(resolution, 9, 6)[i % 3] for i in range(interfaces)]
    for exponent in exponents:
        option = struct.pack(order + "HHB3xHH", 9, 1, exponent, 0, 0)
        block(1, struct.pack(order + "HHI", rows[0][3] if rows else link.EN10MB, 0, 0) + option)
    for number, (ns, octets, wire, _) in enumerate(rows):
        index = number % interfaces
        if simple and number:
            block(3, struct.pack(order + "I", wire) + octets)
            continue
        ticks = ns * 10 ** exponents[index] // 10**9
        block(6, struct.pack(order + "IIIII", index, ticks >> 32, ticks & 0xFFFFFFFF, len(octets), wire) + octets)
    return b"".join(parts)


def packed(octets, members=1):
    """gzip, in so many members."""
    size = len(octets) // members + 1
    return b"".join(gzip.compress(octets[at:at + size], 1, mtime=0) for at in range(0, len(octets), size))


def read(octets):
    """The records of a sound capture of ours."""
    if octets[:2] == b"\x1f\x8b":
        octets = gzip.decompress(octets)
    return list(read_pcapng(octets) if octets[:4] == b"\x0a\x0d\x0d\x0a" else read_pcap(octets))


def read_pcap(octets):
    order = "<" if octets[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    unit = 1 if 0x4D in octets[:4] else 1000
    kind, at = struct.unpack(order + "I", octets[20:24])[0], 24
    while at < len(octets):
        seconds, rest, size, wire = struct.unpack(order + "IIII", octets[at:at + 16])
        yield seconds * 10**9 + rest * unit, octets[at + 16:at + 16 + size], wire, kind
        at += 16 + size


def read_pcapng(octets):
    at, order, interfaces = 0, "<", []
    while at < len(octets):
        if octets[at:at + 4] == b"\x0a\x0d\x0d\x0a":
            order = "<" if octets[at + 8:at + 12] == b"\x4d\x3c\x2b\x1a" else ">"
            interfaces = []
        kind, size = struct.unpack(order + "II", octets[at:at + 8])
        body = octets[at + 8:at + size - 4]
        if kind == 1:
            interfaces.append((struct.unpack(order + "H", body[:2])[0], units(body[8:], order)))
        elif kind == 6:
            index, high, low, length, wire = struct.unpack(order + "IIIII", body[:20])
            yield (high << 32 | low) * 10**9 // interfaces[index][1], body[20:20 + length], wire, interfaces[index][0]
        at += size


def units(options, order):
    """Ticks a second, from the options of an interface."""
    at = 0
    while at + 4 <= len(options):
        code, size = struct.unpack(order + "HH", options[at:at + 4])
        if code == 9:
            value = options[at + 4]
            return 2 ** (value & 0x7F) if value & 0x80 else 10 ** value
        at += 4 + size + -size % 4
    return 10**6


HEADS = {link.EN10MB: 14, link.SLL: 16, link.SLL2: 20}


def packets(rows):
    """Records as packets, the connections numbered; what is no plain segment stays a frame."""
    flows, streams, found = {}, {}, []
    for ns, octets, wire, kind in rows:
        packet = parse(ns, octets[HEADS[kind]:]) if wire == len(octets) else None
        if packet is None:
            found.append(Other(ns, octets, True))
            continue
        ends = (packet.source, packet.sport), (packet.target, packet.dport)
        number, client = flows.setdefault(frozenset(ends), (len(flows), ends[0]))
        packet.flow, packet.way = number, int(ends[0] != client)
        first = streams.setdefault(packet.side, packet.seq + bool(packet.flags & 2))
        packet.offset = (packet.seq + bool(packet.flags & 2) - first) % 2**32
        found.append(packet)
    return found
