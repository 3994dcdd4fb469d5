"""tests/bench/truth.py - a report against the truth that the generator wrote

The truth has the shape of the report and says less: each number in it must be the
report's.
"""
import json
import subprocess


def differences(want, got, path=""):
    if not isinstance(want, dict):
        return [] if want == (got or 0) else [f"{path[1:]}: want {want}, got {got}"]
    if not isinstance(got, dict):
        return [f"{path[1:]}: missing"]
    return [fault for key in want for fault in differences(want[key], got.get(key), f"{path}/{key}")]


def generate(gen, capture, **options):
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    truth = capture + ".json"
    subprocess.run([gen, *words, capture, truth], check=True)
    with open(truth, encoding="utf-8") as file:
        return json.load(file)


def report(cachetap, capture, **options):
    run = subprocess.run([cachetap, "report", "-T", "json", capture], check=True,
                         stdout=subprocess.PIPE, **options)
    return json.loads(run.stdout)
