"""tests/checks/tree.py - the files that the checks look at, and how they report

A check takes the root of the tree as its first argument, prints one line a fault and
exits with 1 if there was one.
"""
import os
import re
import sys

sys.dont_write_bytecode = True
FOLDERS = ("parsers", "analyzer", "tests", "tools", "captures", "docs", ".ci")


def root():
    return sys.argv[1] if len(sys.argv) > 1 else "."


def files(suffixes, folders=FOLDERS):
    """Paths relative to the root, sorted, with those at the top."""
    found = [name for name in os.listdir(root()) if os.path.isfile(os.path.join(root(), name))]
    for folder in folders:
        for where, _, names in os.walk(os.path.join(root(), folder)):
            if "__pycache__" not in where and "node_modules" not in where:
                found += [os.path.relpath(os.path.join(where, name), root()) for name in names]
    return sorted(path for path in found if path.endswith(suffixes))


def text(path):
    with open(os.path.join(root(), path), encoding="utf-8", errors="replace") as file:
        return file.read()


def code(path):
    """C without comments and without what stands in quotes; lines stay where they are."""
    parts = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)

    def blank(match):
        keep = '""' if match[0][0] == '"' else "0" if match[0][0] == "'" else " "
        return keep + "\n" * match[0].count("\n")

    return parts.sub(blank, text(path))


def finish(faults):
    for fault in faults:
        print(fault)
    print(f"{len(faults)} faults")
    sys.exit(1 if faults else 0)
