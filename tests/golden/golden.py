#!/usr/bin/env python3
"""Golden reports: what cachetap prints of captures/, octet for octet.

    golden.py CACHETAP            compare; exit 1 and a diff if anything differs
    golden.py --refresh CACHETAP  write what it prints now; `git diff` is the review

Golden are NAME.txt (-T text), NAME.json (-T json), NAME.html (-T html without what is
tested elsewhere: style, script, texts of rules and the JSON in it), what RECORDS names,
the blocks of README.md and docs/TUTORIAL.md, which say what was run, and the numbers of
measure.def in docs/OUTPUT.md.
"""
import difflib
import re
import shlex
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CAPTURES = ROOT / "captures"
BLOCK = re.compile(r"(<!-- run: cachetap (.*?)(?:; lines (\d+)-(\d+))? -->\n).*?(<!-- end -->)", re.S)

# (file, arguments before the capture, capture)
RECORDS = [
    ("demo.show.txt", ["show"], "captures/demo.pcapng"),
    ("broken-304.show.txt", ["show", "-v"], "captures/broken-304.pcap"),
    ("wget-n.extract.ndjson", ["extract"], "captures/wget-n.pcap"),
    ("broken-304.ndjson", ["-T", "ndjson"], "captures/broken-304.pcap"),
    ("merge.txt", ["merge", "-T", "text", "tests/golden/demo.json"], "tests/golden/nginx-curl.json"),
    ("diff.txt", ["diff", "captures/apache-deflate.pcap"], "captures/nginx-curl.pcap"),
    ("diff.json", ["diff", "-T", "json", "tests/golden/demo.json"], "captures/nginx-curl.pcap"),
    ("demo.sarif", ["-T", "sarif"], "captures/demo.pcapng"),
    ("demo.prom", ["-T", "prom"], "captures/demo.pcapng"),
    ("demo.summary.csv", ["-T", "csv"], "captures/demo.pcapng"),
    ("demo.url.csv", ["-T", "csv", "--table", "url"], "captures/demo.pcapng"),
    ("demo.findings.csv", ["-T", "csv", "--table", "findings"], "captures/demo.pcapng"),
    ("demo.fixes.csv", ["-T", "csv", "--table", "fixes"], "captures/demo.pcapng"),
    ("broken-304.hidden.ndjson", ["-T", "ndjson", "--redact", "all"], "captures/broken-304.pcap"),
    ("wget-n.har", ["-T", "har"], "captures/wget-n.pcap"),
]
NUMBERS = re.compile(r"(<!-- numbers -->\n).*?(<!-- end of numbers -->)", re.S)
MEASURE = re.compile(r'^MEASURE\("(\w+)", (\w+), (\w+),\s*"([^"]+)",\s*"([^"]+)"\)', re.M)


def numbers():
    """The table of measure.def."""
    code = (ROOT / "analyzer/export/measure.def").read_text()
    assert code.count('MEASURE("') == len(MEASURE.findall(code)) + 1    # that of its comment
    kinds = {"OCTET_SHARE": "share of octets"}
    rows = [f"| `{name}` | {kinds.get(kind, kind.lower())} | {better.lower() if better != 'NEITHER' else ''} "
            f"| `{place.replace('/', '.')}` | {what} |\n"
            for name, kind, better, place, what in MEASURE.findall(code)]
    return "| name | | better | in the report | |\n|---|---|---|---|---|\n" + "".join(rows)


ELSEWHERE = re.compile(
    r"(<(?:style|script)\b[^>]*>).*?(</(?:style|script)>)|sha256-[\w+/=]+|"
    r"(<summary>What it means, how to mend it</summary>).*?(</details>)", re.S)


def run(cachetap, *arguments):
    done = subprocess.run([cachetap, *arguments], cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(arguments)}: exit {done.returncode}: {done.stderr.decode()}")
    return done.stdout.decode()


def block(cachetap, match):
    """What a page shows: all that is printed, or some lines of it."""
    lines = run(cachetap, *shlex.split(match[2])).splitlines(True)
    if match[3]:
        lines = lines[int(match[3]) - 1:int(match[4])]
    return f"{match[1]}```\n{''.join(lines)}```\n{match[5]}"


def wanted(cachetap):
    """(file, text as it should be) of everything golden."""
    for capture in sorted(CAPTURES.glob("*.pcap*")):
        name = capture.name.split(".")[0]
        path = str(capture.relative_to(ROOT))
        yield HERE / f"{name}.txt", run(cachetap, path)
        yield HERE / f"{name}.json", run(cachetap, "-T", "json", path)
        page = run(cachetap, "-T", "html", path)
        yield HERE / f"{name}.html", ELSEWHERE.sub(r"\1\2\3\4", page)
    for name, arguments, capture in RECORDS:
        yield HERE / name, run(cachetap, *arguments, capture)
    output = ROOT / "docs/OUTPUT.md"
    yield output, NUMBERS.sub(lambda match: match[1] + numbers() + match[2], output.read_text())
    for name in ("README.md", "docs/TUTORIAL.md"):
        page = ROOT / name
        yield page, BLOCK.sub(lambda match: block(cachetap, match), page.read_text())


def main():
    refresh = sys.argv[1] == "--refresh"
    cachetap = str(Path(sys.argv[-1]).resolve())
    differing = compared = 0
    for path, text in wanted(cachetap):
        compared += 1
        old = path.read_bytes().decode() if path.exists() else ""
        if old == text:
            continue
        differing += 1
        name = str(path.relative_to(ROOT))
        if refresh:
            path.write_bytes(text.encode())
            print(f"wrote {name}")
            continue
        sys.stdout.writelines(difflib.unified_diff(
            old.splitlines(True), text.splitlines(True), name, "printed now"))
    print(f"{compared} compared, {differing} {'written' if refresh else 'differ'}")
    return 1 if differing and not refresh else 0


if __name__ == "__main__":
    sys.exit(main())
