#!/usr/bin/env python3
"""pcapng.py IN.pcap OUT.pcapng - the packets of tcpdump's file, as pcapng

One section, one interface, microseconds; no option names the program or the machine.
"""
import struct
import sys


def block(kind, body):
    body += bytes(-len(body) % 4)
    length = struct.pack("<I", len(body) + 12)
    return struct.pack("<I", kind) + length + body + length


def convert(octets):
    magic, _, _, _, _, snap, link = struct.unpack_from("<IHHiIII", octets)
    if magic != 0xA1B2C3D4:
        sys.exit("not a little-endian pcap file with microseconds")
    yield block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
    yield block(1, struct.pack("<HHI", link & 0xFFFF, 0, snap))
    place = 24
    while place < len(octets):
        seconds, micros, kept, length = struct.unpack_from("<IIII", octets, place)
        stamp = seconds * 1000000 + micros
        yield block(6, struct.pack("<IIIII", 0, stamp >> 32, stamp & 0xFFFFFFFF, kept, length)
                    + octets[place + 16:place + 16 + kept])
        place += 16 + kept


if __name__ == "__main__":
    with open(sys.argv[1], "rb") as source, open(sys.argv[2], "wb") as sink:
        sink.writelines(convert(source.read()))
