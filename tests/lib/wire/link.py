"""What stands before an IP packet: link layers, tags, tunnels; and fragments of it."""
import struct

from .packet import ipv4

NULL, EN10MB, PPP, RAW, LOOP, SLL, IPV4, NFLOG, SLL2 = 0, 1, 9, 101, 108, 113, 228, 239, 276
IEEE802_11, RADIOTAP = 105, 127
IP4, IP6, VLAN, QINQ = 0x0800, 0x86DD, 0x8100, 0x88A8
MPLS, PPPOE, BRIDGED, ERSPAN2, ERSPAN3 = 0x8847, 0x8864, 0x6558, 0x88BE, 0x22EB
MACS = bytes.fromhex("020000000002020000000001")
OUTER = bytes([172, 16, 0, 1]), bytes([172, 16, 0, 2])


def is_ipv6(packet):
    return packet[0] >> 4 == 6


def ethertype(packet):
    return IP6 if is_ipv6(packet) else IP4


def ethernet(packet, kind=None, macs=MACS):
    return macs + struct.pack("!H", ethertype(packet) if kind is None else kind) + packet


def padded(packet):
    """To the least length of a frame, and a frame check sequence that says nothing."""
    frame = ethernet(packet)
    return frame + b"\xaa" * max(0, 60 - len(frame)) + bytes.fromhex("deadbeef")


def vlan(packet):
    return ethernet(struct.pack("!HH", 7, ethertype(packet)) + packet, VLAN)


def qinq(packet):
    return ethernet(struct.pack("!HHHH", 7, VLAN, 8, ethertype(packet)) + packet, QINQ)


def mpls(packet):
    return ethernet(struct.pack("!II", 17 << 12 | 64, 18 << 12 | 0x100 | 64) + packet, MPLS)


def pppoe(packet):
    ppp = struct.pack("!H", 0x0057 if is_ipv6(packet) else 0x0021) + packet
    return ethernet(struct.pack("!BBHH", 0x11, 0, 1, len(ppp)) + ppp, PPPOE)


def over_ip(protocol, body):
    return ethernet(ipv4(*OUTER, protocol, body))


def over_udp(port, body):
    return over_ip(17, struct.pack("!HHHH", 50000, port, 8 + len(body), 0) + body)


def gre(packet):
    return over_ip(47, struct.pack("!HH", 0, ethertype(packet)) + packet)


def gre_keyed(packet):
    """With a key, a sequence number, and a frame inside."""
    return over_ip(47, struct.pack("!HHII", 0x3000, BRIDGED, 1, 2) + ethernet(packet))


def erspan1(packet):
    return over_ip(47, struct.pack("!HH", 0, ERSPAN2) + ethernet(packet))


def erspan2(packet):
    return over_ip(47, struct.pack("!HHIHHI", 0x1000, ERSPAN2, 0, 0x1000, 7, 0) + ethernet(packet))


def erspan3(packet):
    return over_ip(47, struct.pack("!HHIHHIHH", 0x1000, ERSPAN3, 0, 0x2000, 7, 0, 0, 0) + ethernet(packet))


def vxlan(packet):
    return over_udp(4789, struct.pack("!II", 0x08000000, 42 << 8) + ethernet(packet))


def geneve(packet):
    """With eight octets of options."""
    return over_udp(6081, struct.pack("!BBHIHBBI", 2, 0, BRIDGED, 42 << 8, 0x0102, 1, 1, 0) + ethernet(packet))


def gtp(packet):
    """GTP-U, as between a radio network and its core."""
    return over_udp(2152, struct.pack("!BBHI", 0x30, 255, len(packet), 99) + packet)


def ipip(packet):
    """IP in IP, or 6in4."""
    return over_ip(41 if is_ipv6(packet) else 4, packet)


def nested(packet):
    return gre(vxlan(packet)[14:])


def sll(packet):
    return struct.pack("!HHH8sH", 0, 1, 6, MACS[:6], ethertype(packet)) + packet


def sll2(packet):
    return struct.pack("!HHIHBB8s", ethertype(packet), 0, 2, 1, 0, 6, MACS[:6]) + packet


def null(packet):
    return struct.pack("<I", 30 if is_ipv6(packet) else 2) + packet


def loop(packet):
    return struct.pack(">I", 24 if is_ipv6(packet) else 2) + packet


def raw(packet):
    return packet


def ppp(packet):
    return b"\xff\x03" + struct.pack("!H", 0x0057 if is_ipv6(packet) else 0x0021) + packet


def nflog(packet):
    """A mark, then the payload, as attributes."""
    head = struct.pack("!BBH", 10 if is_ipv6(packet) else 2, 0, 0)
    return head + struct.pack("<HH4s", 8, 3, b"\0\0\0\1") + struct.pack("<HH", 4 + len(packet), 9) + packet


def wifi(packet):
    """A data frame to the station, with QoS."""
    head = struct.pack("<HH", 0x0288, 0) + MACS + MACS[:6] + struct.pack("<HH", 16, 0)
    return head + bytes.fromhex("aaaa03000000") + struct.pack("!H", ethertype(packet)) + packet


def radiotap(packet):
    return struct.pack("<BBHI", 0, 0, 8, 0) + wifi(packet)


def fragments(packet, size):
    """An IP packet in fragments of at most `size` octets, rounded down to eights."""
    size = max(8, size // 8 * 8)
    if is_ipv6(packet):
        head, body, parts = packet[:40], packet[40:], []
        for at in range(0, len(body), size):
            piece = body[at:at + size]
            more = at + size < len(body)
            ident = int.from_bytes(packet[44:48], "big") ^ int.from_bytes(packet[40:44], "big") ^ len(body)
            extension = struct.pack("!BBHI", head[6], 0, at | more, ident)
            parts.append(head[:4] + struct.pack("!HB", 8 + len(piece), 44) + head[7:] + extension + piece)
        return parts
    ident, body = struct.unpack("!H", packet[4:6])[0], packet[20:]
    return [ipv4(packet[12:16], packet[16:20], packet[9], body[at:at + size], ident, packet[8],
                 at // 8 | (0x2000 if at + size < len(body) else 0)) for at in range(0, len(body), size)]
