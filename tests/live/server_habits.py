"""What is said of software in docs/RULES.md: it does so, and what helps does help."""
import os
import time

import server_farm as farm
from fix_stage import PORT_BEHIND, write
from server_stories import GOOD_SERVER, LIFETIMES, Story, site

CODED = "Accept-Encoding: gzip"
YOUNG_S = 2.1
LATER, FAR_LATER = "Fri, 02 Jan 2026 00:00:00 GMT", "Fri, 02 Jan 2099 00:00:00 GMT"


def ask_dates(stage):
    """By a tag that is right and a date that is later, and by the later date alone."""
    tag = stage.get("/a.css")["etag"]
    stage.get("/a.css", f"If-None-Match: {tag}", f"If-Modified-Since: {LATER}")
    stage.get("/a.css", f"If-Modified-Since: {LATER}")


def nginx_dates(more):
    def play(stage):
        site()
        stage.nginx(server=f"add_header Cache-Control no-cache; {more}")
        ask_dates(stage)
    return play


def nginx_unreadable_date(stage):
    site()
    farm.nginx(stage, "no-cache")
    stage.get("/a.css", "If-Unmodified-Since: yesterday")


def nginx_lifetimes(variable):
    def play(stage):
        site()
        http = LIFETIMES if variable == "type" else """
            map $uri $lifetime { default "no-cache"; ~\\.css$ "max-age=3600"; }"""
        stage.nginx(server=GOOD_SERVER, http=http)
        stage.visit("/a.css")
    return play


def nginx_before_text(stage):
    """gzip makes the tag weak that a handler behind it compares as text."""
    stage.node(f"""
require('http').createServer((req, res) => {{
  const fields = {{ETag: '"v1"', 'Cache-Control': 'no-cache'}};
  if (req.headers['if-none-match'] === '"v1"') {{ res.writeHead(304, fields); return res.end(); }}
  res.writeHead(200, {{...fields, 'Content-Type': 'text/css', 'Last-Modified': 'Thu, 01 Jan 2026 00:00:00 GMT'}});
  res.end('.c {{ margin: 1px; }}\\n'.repeat(200));
}}).listen({PORT_BEHIND}, '127.0.0.1');
""", PORT_BEHIND)
    stage.nginx(server=f"location / {{ proxy_pass http://127.0.0.1:{PORT_BEHIND}; }}", http=farm.NGINX_GZIP)
    tag = stage.get("/a.css", CODED)["etag"]
    stage.get("/a.css", CODED, f"If-None-Match: {tag}")


def apache_habits(stage):
    """A date ahead of its clock, and a weak tag with a range."""
    site()
    farm.apache_deflate(stage, "no-cache")
    tag = stage.get("/a.css")["etag"]
    stage.get("/a.css", f"If-Modified-Since: {FAR_LATER}")
    stage.get("/a.css", f"If-None-Match: W/{tag}", options=["-r", "0-9"])


def apache_unmarked(stage):
    """Its cure has a price."""
    site()
    farm.apache_deflate(stage, "no-cache", "DeflateAlterETag NoChange\nHeader merge Vary Accept-Encoding")
    stage.visit("/a.css", CODED)
    stage.visit("/a.css")


def apache_young_file(stage):
    """A tag is weak in the first second of its file, and strong from then on: that is no change."""
    site()
    farm.apache_deflate(stage, "no-cache")
    path = write("young.css", "a { margin: 0; }\n" * 99)
    young = stage.get("/young.css")
    assert young["etag"].startswith("W/"), young
    time.sleep(max(0, os.stat(path).st_mtime + YOUNG_S - time.time()))
    stage.get("/young.css", f"If-None-Match: {young['etag']}")
    grown = stage.get("/young.css", agent="other/1")
    assert "W/" + grown["etag"] == young["etag"], grown


def express_reload(stage):
    site()
    farm.express(stage, "no-cache")
    tag = stage.get("/a.css")["etag"]
    stage.get("/a.css", f"If-None-Match: {tag}", "Cache-Control: no-cache")


def caddy_codings(stage):
    site()
    farm.caddy(stage, "no-cache", more="encode gzip")
    stage.get("/a.css", CODED)
    stage.get("/a.css")


def with_vary(start):
    """Compressed, and validated: nothing is to be found."""
    def play(stage):
        site()
        start(stage)
        stage.visit("/a.css", CODED)
    return play


def nginx_vary(stage):
    stage.nginx(server="add_header Cache-Control no-cache; add_header Vary Accept-Encoding;",
                http=farm.NGINX_GZIP.replace("gzip_vary on", "gzip_vary off"))


def caddy_vary(stage):
    farm.caddy(stage, "no-cache", more="encode gzip\n\theader Vary Accept-Encoding")


def express_vary(stage):
    farm.express(stage, "no-cache", "app.use((req, res, next) => { res.vary('Accept-Encoding'); next(); });")


class Lifetimes:
    """How often a cache asked for what it was asked for three times."""

    policies = {"/quoted.css": 'max-age=\\"60\\"', "/last.css": "max-age=60, max-age=0",
                "/first.css": "max-age=0, max-age=60"}

    def __init__(self, front, *expected):
        self.front, self.expected = front, dict(zip(self.policies, expected))

    def play(self, stage):
        for path in self.policies:
            write(path[1:], "a { margin: 0; }\n" * 9)
            stage.old(path[1:])
        stage.nginx(server="\n".join(f'location = {path} {{ add_header Cache-Control "{policy}"; }}'
                                     for path, policy in self.policies.items()), port=PORT_BEHIND)
        self.front(stage)
        for path in list(self.policies) * 3:
            stage.get(path)

    def faults(self, report):
        behind = [exchange["uri"] for exchange in report.exchanges if exchange["server_port"] == PORT_BEHIND]
        found = {finding["rule"] for finding in report.findings}
        return [f"{path} was asked for {behind.count(path)} times instead of {times}"
                for path, times in self.expected.items() if behind.count(path) != times] + [
                    f"{rule} is not found" for rule in ("cc-quoted-delta", "cc-duplicate-directive")
                    if rule not in found]


HABITS = {
    "nginx wants both, and the very date": Story(
        nginx_dates(""), "200-despite-inm-match", softly=["200-despite-ims-match"]),
    "nginx takes a later date": Story(nginx_dates("if_modified_since before;")),
    "nginx cannot read a date": Story(nginx_unreadable_date, "ims-invalid-date", "412-on-ignored-precondition"),
    "nginx goes by a type that a 304 has not": Story(nginx_lifetimes("type"), softly=["304-freshness-differs"]),
    "nginx goes by the name": Story(nginx_lifetimes("uri"), never=["304-freshness-differs"]),
    "nginx weakens a tag": Story(nginx_before_text, "200-despite-inm-match", "inm-weak-match-missed"),
    "nginx says Vary always": Story(with_vary(nginx_vary)),
    "Apache, dates and ranges": Story(apache_habits, "ims-in-future", "inm-weak-match-missed"),
    "Apache leaves tags alone": Story(apache_unmarked, "strong-etag-across-encodings"),
    "Apache weakens tags of young files": Story(
        apache_young_file, "304-missing-vary", never=["etag-differs-per-server"]),
    "Express obeys a reload": Story(express_reload, "200-despite-inm-match"),
    "Express says Vary always": Story(with_vary(express_vary)),
    "caddy leaves tags alone": Story(
        caddy_codings, "strong-etag-across-encodings", "vary-accept-encoding-missing"),
    "caddy says Vary always": Story(with_vary(caddy_vary)),
    # Two lifetimes: varnish and squid go by the first, haproxy keeps nothing of a 0.
    "varnish reads lifetimes": Lifetimes(farm.varnish, 3, 1, 3),
    "squid reads lifetimes": Lifetimes(farm.squid, 1, 1, 3),
    "haproxy reads lifetimes": Lifetimes(farm.haproxy, 1, 3, 3),
}
