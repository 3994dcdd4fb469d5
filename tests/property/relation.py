"""Relations between reports: a change of a capture, and what must not change with it.

A relation is a function of a base, a capture with its report, and a random generator; it
returns the faults that it found.  The decorator names it and says on which bases it runs.
`equal()` is the usual body: write, run, compare.
"""
import functools
import json
import os
import random
import subprocess
import sys
import time
from dataclasses import dataclass

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
from wire import files, talk  # noqa: E402

# What says where in the file something was seen.
OFFSETS = {"file_offset", "file_octets"}
FRAMES = {"request_frames", "response_frames"} | OFFSETS
PLACES = {"path", ".source", "first", "example"} | FRAMES
FILE = {"sources"}
TIMES = {"ts_us", "dur_us", "wait_us", "ttfb_us", "first_us", "last_us", "duration_us", "wait_p50_us", "time"}
# What is counted below HTTP.
BELOW = {"frame_octets", "link_octets", "network_octets", "transport_octets", "not_tcp_octets", "payload_octets",
         "retransmitted_octets", "capture_duplicate_octets", "pending_octets", "B5_wire_factor", "quality.packets",
         "capture.packets", "more.B5", "more.wire_factor"}
ADDRESSES = {"flow", "client_ip", "client_port", "server_ip", "server_port", "client", "server", "tables"}
PACKETS = PLACES | FILE | BELOW | TIMES
# What rests on certain pairs.
JUDGEMENT = {"findings", "fixes", "tables", "metrics", "more", "outcome", "saved", "waste", "tentative", "quality", "cond",
             "flows_midstream"}


# Rules that compare what hosts say of the time with the clock of the capture, as members to leave out.
CLOCK = {"rule=date-skewed", "time.clocks"}


def strip(value, names, path=""):
    """A copy without the named members; a name may have the one above it in front, and one that
    begins with "rule=" is a finding."""
    if isinstance(value, dict):
        return {key: strip(member, names, key) for key, member in value.items()
                if key not in names and f"{path}.{key}" not in names}
    if isinstance(value, list):
        return [strip(member, names, path) for member in value
                if not (isinstance(member, dict) and f"rule={member.get('rule')}" in names)]
    return value


def differences(a, b, path=""):
    if isinstance(a, dict) and isinstance(b, dict):
        return [text for key in [*a, *(k for k in b if k not in a)]
                for text in differences(a.get(key), b.get(key), f"{path}.{key}")]
    if isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        return [text for i, pair in enumerate(zip(a, b)) for text in differences(*pair, f"{path}[{i}]")]
    if a == b:
        return []
    return [f"{path}: {json.dumps(a)[:70]} became {json.dumps(b)[:70]}"]


class Failure(Exception):
    """cachetap did not do what was asked."""


@dataclass
class View:
    report: dict
    records: list

    def pairs(self):
        """X-Id of each request with that of its answer, None where there is none."""
        return [(x_id(record.get("req_fields")), x_id(record.get("resp_fields"))) for record in self.records]


def x_id(fields):
    return next((value for name, value in fields or [] if name == "X-Id"), None)


def by_place(records):
    """An order that does not depend on times."""
    return sorted(records, key=lambda r: (str(x_id(r.get("req_fields")) or x_id(r.get("resp_fields"))),
                                          r.get("client_port", 0), r.get("trans", 0), str(r.get("uri"))))


def sorted_findings(report):
    """Equal counts leave the order to what was seen first."""
    if report.get("findings"):
        report["findings"].sort(key=lambda finding: json.dumps(finding, sort_keys=True))
    return report


def unlike(before, after, ignore, what=""):
    """Where two views differ, but for what is ignored."""
    pairs = (("report", sorted_findings(strip(before.report, ignore)), sorted_findings(strip(after.report, ignore))),
             ("record", by_place(strip(before.records, ignore)), by_place(strip(after.records, ignore))))
    return [f"{what}{name}{text}" for name, a, b in pairs for text in differences(a, b)]


class Bench:
    """The binary and a folder for files."""

    def __init__(self, binary, folder):
        self.binary, self.folder, self.runs = binary, folder, 0

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, octets):
        with open(self.path(name), "wb") as file:
            file.write(octets)
        return self.path(name)

    def call(self, *words, stdin=None, pipe=subprocess.DEVNULL, env=None, status=(0,)):
        self.runs += 1
        run = subprocess.run([self.binary, *words], input=stdin, stdin=None if stdin is not None else pipe,
                             capture_output=True, env={**os.environ, **(env or {})}, check=False)
        if run.returncode not in status:
            raise Failure(f"{' '.join(words[-3:])}: exit {run.returncode}: {run.stderr.decode(errors='replace')[-300:]}")
        return run

    def view(self, *words, stdin=None, pipe=subprocess.DEVNULL, env=None):
        """The report and the records of one run, its own laws checked."""
        report, records = self.path("report.json"), self.path("records.ndjson")
        self.call("report", "--self-check", "-T", "json", "-o", report, "-T", "ndjson", "-o", records, *words,
                  stdin=stdin, pipe=pipe, env=env)
        with open(report, encoding="utf-8") as file:
            whole = json.load(file)
        with open(records, encoding="utf-8") as file:
            return View(whole, [json.loads(line) for line in file])

    def see(self, packets, *words, **dress):
        """Packets in a plain file, or as `dress` says."""
        return self.view(*words, self.write("a.pcap", files.pcap(files.records(packets, **dress))))

    @functools.cached_property
    def reads_zstd(self):
        """Built with zstd: an empty frame is then an empty file, not a foreign one."""
        path = self.write("probe.zst", bytes.fromhex("28b52ffd2000010000"))
        return b"zstd -d" not in self.call("report", path, status=(3,)).stderr


@dataclass
class Base:
    """A capture, what cachetap says of it, and a way to run changed ones."""
    name: str
    bench: Bench
    capture: talk.Capture
    view: View

    def equal(self, view, ignore, what=""):
        """Faults where a view differs in what it must not."""
        return unlike(self.view, view, ignore, what)

    def same(self, packets, ignore=frozenset(), what="", **dress):
        """Faults of a changed capture that must look the same above the packets."""
        return self.equal(self.bench.see(packets, **dress), PACKETS | set(ignore), what)


RELATIONS = []


@dataclass
class Relation:
    id: str
    text: str
    run: object
    seeds: int
    shape: dict
    on_real: bool


def relation(name, text, seeds=20, on_real=True, **shape):
    """Registers a relation: how many generated captures, and of what shape; `on_real`:
    on the captures of real programs as well."""
    def register(function):
        RELATIONS.append(Relation(name, text, function, seeds, shape, on_real))
        return function
    return register


def shape_of(seed, wish):
    """Captures differ in kind, not only in numbers."""
    return {"is_ipv6": seed % 5 == 4, "is_open": seed % 7 == 3, "pipelining": (0.2, 0, 0.8)[seed % 3],
            "groups": 2 + seed % 2, **wish}


class Bases:
    """Made once, used by many relations."""

    def __init__(self, bench, real, share):
        self.bench, self.kept = bench, {}
        self.real_paths, self.share = real, share

    def generated(self, seed, shape):
        key = seed, tuple(sorted(shape.items()))
        if key not in self.kept:
            made = talk.capture(seed, **shape_of(seed, shape))
            self.kept[key] = Base(f"seed {seed}", self.bench, made, self.bench.see(made.packets))
        return self.kept[key]

    def real(self):
        for path in self.real_paths:
            if path not in self.kept:
                with open(path, "rb") as file:
                    rows = files.read(file.read())
                packets = files.packets([row for row in rows if row[3] in files.HEADS])
                # One link type and one clock for all of them, as for those generated.
                if packets and rows[0][3] == 1:
                    view = self.bench.see(packets)
                    self.kept[path] = Base(os.path.basename(path), self.bench, talk.Capture(packets), view)
            if path in self.kept:
                yield self.kept[path]

    def of(self, wanted):
        yield from (self.generated(seed, wanted.shape) for seed in range(-(-wanted.seeds // self.share)))
        if wanted.on_real:
            yield from self.real()


def run_all(binary, folder, real, share, only):
    """Prints a line a relation; returns how many failed."""
    bench = Bench(binary, folder)
    bases, failed = Bases(bench, real, share), 0
    for wanted in RELATIONS:
        if only and only not in wanted.id:
            continue
        begun, faults, count = time.monotonic(), [], 0
        for base in bases.of(wanted):
            count += 1
            try:
                found = wanted.run(base, random.Random(f"{wanted.id} {base.name}"))
            except Failure as failure:
                found = [str(failure)]
            faults += [f"{base.name}: {text}" for text in found[:4]]
        failed += bool(faults)
        print(f"{'FAIL' if faults else 'ok'} {wanted.id} {wanted.text} ({count} captures, "
              f"{time.monotonic() - begun:.1f} s)", *faults[:8], sep="\n  ", flush=True)
    return failed
