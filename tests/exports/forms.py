"""What the formats of a report say, read by parsers that are not cachetap's."""
import csv
import re
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
MEASURE = re.compile(r'^MEASURE\("(\w+)", (\w+), (\w+),\s*"([^"]+)",\s*"([^"]+)"\)', re.M)
SAMPLE = re.compile(r'(\w+)(?:\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\})? (\S+)')
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


def measures():
    """(name, kind, place) of every number that has a name."""
    return [found[:2] + (found[3],) for found in
            MEASURE.findall((ROOT / "analyzer/export/measure.def").read_text())]


def run(cachetap, *arguments, codes=(0,)):
    done = subprocess.run([cachetap, *map(str, arguments)], capture_output=True, check=False, cwd=ROOT)
    assert done.returncode in codes, f"{arguments}: exit {done.returncode}: {done.stderr.decode()}"
    return done.stdout


def at(report, place):
    for key in place.split("/"):
        report = report.get(key) if isinstance(report, dict) else None
    return report


def read_csv(path):
    """Rows as dictionaries; lines end as RFC 4180 says, columns have names of their own, rows are as long as the header."""
    text = path.read_bytes().decode("utf-8")
    assert text.endswith("\r\n"), f"{path.name}: the last line does not end"
    header, *rows = csv.reader(text.splitlines(keepends=True), strict=True)
    assert len(set(header)) == len(header), f"{path.name}: a column twice: {header}"
    for row in rows:
        assert len(row) == len(header), f"{path.name}: {row}"
    return [dict(zip(header, row)) for row in rows]


def read_prom(text):
    """{(name, labels): value}; no series twice, every family with its type before it."""
    samples, types = {}, {}
    for line in text.splitlines():
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            assert name not in types, f"{name} is declared twice"
            types[name] = kind
        elif not line.startswith("# HELP "):
            match = SAMPLE.fullmatch(line)
            assert match and match[1] in types, f"not a sample: {line}"
            key = match[1], tuple(LABEL.findall(match[2] or ""))
            assert key not in samples, f"twice: {line}"
            samples[key] = float(match[3]) if "." in match[3] else int(match[3])
    return samples


def promtool(text):
    """What promtool has to say against it; nothing where there is none."""
    if not shutil.which("promtool"):
        return []
    done = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True, check=False)
    said = (done.stdout + done.stderr).strip()
    return [f"promtool: {said[:500]}"] if done.returncode or said else []
