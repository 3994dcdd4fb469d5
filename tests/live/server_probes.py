"""Every kind of condition, put to every server, and what is said of each answer.

A row is what the server was seen to do: the status of each answer, and the findings about
it.  What the questions themselves are found fault with is added to all rows alike.
"""
import server_farm as farm
from fix_stage import PORT, PORT_BEHIND, write
from server_report import difference

PATH = "/a.css"
CLIENT = "127.0.0.9"  # not the address from which caches ask
KEPT, PASSED = "s-maxage=60", "private"
LONG_AGO = "Mon, 01 Dec 2025 00:00:00 GMT"

# ---- what is found, and whose fault it is ----

MALFORMED = "violation certain client inm-malformed:weak-unquoted"
DATE_ALONE = "warning likely client ims-without-known-etag"
STAR = "advice certain client inm-star-on-get"
INVENTED = "advice likely client inm-never-served"
RESENT = "advice certain client identical-body-resent:client-unconditional"
OVERLAP = "advice likely client overlapping-range-refetch"

SUFFIX = "violation certain server etag-coding-suffix-mismatch"
WEAK_MISSED = "violation certain server inm-weak-match-missed"
STAR_MISSED = "violation certain server 200-despite-inm-match"
LIST_MISSED = STAR_MISSED + ":list"
STAR_MISSED_BY_CACHE = "warning certain server 200-despite-inm-match"
LIST_MISSED_BY_CACHE = STAR_MISSED_BY_CACHE + ":list"
MATCH_IGNORED = "violation likely server if-match-ignored"
DATE_IGNORED = "violation likely server if-unmodified-since-ignored"
RANGE_MIXED = "violation certain server 206-despite-if-range-mismatch"
NO_VARY = "violation likely server 304-missing-vary"
NO_VARY_PERHAPS = "violation hint server 304-missing-vary"
NO_TAG = "violation certain server 304-missing-etag"
NO_TAG_PERHAPS = "violation likely server 304-missing-etag"
TYPE = "advice certain server 304-extra-metadata:content-type"
CODING = "warning certain server 304-extra-metadata:content-encoding"
PLAIN = "advice certain server compressible-not-compressed"
RENEWED_DATE = "warning likely intermediary date-reset-by-intermediary"
WARNING = "advice certain server pragma-and-legacy:warning-field"


def conditions(tag, date):
    """Name: fields of the request.  A server without dates is not asked for them."""
    asked = {
        "first": [],
        "own_tag": [f"If-None-Match: {tag}"],
        "own_date": [f"If-Modified-Since: {date}"],
        "if_match": ['If-Match: "other"'],
        "if_unmodified": [f"If-Unmodified-Since: {LONG_AGO}"],
        "if_range": ["Range: bytes=0-9", 'If-Range: "other"'],
        "prefixed": [f"If-None-Match: W/{tag}"],
        "stripped": [f"If-None-Match: {tag.removeprefix('W/')}"],
        "any": ["If-None-Match: *"],
        "listed": [f'If-None-Match: "other", {tag}'],
    }
    if not date:
        del asked["own_date"]
    if not tag.startswith("W/"):
        del asked["stripped"]
    return asked


def probe(stage):
    """Asks everything of one server."""
    def ask(name, *fields):
        return stage.get(PATH, "Accept-Encoding: gzip", f"X-Probe: {name}", *fields, agent="probe/1",
                         options=["--interface", CLIENT])

    first = ask("first")
    tag, date = first["etag"], first.get("last-modified")
    for name, fields in conditions(tag, date).items():
        if name != "first":
            ask(name, *fields)


def site():
    write("a.css", "".join(f".c{n} {{ margin: {n}px; }}\n" for n in range(200)))


# What is found of the questions: by those who ask, where tags are weak, by those who hand
# on what any of their clients may ask, and by those who take conditions away.
ASKED = {"own_date": {DATE_ALONE}, "any": {STAR}, "listed": {INVENTED}}
ASKED_WEAK = {**ASKED, "prefixed": {MALFORMED}}
HANDED_ON = {"any": {STAR}}
TAKEN_AWAY = {}


def row(asked, **answers):
    """Name: (status, findings) of (status, finding...) or of a status alone."""
    table = {}
    for name, answer in answers.items():
        status, *findings = answer if isinstance(answer, tuple) else (answer,)
        table[name] = status, set(findings) | asked.get(name, set())
    return table


class Probing:
    """A server alone, or one in front of another; what is seen at each of the two."""

    def __init__(self, start, front, behind=None):
        self.start, self.expected = start, {PORT: front, PORT_BEHIND: behind or {}}

    def play(self, stage):
        site()
        stage.old("a.css")
        self.start(stage)
        probe(stage)

    def faults(self, report):
        faults, seen = [], {PORT: {}, PORT_BEHIND: {}}
        for exchange in report.exchanges:
            fields = {name.lower(): value for name, value in exchange.get("req_fields", [])}
            name = fields.get("x-probe", "an exchange of nobody")
            seen[exchange["server_port"]][name] = exchange["status"], report.of(exchange)
        for port, expected in self.expected.items():
            for name in expected.keys() | seen[port].keys():
                found_status, found = seen[port].get(name, (None, set()))
                status, findings = expected.get(name, (None, set()))
                if found_status != status:
                    faults.append(f"{name} at {port}: {found_status} instead of {status}")
                faults += difference(f"{name} at {port}", found, findings)
        return faults


def behind(origin, front, policy=KEPT):
    def start(stage):
        origin(stage, policy, port=PORT_BEHIND)
        front(stage)
    return start


def alone(server, **options):
    return lambda stage: server(stage, KEPT, **options)


# ---- the servers ----

LIGHTTPD = row(
    ASKED, first=(200, PLAIN), own_tag=(304, TYPE), own_date=(304, TYPE), if_match=(200, MATCH_IGNORED, RESENT),
    if_unmodified=(200, DATE_IGNORED, RESENT), if_range=(200, PLAIN), prefixed=(304, TYPE), any=(304, TYPE),
    listed=(304, TYPE))
H2O = {
    "first": (200, PLAIN), "own_tag": 304, "own_date": 304, "if_match": (200, MATCH_IGNORED, RESENT),
    "if_unmodified": (200, DATE_IGNORED, RESENT), "if_range": (206, OVERLAP, RANGE_MIXED),
    "prefixed": (200, WEAK_MISSED), "any": (200, STAR_MISSED), "listed": (200, LIST_MISSED)}

PROBES = {
    "nginx": Probing(
        alone(farm.nginx),
        row(ASKED_WEAK, first=200, own_tag=(304, NO_VARY), own_date=(304, NO_VARY), if_match=412, if_unmodified=412,
            if_range=200, prefixed=(200, RESENT), stripped=(304, NO_VARY), any=(304, NO_VARY),
            listed=(304, NO_VARY))),
    "Apache": Probing(
        alone(farm.apache_deflate),
        row(ASKED, first=200, own_tag=(200, SUFFIX), own_date=(304, NO_VARY), if_match=412, if_unmodified=412,
            if_range=200, prefixed=(200, WEAK_MISSED), any=(304, NO_VARY), listed=(200, SUFFIX))),
    "lighttpd": Probing(alone(farm.lighttpd), LIGHTTPD),
    "h2o": Probing(alone(farm.h2o), row(ASKED, **H2O)),
    "caddy": Probing(
        alone(farm.caddy, more="encode gzip"),
        row(ASKED, first=200, own_tag=(304, NO_VARY), own_date=(304, NO_VARY), if_match=412, if_unmodified=412,
            if_range=200, prefixed=(304, NO_VARY), any=(304, NO_VARY), listed=(304, NO_VARY))),
    "Express": Probing(
        alone(farm.express),
        row(ASKED_WEAK, first=200, own_tag=(304, NO_VARY), own_date=(304, NO_VARY), if_match=412, if_unmodified=412,
            if_range=200, prefixed=(304, NO_VARY), stripped=(304, NO_VARY), any=(304, NO_VARY),
            listed=(304, NO_VARY))),
    # Where the handler sees no equal text, Express compares once more, and well.
    "Express by hand": Probing(
        alone(farm.express_by_hand),
        row(ASKED, first=(200, PLAIN), own_tag=(304, NO_TAG), if_match=(200, MATCH_IGNORED, RESENT),
            if_unmodified=(200, RESENT), if_range=(200, PLAIN), prefixed=304, any=304, listed=304)),
    # Caches may leave If-Match and If-Unmodified-Since to the origin, and only should answer 304.
    "varnish before nginx": Probing(
        behind(farm.nginx, farm.varnish),
        row(ASKED_WEAK, first=200, own_tag=(304, CODING), own_date=(304, CODING), if_match=(200, RESENT),
            if_unmodified=(200, RESENT), if_range=200, prefixed=(200, RESENT), stripped=(304, CODING),
            any=(200, STAR_MISSED_BY_CACHE), listed=(200, LIST_MISSED_BY_CACHE)),
        row(ASKED, first=200)),
    # Its first answers say MISS and its 304s HIT: a Vary that only the former have is a hint.
    "squid before nginx": Probing(
        behind(farm.nginx, farm.squid),
        row(ASKED, first=(200, PLAIN), own_tag=(304, NO_VARY_PERHAPS, NO_TAG, TYPE),
            own_date=(304, NO_VARY_PERHAPS, NO_TAG_PERHAPS, TYPE), if_match=(412, RENEWED_DATE, WARNING),
            if_unmodified=(200, RESENT), if_range=(200, PLAIN), prefixed=(304, NO_TAG, NO_VARY, TYPE),
            any=(304, NO_VARY, TYPE), listed=(304, NO_TAG, NO_VARY, TYPE)),
        row(ASKED, first=(200, PLAIN))),
    "haproxy before nginx": Probing(
        behind(farm.nginx, farm.haproxy),
        row(ASKED_WEAK, first=200, own_tag=(304, CODING), own_date=(304, CODING), if_match=(200, RESENT),
            if_unmodified=(200, RESENT), if_range=200, prefixed=(200, RESENT), stripped=(304, CODING),
            any=(304, CODING), listed=(304, CODING)),
        row(ASKED, first=200)),
    # It takes conditions away, and answers them itself: nothing is the origin's fault.
    "varnish that keeps nothing of h2o": Probing(
        behind(farm.h2o, farm.varnish, PASSED),
        row(ASKED, first=(200, PLAIN), own_tag=(304, TYPE), own_date=(304, TYPE), if_match=(200, RESENT),
            if_unmodified=(200, RESENT), if_range=(200, PLAIN), prefixed=(304, TYPE), any=(200, STAR_MISSED),
            listed=(200, LIST_MISSED)),
        row(TAKEN_AWAY, first=(200, PLAIN), own_tag=(200, RESENT), own_date=(200, RESENT), if_match=(200, RESENT),
            if_unmodified=(200, RESENT), if_range=(200, RESENT), prefixed=(200, RESENT), any=(200, RESENT),
            listed=(200, RESENT))),
    # It hands them on: what Via excuses in front is the origin's fault behind.
    "squid that keeps nothing of h2o": Probing(
        behind(farm.h2o, farm.squid, PASSED),
        row(ASKED, **{**H2O, "if_match": (200, RESENT), "if_unmodified": (200, RESENT)}),
        row(HANDED_ON, **H2O)),
    # Nothing shows that it is there.
    "haproxy that keeps nothing of lighttpd": Probing(
        behind(farm.lighttpd, farm.haproxy, PASSED), LIGHTTPD, LIGHTTPD),
}
