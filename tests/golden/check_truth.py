#!/usr/bin/env python3
"""check_truth.py CACHETAP CAPTURE TRUTH - the report against what is really in a capture"""
import json
import subprocess
import sys


def total(report):
    """Findings are reported by resource; the truth counts them by rule."""
    rules = {}
    for finding in report["findings"]:
        rule, first = finding["rule"], finding["first"]
        entry = rules.setdefault(rule, {"count": 0})
        entry["count"] += finding["count"]
        frames = {key: first[key] for key in ("request_frames", "response_frames")}
        if "request_frames" not in entry or frames["request_frames"] < entry["request_frames"]:
            entry.update(frames)
    return rules


def wasted(metrics):
    return {name: octets for tier in metrics["waste"].values()
            for name, octets in tier.items()}


def compare(report, truth):
    """Pairs of a name and (want, got)."""
    http, metrics = report["http"], report["metrics"]
    yield "requests", (truth["requests"], http["requests"])
    yield "responses", (truth["requests"], http["responses"])
    yield "by_status", (truth["by_status"], http["by_status"])
    yield "by_method", (truth["by_method"], http["by_method"])
    for form, pair in truth["conditional"].items():
        rate = metrics["rates"][f"R1_by_form.{form}"]
        yield f"R1 of {form}", (pair, [rate["num"], rate["den"]])
    got = wasted(metrics)
    for name, octets in truth["waste"].items():
        yield f"waste {name}", (octets, got.get(name, 0))
    got = total(report)
    for rule, want in truth["findings"].items():
        yield f"finding {rule}", (want, got.get(rule))
    for rule in truth["silent"]:
        yield f"finding {rule}", (None, got.get(rule))


def main():
    program, capture, truth = sys.argv[1:]
    out = subprocess.run([program, "report", "-T", "json", capture],
                         stdout=subprocess.PIPE, check=True).stdout
    with open(truth, encoding="utf-8") as file:
        rows = list(compare(json.loads(out), json.load(file)))
    wrong = [(name, pair) for name, pair in rows if pair[0] != pair[1]]
    for name, (want, got) in wrong:
        print(f"{name}: want {want}, got {got}")
    print(f"{len(rows) - len(wrong)} agree, {len(wrong)} differ")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
