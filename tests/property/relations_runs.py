"""The run: environment, threads, memory, and the same figures in every format."""
import json
import re
import subprocess

from relation import differences, relation
from wire import files

# It counts the answers that it compared, and stands at those where that was known.
COMPARING = {"conditional-support-inconsistent"}
COLUMNS = ("q_head", "q_body", "r_head", "r_content", "r_framing", "stray")


def printed(base, *words, env=None):
    """Report and records as octets."""
    path = base.bench.write("a.pcap", files.pcap(files.records(base.capture.packets)))
    return [base.bench.call("report", "-T", form, *words, path, env=env).stdout for form in ("json", "ndjson", "text")]


@relation("M34", "the same octets whatever the environment")
def m34(base, rng):
    want, faults = printed(base), []
    environments = [{"LC_ALL": "C"}, {"LC_ALL": "de_DE.UTF-8"}, {"LC_ALL": "tr_TR.UTF-8", "TZ": "Asia/Kathmandu"},
                    {"TZ": "America/St_Johns"}]
    # The seed of the hash tables is another in every run.
    environments += [{}] * (16 if base.name == "seed 0" else 1)
    faults = [f"{env}: other octets" for env in environments if printed(base, env=env)[:2] != want[:2]]
    return faults + [f"--jobs {n}: other octets" for n in "124" if printed(base, "--jobs", n) != want]


@relation("M34-pieces", "whatever a read gives at a time", seeds=6)
def m34_pieces(base, rng):
    path, faults = base.bench.write("a.pcap", files.pcap(files.records(base.capture.packets))), []
    for size in (1, 15, 1000, 1 << 20):
        with subprocess.Popen(["dd", f"if={path}", f"bs={size}", "status=none"], stdout=subprocess.PIPE) as writer:
            faults += base.equal(base.bench.view("-", pipe=writer.stdout), {"path", "sources", "source"}, f"{size} octets: ")
    return faults


@relation("M35", "a budget that is not reached, and one that is", seeds=2, on_real=False, groups=12, batches=200)
def m35(base, rng):
    path = base.bench.write("a.pcap", files.pcap(files.records(base.capture.packets)))
    faults = base.equal(base.bench.view("--max-memory", "2G", path), {"options"}, "2G: ")
    small = base.bench.view("--max-memory", "1M", path).report
    faults += differences(base.view.report["http"], small["http"], "1M: ")
    faults += differences(base.view.report["metrics"]["octets"], small["metrics"]["octets"], "1M: ")
    return faults if any(small["quality"]["evictions"].values()) else [*faults, "1M: nothing was evicted"]


@relation("M36", "the same figures in every format")
def m36(base, rng):
    report, records = base.view.report, base.view.records
    text = printed(base)[2].decode()
    return [f"records: {fault}" for fault in differences(from_report(report), from_records(records))] + \
        [f"text: {fault}" for fault in differences(shown(report), from_text(text))]


def count(values):
    table = {}
    for key, number in values:
        table[key] = table.get(key, 0) + number
    return table


def from_report(report):
    metrics = report["metrics"]
    return {"by_status": report["http"]["by_status"], "by_method": report["http"]["by_method"],
            "outcomes": metrics["outcomes"], "octets": {key: metrics["octets"][key] for key in COLUMNS},
            "waste": {tier: metrics["waste"][tier] for tier in ("T1", "T2", "T3")},
            "saved": metrics["saved"]["known_octets"], "unanswered": report["http"]["unanswered"],
            "findings": count((f["rule"], f["count"]) for f in report["findings"] if f["rule"] not in COMPARING),
            "compared": sorted({(f["rule"], f["resource"]) for f in report["findings"] if f["rule"] in COMPARING})}


def from_records(records):
    waste = [(w["tier"], w["class"], w["octets"]) for r in records for w in r.get("waste", [])]
    return {"by_status": dict(sorted(count((str(r["status"]), 1) for r in records if "status" in r).items())),
            "by_method": dict(sorted(count((r["method"], 1) for r in records if "method" in r).items())),
            "outcomes": count((r["outcome"], 1) for r in records if "outcome" in r),
            "octets": {key: sum(r[key] for r in records if "method" in r) for key in COLUMNS},
            "waste": {tier: count((c, n) for t, c, n in waste if t == tier) for tier in ("T1", "T2", "T3")},
            "saved": sum((r.get("saved") or {}).get("octets") or 0 for r in records),
            "unanswered": sum("status" not in r for r in records),
            "findings": count((rule, 1) for r in records for rule in sorted({f["rule"] for f in r["findings"]} - COMPARING)),
            "compared": sorted({(f["rule"], f"{r['scheme']}://{r['host']}{r['uri']}") for r in records if "method" in r
                                for f in r["findings"] if f["rule"] in COMPARING})}


def number(text):
    return int(text.replace(",", "").replace("\u202f", ""))


def shown(report):
    """What the text says in plain numbers."""
    rates = report["metrics"]["rates"]
    conditional, hit = rates["R5_conditional_share"], rates["R1_conditional_hit.all"]
    share = report["quality"]["complete_share"]
    return {"packets": report["capture"]["packets"], "conditional": [conditional["num"], conditional["den"]],
            "revalidation": [hit["num"], hit["den"]], "complete": [share["num"], share["den"]],
            "flows": report["capture"]["flows"]}


def from_text(text):
    def two(pattern):
        match = re.search(pattern, text)
        return [number(part) for part in match.groups()] if match else None

    packets, flows = two(r"([\d,]+) packets?\b"), two(r"([\d,]+) connections?")
    return {"packets": packets and packets[0], "conditional": two(r"([\d,]+) of ([\d,]+) GET and HEAD"),
            "revalidation": two(r"([\d,]+) of ([\d,]+) answered 304"),
            "complete": two(r"([\d,]+) of ([\d,]+) exchanges complete"), "flows": flows and flows[0]}
