#!/usr/bin/env python3
"""Exit codes and what is said: a table of command lines.  exits.py CACHETAP"""
import gzip
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

GOLDEN = Path(__file__).resolve().parent
CAPTURES = Path(__file__).resolve().parent.parent.parent / "captures"

# (what is tested, arguments, exit code, words on stderr, words on stdout)
ROWS = [
    ("a report", ["good.pcap"], 0, "", "answered 304"),
    ("the command may be named", ["report", "good.pcap"], 0, "", "answered 304"),
    ("JSON by extension", ["-o", "out.json", "good.pcap"], 0, "", ""),
    ("two outputs of one run", ["-T", "json", "-o", "a.json", "-T", "ndjson", "good.pcap"], 0, "", '"v":1'),
    ("nothing to read", [], 2, "no capture file given", ""),
    ("unknown option", ["--frob", "good.pcap"], 2, "--frob", ""),
    ("unknown format", ["-T", "foo", "good.pcap"], 2, "foo", ""),
    ("a value is missing", ["good.pcap", "-T"], 2, "value", ""),
    ("bad filter", ["-f", "frob(", "good.pcap"], 2, "frob(", ""),
    ("a filter that matches", ["-f", "tcp", "good.pcap"], 0, "", "answered 304"),
    ("no such rule to disable", ["--disable", "304-with-bdy", "good.pcap"], 2, "304-with-body", ""),
    ("the input is not overwritten", ["-T", "text", "-o", "good.pcap", "good.pcap"], 2, "good.pcap", ""),
    ("nor is the baseline", ["--baseline", "base.json", "-o", "base.json", "demo.pcapng"], 2, "base.json", ""),
    ("nor is a capture in a folder", ["-o", "folder/a.pcap", "-T", "json", "folder"], 2, "folder/a.pcap", ""),
    ("nor one that is compared", ["diff", "-T", "json", "-o", "folder/a.pcap", "demo.json", "folder"], 2,
     "folder/a.pcap: is to be read, not written", ""),
    ("a baseline that is none empties no records", ["--baseline", "text.txt", "-T", "ndjson", "-o", "old.ndjson",
                                                    "-T", "json", "-o", "kept.json", "-w", "old.pcap", "demo.pcapng"],
     3, "text.txt: not JSON", ""),
    ("nor does one that is not there", ["--baseline", "nosuch.json", "-T", "ndjson", "-o", "old.ndjson", "demo.pcapng"],
     3, "nosuch.json", ""),
    ("a report that is none empties no sum", ["merge", "-o", "kept.json", "demo.json", "text.txt"], 3, "text.txt", ""),
    ("two outputs are two files", ["-o", "two.json", "-T", "csv", "-o", "./two.json", "good.pcap"], 2, "one file", ""),
    ("packets are an output, too", ["-o", "two.json", "-w", "two.json", "good.pcap"], 2, "one file", ""),
    ("no such file", ["nosuch.pcap"], 3, "nosuch.pcap: No such file", ""),
    ("not a capture", ["text.txt"], 3, "text.txt: not a pcap", ""),
    ("an empty file", ["empty.pcap"], 3, "empty.pcap: empty file", ""),
    ("a file header that is cut", ["header.pcap"], 3, "header.pcap", ""),
    ("the others are analysed", ["nosuch.pcap", "good.pcap"], 3, "nosuch.pcap", "answered 304"),
    ("a cut capture", ["cut.pcap"], 0, "cut.pcap", "answered 304"),
    ("a cut gzip file", ["cut.pcap.gz"], 0, "cut.pcap.gz", "Capture quality"),
    ("an output that cannot be opened", ["-o", "nosuch/x.json", "good.pcap"], 6, "nosuch/x.json", ""),
    ("a full disk", ["-T", "json", "-o", "/dev/full", "good.pcap"], 6, "/dev/full", ""),
    ("no interface", ["live"], 2, "no interface", ""),
    ("an interface that is not there", ["live", "-i", "nosuch0"], 4, "nosuch0", ""),
    ("an explanation", ["explain", "304-with-body"], 0, "", "15.4.5"),
    ("a rule that was probably meant", ["explain", "304-with-bdy"], 2, "explain 304-with-body", ""),
    ("the catalogue", ["rules"], 0, "", "304-unconditional-request"),
    ("a table", ["-T", "csv", "--table", "host", "demo.pcapng"], 0, "", "assets.example,15,"),
    ("the table of the output before it", ["-T", "csv", "-o", "x.csv", "--table", "url", "-T", "csv", "demo.pcapng"],
     0, "", "recall,0.588235294,20,34"),
    ("no such table", ["-T", "csv", "--table", "hosts", "demo.pcapng"], 2, "summary, waste, findings", ""),
    ("a table without csv", ["--table", "host", "demo.pcapng"], 2, "-T csv", ""),
    ("a sum as a table", ["merge", "-T", "csv", "--table", "host", "demo.json", "demo.json"], 0, "", "assets.example,30,"),
    ("a folder that is not there", ["-T", "csv", "-o", "nosuch/", "demo.pcapng"], 6, "nosuch/", ""),
    ("two captures compared", ["diff", "good.pcap", "demo.pcapng"], 0, "", "304 recall"),
    ("a report and its capture", ["diff", "demo.json", "demo.pcapng"], 0, "", "No difference."),
    ("a report of other options", ["diff", "--shared-lru", "1M", "demo.json", "demo.pcapng"], 0, "", "shared_lru"),
    ("a comparison as JSON", ["diff", "-o", "d.json", "demo.json", "demo.pcapng"], 0, "", ""),
    ("one has nothing to compare with", ["diff", "demo.json"], 2, "diff BEFORE.json AFTER.pcap", ""),
    ("neither capture nor report", ["diff", "demo.json", "text.txt"], 3, "text.txt: not a pcap", ""),
    ("JSON that is no report", ["diff", "other.json", "demo.json"], 3, "no report of cachetap", ""),
    ("a report that lacks what this version writes", ["diff", "old.json", "demo.json"], 3, "another version", ""),
    ("one that is not there", ["diff", "nosuch.json", "demo.json"], 3, "nosuch.json: ", ""),
    ("diff writes no tables", ["diff", "-T", "csv", "demo.json", "demo.json"], 2, "text, json", ""),
    ("a condition that holds", ["--fail-on", "violation", "demo.pcapng"], 1, "--fail-on violation: ", "answered 304"),
    ("a rate below its limit", ["--fail-on", "recall<0.9", "demo.pcapng"], 1, "recall<0.9: 20 of 34", "answered 304"),
    ("each condition that holds is said", ["--fail-on", "wasted>10MB", "--fail-on", "wasted_share>5%", "demo.pcapng"],
     1, "wasted_share>5%: ", "answered 304"),
    ("a condition that does not hold", ["--fail-on", "wasted>10MB", "demo.pcapng"], 0, "", "answered 304"),
    ("damage as a condition", ["--fail-on", "damaged", "cut.pcap"], 1, "--fail-on damaged: ", "answered 304"),
    ("a cut gzip file is damage", ["--fail-on", "damaged", "cut.pcap.gz"], 1, "--fail-on damaged: ", ""),
    ("no damage", ["--fail-on", "damaged", "demo.pcapng"], 0, "", "answered 304"),
    ("findings that an earlier report has", ["--fail-on", "advice", "--baseline", "demo.json", "demo.pcapng"],
     0, "", "answered 304"),
    ("what was only likely hides nothing certain", ["--fail-on", "advice", "--baseline", "likely.json", "demo.pcapng"],
     1, "--fail-on advice: ", ""),
    ("a baseline in which less was hidden", ["--redact", "all", "--baseline", "demo.json", "demo.pcapng"],
     2, "demo.json: made with --redact secrets, but this run is with all", ""),
    ("a sum and a baseline in which all was hidden", ["merge", "--fail-on", "advice", "--baseline", "hidden.json", "demo.json"],
     2, "hidden.json: made with --redact all", ""),
    ("a sum may fail, too", ["merge", "--fail-on", "recall<0.9", "demo.json", "demo.json"], 1, "40 of 68", '"schema"'),
    ("a number that was probably meant", ["--fail-on", "recal<0.9", "demo.pcapng"], 2, "try: recall", ""),
    ("an unreadable file is worse than a condition", ["--fail-on", "violation", "nosuch.pcap", "demo.pcapng"],
     3, "--fail-on violation", "answered 304"),
    ("a baseline that is none", ["--baseline", "text.txt", "demo.pcapng"], 3, "text.txt: not JSON", ""),
    ("a baseline that is not there", ["--baseline", "nosuch.json", "demo.pcapng"], 3, "nosuch.json", ""),
    ("version", ["--version"], 0, "", "cachetap "),
    ("help", ["--help"], 0, "", "live"),
    ("help of a command", ["live", "--help"], 0, "", "--interface"),
    ("a list of exchanges", ["show", "good.pcap"], 0, "", "validated"),
    ("its file may have any name", ["show", "-o", "list.lst", "good.pcap"], 0, "", ""),
    ("a list of nothing", ["show"], 2, "cachetap show FILE.pcap", ""),
    ("a list has one format", ["show", "-T", "json", "good.pcap"], 2, "-T", ""),
    ("times are UTC in any case", ["show", "--utc", "good.pcap"], 0, "", "validated"),
    ("limits are named where they can be set", ["show", "--help"], 0, "", "head_probe_window_s"),
    ("facts", ["extract", "good.pcap"], 0, "", '"digest":'),
    ("facts have laws, too", ["extract", "--self-check", "demo.pcapng"], 0, "", '"v":1'),
    ("facts number no clients", ["extract", "--client-key", "cookie:id", "good.pcap"], 2, "-T ndjson", ""),
    ("conservation laws hold", ["--self-check", "good.pcap", "demo.pcapng"], 0, "", "answered 304"),
]

# What no row may have changed.
KEPT = ("old.ndjson", "kept.json", "old.pcap")


def prepare(folder):
    good = (CAPTURES / "wget-n.pcap").read_bytes()
    files = {"good.pcap": good, "text.txt": b"GET / HTTP/1.1\r\n\r\n" * 9, "empty.pcap": b"",
             "header.pcap": good[:20], "cut.pcap": good[:-7], "other.json": b" {}", "old.json": b'{"schema": "cachetap-report/1"}',
             "cut.pcap.gz": gzip.compress(good, mtime=0)[:-200]}
    for name, octets in files.items():
        (folder / name).write_bytes(octets)
    shutil.copy(CAPTURES / "demo.pcapng", folder)
    shutil.copy(GOLDEN / "demo.json", folder)
    shutil.copy(GOLDEN / "demo.json", folder / "base.json")
    (folder / "folder").mkdir()
    (folder / "folder" / "a.pcap").write_bytes(good)
    for name in KEPT:
        (folder / name).write_bytes(b"kept")
    report = (GOLDEN / "demo.json").read_text()
    (folder / "likely.json").write_text(report.replace('"certain"', '"likely"'))
    (folder / "hidden.json").write_text(report.replace('"options": {', '"options": {"redact": "all",', 1))
    return good


def run(cachetap, folder, row):
    what, arguments, code, said, printed = row
    done = subprocess.run([cachetap, *arguments], cwd=folder, capture_output=True, timeout=60, check=False)
    wrong = []
    if done.returncode != code:
        wrong.append(f"exit {done.returncode}, wanted {code}")
    if said not in done.stderr.decode(errors="replace"):
        wrong.append(f"stderr without {said!r}")
    if printed not in done.stdout.decode(errors="replace"):
        wrong.append(f"stdout without {printed!r}")
    print(f"FAIL {what}: {'; '.join(wrong)}: {done.stderr.decode()[:200]}" if wrong else f"ok   {what}")
    return not wrong


def closed_pipe(cachetap):
    """A reader that goes away is no error to talk about."""
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([cachetap, "-T", "json", CAPTURES / "demo.pcapng"], stdout=writer,
                          stderr=subprocess.PIPE, timeout=60, check=False)
    os.close(writer)
    good = done.returncode == 141 and not done.stderr
    print(f"{'ok  ' if good else 'FAIL'} a closed pipe ends quietly (exit {done.returncode})")
    return good


def read_through_stdin(cachetap, folder):
    """What the shell opens is an input like another."""
    with open(folder / "good.pcap", "rb") as file:
        done = subprocess.run([cachetap, "-T", "json", "-o", "good.pcap", "-"], cwd=folder, stdin=file, capture_output=True,
                              timeout=60, check=False)
    good = done.returncode == 2 and b"to be read" in done.stderr
    print(f"{'ok  ' if good else 'FAIL'} nor is what comes through stdin (exit {done.returncode})")
    return good


def no_descriptors(cachetap, folder):
    """Root whose files are all open cannot become a user that is looked up in one; and says why."""
    if os.geteuid():
        return True
    names = [f"f{number}.pcap" for number in range(9)]
    for name in names:
        shutil.copy(folder / "good.pcap", folder / name)
    said = set()
    for limit in range(5, 13):
        done = subprocess.run([cachetap, "-q", *names], cwd=folder, capture_output=True, timeout=60, check=False,
                              preexec_fn=lambda limit=limit: resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit)))
        said.add(done.stderr.decode().replace(str(folder), ""))
    good = any("nobody cannot be looked up: Too many open files" in text for text in said)
    good &= not any("no such user" in text for text in said)
    print(f"{'ok  ' if good else 'FAIL'} no descriptors are left to look up the user", "" if good else said)
    return good


def main():
    cachetap = str(Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.chmod(folder, 0o755)     # the program becomes nobody once all is open
        good = prepare(folder)
        results = [run(cachetap, folder, row) for row in ROWS] + [closed_pipe(cachetap)]
        results.append(no_descriptors(cachetap, folder))
        results.append(read_through_stdin(cachetap, folder))
        if (folder / "good.pcap").read_bytes() != good or not (folder / "base.json").stat().st_size:
            print("FAIL an input was changed")
            results.append(False)
        if any((folder / name).read_bytes() != b"kept" for name in KEPT):
            print("FAIL an output was emptied for a run that could not be")
            results.append(False)
    print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
