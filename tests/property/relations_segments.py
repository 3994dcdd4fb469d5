"""TCP: segments cut, merged, reordered, repeated, forged; connections begun before the capture."""
from relation import CLOCK, JUDGEMENT, PACKETS, differences, relation, unlike
from wire.change import cut, delayed, in_time, merged, reordered, segments, without_handshake
from wire.packet import ACK, FIN, MODULUS, MS, RST, SYN, US, Other


@relation("truth", "the generator's own count", on_real=False)
def truth(base, rng):
    faults = []
    records = {r["req_fields"][[n for n, _ in r["req_fields"]].index("X-Id")][1]: r for r in base.view.records
               if any(n == "X-Id" for n, _ in r.get("req_fields", []))}
    for exchange in base.capture.exchanges:
        record = records.pop(exchange.id, {})
        want = {"method": exchange.method, "uri": exchange.uri, "status": exchange.status, "host": exchange.host,
                **exchange.octets()}
        faults += differences(want, {key: record.get(key) for key in want}, exchange.id)
    faults += [f"{x_id} is no request" for x_id in records]
    wrong = [pair for pair in base.view.pairs() if pair[0] != pair[1]]
    return faults + [f"{a} was paired with {b}" for a, b in wrong]


@relation("M01-random", "payloads cut anywhere")
def m01_random(base, rng):
    return base.same(cut(base.capture.packets, lambda n: sorted(rng.sample(range(1, n), min(n - 1, rng.randrange(5))))))


@relation("M01-octets", "one octet a segment", seeds=6, on_real=False, groups=2, batches=4, body_bytes=900)
def m01_octets(base, rng):
    return base.same(cut(base.capture.packets, lambda n: range(1, n)))


@relation("M01-merged", "neighbours merged, and cut again elsewhere")
def m01_merged(base, rng):
    whole = merged(base.capture.packets)
    again = cut(whole, lambda n: sorted(rng.sample(range(1, n), min(n - 1, n // 700))))
    return base.same(whole, what="merged: ") + base.same(again, what="cut again: ")


@relation("M02", "packets reordered, handshakes too")
def m02(base, rng):
    faults = []
    for window in (8, 32):
        # Where a capture is dense, new times are another course of events.
        for change in (reordered, delayed) if base.capture.exchanges else (reordered,):
            faults += base.same(change(base.capture.packets, rng, window), what=f"{change.__name__} in {window}: ")
    return faults


@relation("M02-open", "packets reordered of connections that were open before the capture", on_real=False)
def m02_open(base, rng):
    packets = segments(base.capture.packets, without_handshake)
    view, faults = base.bench.see(packets), []
    for window in (8, 32):
        changed = base.bench.see(reordered(packets, rng, window))
        faults += unlike(view, changed, PACKETS, f"in {window}: ")
    return faults


@relation("M03", "groups in another order", seeds=12, on_real=False)
def m03(base, rng):
    delay = {}

    def moved(step):
        return in_time(p.but(ns=p.ns + delay.setdefault(p.flow // 100, step(p.flow // 100)))
                       for p in base.capture.packets)

    faults = base.same(moved(lambda _: rng.randrange(3000) * MS), CLOCK, what="interleaved: ")
    delay.clear()
    length = base.capture.packets[-1].ns - base.capture.packets[0].ns + 3000 * MS
    return faults + base.same(moved(lambda group: (9 - group) * length), CLOCK, what="one after the other: ")


@relation("M04", "packets captured twice")
def m04(base, rng):
    ways = {"at once": lambda p: p.but(ns=p.ns + 10 * US),
            "one hop further": lambda p: p.but(ns=p.ns + 40 * US, ttl=p.ttl - 1),
            "late": lambda p: p.but(ns=p.ns + rng.randrange(2, 50) * MS)}
    faults = []
    for name, copy in ways.items():
        copies = segments(base.capture.packets, lambda p: [copy(p)])
        copies = [p for p in copies if not isinstance(p, Other)]
        view = base.bench.see(in_time([*base.capture.packets, *copies]))
        faults += base.equal(view, PACKETS, f"{name}: ")
        faults += counted(base, view, name, copies)
    return faults


def counted(base, view, name, copies):
    """Every copy is a duplicate within 1 ms; later, with octets, a retransmission."""
    now, before = view.report["quality"]["packets"], base.view.report["quality"]["packets"]
    key = "retransmitted" if name == "late" else "duplicates"
    want = sum(1 for p in copies if name != "late" or p.data)
    more = now[key] - before[key]
    return [] if want == more else [f"{name}: {want} copies, {more} counted under {key}"]


@relation("M05", "segments sent again, probes, acknowledgements more or fewer")
def m05(base, rng):
    def again(p):
        if not p.data or rng.random() < 0.5:
            return [p]
        start = rng.randrange(len(p.data))
        end = rng.randrange(start, len(p.data)) + 1
        part = rng.choice(((0, len(p.data)), (start, end)))
        return [p, p.part(*part, ns=p.ns + 230 * MS, ident=(p.ident + 7000) % 65536)]

    def probes(p):
        if p.data or p.length or p.flags & RST or rng.random() < 0.5:
            return [p]
        alive = p.but(seq=p.seq - 1, ns=p.ns + 5 * MS, ident=p.ident + 900, data=rng.choice((b"", b"\0", b"?")))
        update = p.but(ns=p.ns + 6 * MS, window=rng.choice((0, 1000)), ident=p.ident + 901)
        return [p, alive, update]

    def silent(p):
        return [p] if p.data or p.length or p.flags & RST else []

    def longer(p):
        """With what came next."""
        following = nexts.get((p.side, (p.seq + len(p.data)) % MODULUS))
        if not p.data or following is None or following.ns > p.ns + 230 * MS or rng.random() < 0.5:
            return [p]
        return [p, p.but(data=p.data + following.data, ns=p.ns + 230 * MS, ident=(p.ident + 5000) % 65536)]

    nexts = {(p.side, p.seq): p for p in base.capture.packets if not isinstance(p, Other) and p.data}
    faults = []
    for change in (again, longer, probes, silent):
        faults += base.same(in_time(segments(base.capture.packets, change)), what=f"{change.__name__}: ")
    return faults


def after_acknowledged(packets, copies):
    """What `copies` makes of a segment, where the other side has acknowledged it."""
    waiting, new = {}, []
    for p in packets:
        if isinstance(p, Other):
            continue
        there = waiting.setdefault((p.flow, 1 - p.way), [])
        for q in [q for q in there if p.flags & ACK and (p.ack - q.seq - len(q.data)) % MODULUS < 1 << 31]:
            there.remove(q)
            new += [copy.but(ns=p.ns + 1 * US, ident=(q.ident + 3000) % 65536) for copy in copies(q)]
        if p.data:
            waiting.setdefault(p.side, []).append(p)
    return new


@relation("M06", "other octets in a copy of what was acknowledged")
def m06(base, rng):
    def inverted(p):
        return [p.but(data=bytes(octet ^ 0x55 for octet in p.data))] if rng.random() < 0.2 else []

    forged = after_acknowledged(base.capture.packets, inverted)
    view = base.bench.see(in_time([*base.capture.packets, *forged]))
    # Where octets contradict each other nobody is accused.
    faults = base.equal(view, PACKETS | JUDGEMENT)
    want = sum(len(p.data) for p in forged)
    got = view.report["quality"]["packets"]["conflicting_octets"]
    return faults + ([] if want == got else [f"{want} octets differ, {got} counted"])


@relation("M06-octet", "one other octet in copies that are cut elsewhere", on_real=False)
def m06_octet(base, rng):
    def changed(p):
        if rng.random() > 0.1 or len(p.data) < 3:
            return []
        # A single last octet is what a keep-alive probe has, and that may be any.
        at, middle = rng.randrange(len(p.data)), rng.randrange(1, len(p.data) - 1)
        p = p.but(data=p.data[:at] + bytes([p.data[at] ^ 1]) + p.data[at + 1:])
        return [p.part(0, middle), p.part(middle, len(p.data))]

    forged = after_acknowledged(base.capture.packets, changed)
    view = base.bench.see(in_time([*base.capture.packets, *forged]))
    faults = base.equal(view, PACKETS | JUDGEMENT)
    got = view.report["quality"]["packets"]["conflicting_octets"]
    # Of a segment that differs all octets count.
    want = sum(len(p.data) for p in forged)
    return faults + ([] if want == got else [f"{want} octets in forged copies, {got} counted"])


@relation("M07", "RST, FIN and SYN from outside the window")
def m07(base, rng):
    faults = []
    for flags in (RST, RST | ACK, FIN | ACK, SYN):
        closed = set()

        def forge(p):
            if p.flags & FIN:
                closed.add(p.flow)
            if rng.random() > 0.1 or not p.flags & ACK or p.flow in closed:
                return [p]
            return [p, p.but(seq=p.seq + 1_500_000_000, flags=flags, data=b"", ident=p.ident + 4000, ns=p.ns + 3 * US)]
        faults += base.same(in_time(segments(base.capture.packets, forge)), what=f"flags {flags}: ")
    return faults


@relation("M15", "other addresses, ports and sequence numbers")
def m15(base, rng):
    shift = {}

    def renumbered(p):
        own, other = (shift.setdefault(side, rng.choice((1 << 31, rng.randrange(MODULUS))))
                      for side in (p.side, (p.flow, 1 - p.way)))
        return [p.but(seq=(p.seq + own) % MODULUS, ack=(p.ack + other) % MODULUS if p.flags & ACK else 0)]

    def renamed(p):
        port = {p.way: 50000 - p.flow, 1 - p.way: 8000}
        new = [bytes([*address[:-3], address[-2], address[-3], address[-1] ^ 0x80]) for address in (p.source, p.target)]
        return [p.but(source=new[0], target=new[1], sport=port[0], dport=port[1])]

    faults = base.same(segments(base.capture.packets, renumbered), what="numbers: ")
    if base.capture.exchanges:
        ignore = {"flow", "client_ip", "client_port", "server_ip", "server_port", "client", "server", "tables"}
        faults += base.same(segments(base.capture.packets, renamed), ignore, "addresses: ")
    return faults


@relation("M16", "connections begun before the capture, or never ended")
def m16(base, rng):
    def no_fin(p):
        return [] if p.flags & FIN and not p.data else [p]

    def no_syn(p):
        return [] if p.flags & (SYN | ACK) == SYN else [p]

    packets = base.capture.packets
    last = {p.side for p in packets if not isinstance(p, Other) and p.flags & FIN} if base.capture.exchanges else ()
    faults = base.same(segments(packets, no_syn), {"flows_midstream"}, "no SYN: ")
    # A connection that only ended is no connection then.
    faults += base.same(segments(packets, without_handshake), JUDGEMENT | {"flows", "flows_not_http"}, "no handshake: ")
    swapped = [packets[1].but(ns=packets[0].ns), packets[0].but(ns=packets[1].ns), *packets[2:]] \
        if not isinstance(packets[0], Other) and not isinstance(packets[1], Other) else packets
    faults += base.same(swapped, what="first two swapped: ")
    # Only an end shows that an answer without a length is whole.
    if last and not any(e.uri.endswith("/last") for e in base.capture.exchanges):
        faults += base.same(segments(packets, no_fin), what="no FIN: ")
    return faults
