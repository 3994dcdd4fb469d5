"""The file: its format, its parts, its clock; filters, noise, sums of captures."""
import gzip
import json
import os
import shutil
import struct
import subprocess

from relation import BELOW, CLOCK, FILE, FRAMES, OFFSETS, PACKETS, PLACES, differences, relation, strip
from wire import files, link, talk
from wire.change import in_time
from wire.packet import ACK, PSH, SECOND, SYN, Other, Packet, ipv4

# The same packets from another file: only the file's own description may differ.
SAME_PACKETS = {"path", "sources", "source"} | OFFSETS


def rows_of(base):
    return files.records(base.capture.packets)


def from_file(base, name, octets, what, ignore=SAME_PACKETS | OFFSETS, stdin=None):
    """Faults of the capture in the form of a file, or of standard input."""
    path = base.bench.write(name, octets)
    return base.equal(base.bench.view("-", stdin=octets) if stdin else base.bench.view(path), ignore, f"{what}: ")


@relation("M11", "formats of files")
def m11(base, rng):
    rows = rows_of(base)
    plain = files.pcap(rows)
    forms = {"nanoseconds": files.pcap(rows, nanoseconds=True), "big-endian": files.pcap(rows, order=">"),
             "pcapng": files.pcapng(rows), "pcapng, big-endian": files.pcapng(rows, order=">"),
             "three interfaces": files.pcapng(rows, interfaces=3), "gzip": files.packed(plain),
             "gzip in three members": files.packed(plain, 3), "pcapng, gzip": files.packed(files.pcapng(rows, resolution=9))}
    faults = [fault for what, octets in forms.items() for fault in from_file(base, "b.cap", octets, what)]
    if shutil.which("zstd") and base.bench.reads_zstd:
        octets = subprocess.run(["zstd", "-qc"], input=plain, capture_output=True, check=True).stdout
        faults += from_file(base, "b.zst", octets, "zstd")
    simple = base.bench.view(base.bench.write("b.cap", files.pcapng(rows, simple=True)))
    faults += differences(base.view.report["http"], simple.report["http"], "simple blocks: ")
    faults += from_file(base, "b.cap", plain, "stdin", stdin=True)
    return faults + from_file(base, "b.cap", gzip.compress(plain), "gzip from stdin", stdin=True) + through_fifo(base, plain)


def through_fifo(base, octets):
    path = base.bench.path("fifo")
    os.path.exists(path) or os.mkfifo(path)
    plain = base.bench.write("b.cap", octets)
    with subprocess.Popen(["sh", "-c", 'cat "$0" >"$1"', plain, path]) as writer:
        view = base.bench.view(path)
        writer.wait()
    return base.equal(view, SAME_PACKETS | OFFSETS, "FIFO: ")


@relation("M12", "one capture in several files")
def m12(base, rng):
    rows = rows_of(base)
    edges = [0, *sorted(rng.sample(range(1, len(rows)), 3)), len(rows)]
    folder = base.bench.path("ring")
    shutil.rmtree(folder, ignore_errors=True)
    os.mkdir(folder)
    os.chmod(folder, 0o755)
    paths = []
    for number, (a, b) in enumerate(zip(edges, edges[1:])):
        # A ring's numbers are not in the order of time.
        name = f"ring/out.pcap{(number + 2) % 4}"
        paths.append(base.bench.write(name, files.pcap(rows[a:b])))
    ignore = SAME_PACKETS | {"first", "example"} | FRAMES
    faults = base.equal(base.bench.view(*paths), ignore, "files: ")
    faults += base.equal(base.bench.view(folder), ignore, "folder: ")
    return faults + base.equal(base.bench.view(*paths[::-1]), ignore, "in any order: ")


@relation("M12-clock", "a clock that goes back inside files that are given in order", on_real=False)
def m12_clock(base, rng):
    """The parts begin and end anywhere but at the step, which is far longer than what is between packets."""
    packets, step = base.capture.packets, rng.choice((3, 5, 20)) * SECOND
    at = rng.randrange(len(packets) // 4, 3 * len(packets) // 4)
    rows = files.records([p.but(ns=p.ns - (step if i >= at else 0)) for i, p in enumerate(packets)])
    edges = sorted(rng.sample([i for i in range(1, len(rows)) if i != at], 3))
    form = rng.choice((files.pcap, files.pcapng))
    paths = [base.bench.write(f"{i}.pcap", form(rows[a:b])) for i, (a, b) in enumerate(zip([0, *edges], [*edges, len(rows)]))]
    whole, parts = base.bench.view(base.bench.write("a.pcap", form(rows))), base.bench.view(*paths)
    ignore = SAME_PACKETS | {"first"} | FRAMES
    return differences(strip(whole.report, ignore), strip(parts.report, ignore), f"{step} at {at} {edges}: ")


@relation("M12-ring", "a clock that goes back between files whose names are counted", on_real=False)
def m12_ring(base, rng):
    packets = base.capture.packets
    at = rng.randrange(len(packets) // 4, 3 * len(packets) // 4)
    step = min(rng.choice((3, 5, 20)) * SECOND, packets[at].ns - packets[0].ns)
    rows = files.records([p.but(ns=p.ns - (step if i >= at else 0)) for i, p in enumerate(packets)])
    later = sorted(rng.sample(range(at + 1, len(rows)), 2))
    edges = list(zip([0, at, *later], [at, *later, len(rows)]))
    names = rng.choice((["r.pcap", "r.pcap1", "r.pcap2", "r.pcap3"], [f"r_{i:05}_20261121{i:06}.pcapng" for i in range(9, 13)]))
    paths = [base.bench.write(name, files.pcap(rows[a:b])) for name, (a, b) in zip(names, edges)]
    whole, parts = base.bench.view(base.bench.write("a.pcap", files.pcap(rows))), base.bench.view(*paths[::-1])
    ignore = SAME_PACKETS | {"first"} | FRAMES
    return differences(strip(whole.report, ignore), strip(parts.report, ignore), f"{step} at {at} {edges}: ")


@relation("M14", "another time", on_real=False)
def m14(base, rng):
    shift = rng.choice((-1, 1)) * rng.randrange(1, 10**7) * SECOND
    moved = base.bench.see([p.but(ns=p.ns + shift) for p in base.capture.packets])
    for record in moved.records:
        record["ts_us"] -= shift // 1000
    faults = base.equal(moved, SAME_PACKETS | CLOCK | {"first", "example", "first_us", "last_us", "tables.time",
                                                     "time.clocks", "time.dates", "time.seen_us"},
                        "shifted: ")
    start = base.capture.packets[0].ns
    slow = base.bench.see([p.but(ns=start + (p.ns - start) * 1000) for p in base.capture.packets])
    return faults + differences(base.view.report["http"], slow.report["http"], "slower: ")


def noise(base, rng):
    """ARP, DNS, TLS and SSH between the packets."""
    out, ports = [], 30000
    for p in base.capture.packets:
        out.append(p)
        if rng.random() > 0.2:
            continue
        near = [bytes([10, 9, 0, rng.randrange(1, 250)]), bytes([10, 9, 1, 1])]
        ports += 1
        arp = link.ethernet(struct.pack("!HHBBH", 1, 0x0800, 6, 4, 1) + bytes(20), 0x0806)
        dns = ipv4(*near, 17, struct.pack("!HHHH", ports, 53, 40, 0) + bytes(32))
        tls = Packet(p.ns, *near, ports, 443, 7, 9, PSH | ACK, bytes.fromhex("16030100c4010000c00303") + bytes(180))
        ssh = Packet(p.ns, *near, ports, 22, 7, 9, PSH | ACK, b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n")
        scan = Packet(p.ns, *near, ports, 9, 7, 0, SYN)
        out.append(rng.choice((Other(p.ns, arp, True), Other(p.ns, dns), tls, ssh, scan)))
    return out


@relation("M17", "unrelated traffic")
def m17(base, rng):
    view = base.bench.see(noise(base, rng))
    flows = {"flows", "flows_not_http", "flows_one_sided", "flows_midstream", "not_http_octets", "warnings"}
    return base.equal(view, PACKETS | flows)


def stranger(base):
    """Another capture at the same time: other hosts, other addresses."""
    other = talk.capture(1000 + base.capture.seed, groups=1, batches=8)
    for p in other.packets:
        p.source, p.target = (b"\x0b" + address[1:] for address in (p.source, p.target))
        p.data = p.data.replace(b"h0.test", b"x0.test").replace(b"/g0/", b"/x0/")
    shift = base.capture.packets[0].ns - other.packets[0].ns
    return [p.but(ns=p.ns + shift, flow=p.flow + 10**6) for p in other.packets]


@relation("M17-filtered", "other HTTP, filtered out again")
def m17_filtered(base, rng):
    both = in_time([*base.capture.packets, *stranger(base)])
    path = base.bench.write("a.pcap", files.pcap(files.records(both)))
    return base.equal(base.bench.view("-f", "not net 11.0.0.0/8", path), PACKETS | {"filter"})


@relation("M13", "two captures together are their sum")
def m13(base, rng):
    other = stranger(base)
    second = base.bench.see(other)
    both = base.bench.see(in_time([*base.capture.packets, *other]))
    want = total(sums(base.view.report), sums(second.report))
    faults = differences(want, sums(both.report), "both: ")
    names = [base.bench.write(f"{i}.json", json.dumps(view.report).encode())
             for i, view in enumerate((base.view, second))]
    merged = json.loads(base.bench.call("merge", "-T", "json", *names).stdout)
    return faults + differences(want, sums(merged), "merged: ")


def sums(report):
    """The parts that add up."""
    return {"http": report["http"], "ledger": report["ledger"], "octets": report["metrics"]["octets"],
            "outcomes": report["metrics"]["outcomes"], "validators": report["metrics"]["validators"]}


def total(a, b):
    if isinstance(a, dict) or isinstance(b, dict):
        a, b = a or {}, b or {}
        return {key: total(a.get(key), b.get(key)) for key in [*a, *(k for k in b if k not in a)]}
    return (a or 0) + (b or 0)


@relation("M23", "one server by a filter", on_real=False)
def m23(base, rng):
    path = base.bench.write("a.pcap", files.pcap(rows_of(base)))
    faults = []
    for address in sorted({record["server_ip"] for record in base.view.records}):
        part = base.bench.view("-f", f"host {address}", path)
        ignore = PLACES | FILE | BELOW
        want, got = ([strip(record, ignore) for record in records]
                     for records in ([r for r in base.view.records if r["server_ip"] == address], part.records))
        faults += differences(want, got, f"{address}: ")
    return faults


@relation("M33", "independent connections in another order", on_real=False, groups=4, flows=1)
def m33(base, rng):
    """Groups take turns: what was said of each URL stays, whoever came first."""
    order = list(range(4))
    rng.shuffle(order)
    changed = in_time(p.but(ns=p.ns + order[p.flow // 100] * 7 * SECOND) for p in base.capture.packets)
    view = base.bench.see(changed)
    return differences(by_url(base.view.records), by_url(view.records))


def by_url(records):
    table = {}
    for record in records:
        row = table.setdefault(record["host"] + record["uri"], {})
        for key in ("q_head", "q_body", "r_head", "r_content", "r_framing", "stray"):
            row[key] = row.get(key, 0) + record[key]
        for key in ("status", "outcome"):
            name = f"{key} {record.get(key)}"
            row[name] = row.get(name, 0) + 1
    return table
