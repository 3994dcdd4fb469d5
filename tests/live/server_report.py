"""What cachetap says of a capture: findings, and exchanges with theirs."""
import json
import subprocess


class Report:
    def __init__(self, program, capture):
        def print_as(form):
            return subprocess.run([program, "--self-check", "-T", form, capture], check=True,
                                  stdout=subprocess.PIPE).stdout

        report = json.loads(print_as("json"))
        assert report["http"]["exchanges"], "no exchanges were captured"
        self.findings = report["findings"]
        self.exchanges = [json.loads(line) for line in print_as("ndjson").splitlines()]

    def loud(self):
        """What must be true of a server, or is almost surely a mistake; rule and first case."""
        return {finding["rule"]: finding["first"].get("note", "") + " | "
                + finding["first"]["request_head"].split("\n", maxsplit=1)[0]
                for finding in self.findings if finding["severity"] == "violation"
                or (finding["severity"] == "warning" and finding["confidence"] == "certain")}

    def of(self, exchange):
        """Its findings, as "severity confidence fault rule:kind"."""
        return {f"{hit['severity']} {hit['confidence']} {self.fault(hit)} {named(hit)}"
                for hit in exchange["findings"]}

    def fault(self, hit):
        faults = {finding["fault"] for finding in self.findings if named(finding) == named(hit)}
        assert len(faults) == 1, f"{named(hit)} is the fault of {faults or 'nobody'}"
        return faults.pop()


def named(hit):
    return hit["rule"] + (f":{hit['kind']}" if hit["kind"] else "")


def difference(name, found, expected):
    return ([f"{name}: {finding} is found" for finding in sorted(found - expected)]
            + [f"{name}: {finding} is not found" for finding in sorted(expected - found)])
