"""Changes of a capture that are made of packets: cut, merged, reordered."""
from .packet import ACK, FIN, MODULUS, MS, RST, SYN, Other


def segments(packets, change):
    """Each of our segments replaced by what `change` makes of it."""
    return [new for p in packets for new in ([p] if isinstance(p, Other) else change(p))]


def in_time(packets):
    return sorted(packets, key=lambda p: p.ns)


def cut(packets, places):
    """Each segment's data cut at places(length)."""
    def change(p):
        if len(p.data) < 2:
            return [p]
        edges = [0, *places(len(p.data)), len(p.data)]
        return [p.part(a, b, ident=(p.ident + 7 * a) % 65536) for a, b in zip(edges, edges[1:])]
    return segments(packets, change)


def merged(packets, largest=60_000):
    """Neighbours joined, as offloading network cards do."""
    out, last = [], {}
    for p in packets:
        if isinstance(p, Other):
            out.append(p)
            continue
        at = last.get(p.side)
        q = out[at] if at is not None else None
        if (q and q.data and p.data and p.seq == (q.seq + len(q.data)) % MODULUS and p.ack == q.ack
                and not (p.flags | q.flags) & (SYN | FIN | RST) and len(q.data) + len(p.data) < largest):
            out[at] = q.but(data=q.data + p.data, flags=q.flags | p.flags)
            continue
        last[p.side] = len(out)
        if p.data:
            last.pop((p.flow, 1 - p.way), None)
        out.append(p)
    return out


def without_handshake(p):
    return [] if p.flags & SYN or (not p.data and not p.offset and not p.flags & FIN) else [p]


def runs(packets, window):
    """Neighbours, no more than the window and no further apart than 50 ms."""
    run = []
    for p in packets:
        if run and (isinstance(p, Other) or len(run) >= window or p.ns - run[0].ns > 50 * MS):
            yield run
            run = []
        run.append(p)
    yield run


def shuffled(run, rng, rank):
    """In any order; of one connection no packet before one of lower rank."""
    order = rng.sample(run, len(run))
    for flow in {p.flow for p in run}:
        slots = [i for i, p in enumerate(order) if p.flow == flow]
        for i, p in zip(slots, sorted((order[i] for i in slots), key=rank)):
            order[i] = p
    return order


def reordered(packets, rng, window):
    """As from several queues: with their own times, the handshake too."""
    return [p for run in runs(packets, window) for p in rng.sample(run, len(run))]


def delayed(packets, rng, window):
    """As by the network: within each direction, with new times.  What was sent after an
    answer stays after it, for nobody can know better."""
    turns, turn = {}, {}
    for p in packets:
        if not isinstance(p, Other):
            way, count = turn.get(p.flow, (None, 0))
            turn[p.flow] = p.way, count + (p.way != way)
            turns[id(p)] = turn[p.flow][1]
    out = []
    for run in runs(packets, window):
        new = run if isinstance(run[0], Other) else shuffled(run, rng, lambda p: turns[id(p)])
        out += [p if isinstance(p, Other) else p.but(ns=slot.ns) for p, slot in zip(new, run)]
    return out


def acknowledged(packets):
    """Numbers of the packets whose octets the other side confirms later in the capture."""
    best, found = {}, set()
    for number in range(len(packets) - 1, -1, -1):
        p = packets[number]
        if p.data and p.side in best and (best[p.side] - p.seq - len(p.data)) % MODULUS < 1 << 31:
            found.add(number)
        if p.flags & ACK:
            best.setdefault((p.flow, 1 - p.way), p.ack)
    return found
