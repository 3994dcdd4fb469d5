"""Exchanges as packets, in five layouts."""
import random

from wire import change
from wire.packet import ACK, FIN, MODULUS, PSH, SYN, Packet

EPOCH_S = 1767225600  # 2026-01-01T00:00:00Z
SECOND, MS = 10**9, 10**6
PACKET_MAX = 60_000


class Connection:
    """One TCP connection whose packets have the times that they are given."""

    def __init__(self, number, client, server, segment, start_ns, rtt_ns):
        self.number, self.segment = number, segment
        self.ends = (client, 40000 + number), (server, 80)
        self.sent, self.packets, self.last_ns = [0, 0], [], start_ns
        self.put(0, start_ns, SYN)
        self.put(1, start_ns + MS // 10, SYN | ACK)
        self.put(0, start_ns + MS // 10 + rtt_ns, ACK)

    def put(self, way, ns, flags, data=b"", captured=True):
        (source, sport), (target, dport) = self.ends[way], self.ends[1 - way]
        begun = 0 if flags & SYN else 1
        packet = Packet(ns, source, target, sport, dport, (1000 * (way + 1) + begun + self.sent[way]) % MODULUS,
                        (1000 * (2 - way) + 1 + self.sent[1 - way]) % MODULUS if flags & ACK else 0, flags, data,
                        ident=len(self.packets) % 65536, flow=self.number, way=way, offset=self.sent[way])
        self.sent[way] += len(data)
        self.last_ns = max(self.last_ns, ns)
        if captured:
            self.packets.append(packet)

    def send(self, way, octets, first_ns, last_ns=None, captured=True):
        """The first segment at one time, the last at the other, those between in between."""
        cuts = range(0, len(octets), self.segment)
        last_ns = first_ns if last_ns is None else last_ns
        for number, at in enumerate(cuts):
            ns = first_ns + (last_ns - first_ns) * (number + 1) // len(cuts) if number + 1 < len(cuts) else last_ns
            self.put(way, ns, ACK | PSH, octets[at:at + self.segment], captured)
        self.put(1 - way, last_ns, ACK)

    def close(self):
        for way in (1, 0):
            self.put(way, self.last_ns, FIN | ACK)
            self.sent[way] += 1


def fits(connection, exchange):
    """Whether the client can have had the last answer of the connection when it asks."""
    return connection.last_ns + exchange.rtt_ns < exchange.q0_ns


def build(exchanges, segment, shared, linger_ns=0):
    connections, idle = [], {}
    for exchange in exchanges:
        ends = exchange.client, exchange.server
        connection = idle.pop(ends, None) if shared else None
        if connection and not fits(connection, exchange):
            connection.close()
            connection = None
        if not connection:
            start_ns = exchange.q0_ns - exchange.rtt_ns - MS // 2
            connection = Connection(len(connections), *ends, segment, start_ns, exchange.rtt_ns)
            connections.append(connection)
        exchange.write(connection)
        if shared and not exchange.ends_connection:
            idle[ends] = connection
        else:
            connection.last_ns += 0 if exchange.ends_connection else linger_ns
            connection.close()
    for connection in idle.values():
        connection.close()
    return sorted((p for c in connections for p in c.packets), key=lambda p: p.ns)


def reordered(exchanges):
    packets = build(exchanges, 200, shared=True)
    return change.reordered(packets, random.Random(1), 6)


LAYOUTS = {
    "message": lambda exchanges: build(exchanges, PACKET_MAX, shared=False),
    "octet": lambda exchanges: build(exchanges, 1, shared=False),
    "many": lambda exchanges: build(exchanges, 536, shared=False, linger_ns=2 * SECOND),
    "keepalive": lambda exchanges: build(exchanges, 1460, shared=True),
    "reordered": reordered,
}
