"""Stories of servers that behave, and of some that do not."""
import json
import os
import shutil
import subprocess

import fix_stage
import server_farm as farm
from fix_stage import PORT, PORT_BEHIND, SCRATCH, SITE, URL, need, prose, write

BROWSER_S = 90

LIFETIMES = """
	map $sent_http_content_type $lifetime {
		default "no-cache";
		~^image/ "max-age=86400";
		~^(text/css|application/javascript) "max-age=3600";
	}
"""
GOOD_SERVER = "etag on; if_modified_since before; add_header Cache-Control $lifetime;"


def site():
    """A page, a style, a script, a picture; as old as real files are."""
    write("index.html", '<!DOCTYPE html><html><head><link rel="stylesheet" href="/a.css">'
          '<link rel="icon" href="/dot.png"><script src="/a.js"></script></head><body><img src="/dot.png">'
          + prose(40) + "</body></html>")
    write("a.css", "".join(f".c{n} {{ margin: {n}px; }}\n" for n in range(200)))
    write("a.js", "".join(f"var v{n} = {n};\n" for n in range(200)))
    write("a.json", json.dumps({f"key {n}": n for n in range(200)}))
    with open(f"{SITE}/dot.png", "wb") as file:
        file.write(bytes.fromhex(
            "89504e470d0a1a0a0000000d494844520000000100000001080600000"
            "01f15c4890000000d49444154789c63f8cfc0f01f00050001ff89993d1d0000000049454e44ae426082"))
    for name in os.listdir(SITE):
        fix_stage.Stage.old(name)


def ask_all(stage, paths=("/index.html", "/a.css", "/a.js", "/a.json", "/dot.png"), **options):
    """As polite clients ask: with and without compression, whole, again, by date, a part, HEAD."""
    for path in paths:
        stage.visit(path, agent="plain/1", **options)
        stage.visit(path, "Accept-Encoding: gzip", agent="coded/1", **options)
        stage.get(path, "If-Modified-Since: Thu, 01 Jan 2026 00:00:00 GMT", agent="by-date/1")
        stage.get(path, agent="head/1", options=["-I"])
    stage.get("/dot.png", agent="part/1", options=["-r", "0-9"])
    stage.get("/nothing", agent="lost/1")


# ---- servers that behave ----

def nginx_and_curl(stage):
    site()
    stage.nginx(server=GOOD_SERVER, http=LIFETIMES)
    ask_all(stage)


def nginx_and_chromium(stage):
    need("chromium")
    site()
    stage.nginx(server=GOOD_SERVER, http=LIFETIMES)
    for _ in range(2):
        subprocess.run(["timeout", str(BROWSER_S), "chromium", "--headless", "--no-sandbox", "--disable-gpu",
                        "--disable-quic", "--no-first-run", "--disable-background-networking",
                        "--disable-component-update", "--disable-sync", "--disable-crash-reporter",
                        "--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
                        f"--user-data-dir={SCRATCH}/profile", "--virtual-time-budget=3000", "--dump-dom",
                        URL + "/index.html"], check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, env={**os.environ, "HOME": SCRATCH})


def nginx_and_apt(stage):
    """A repository without packages, updated twice."""
    need("apt-get")
    write("Packages", "")
    shutil.copy(f"{SITE}/Packages", f"{SITE}/Packages.plain")
    for name in os.listdir(SITE):
        fix_stage.Stage.old(name)
    stage.nginx(server="types {} default_type text/plain; add_header Cache-Control max-age=60; etag on;")
    root = f"{SCRATCH}/apt"
    for folder in ("lists/partial", "cache/archives/partial", "etc", "state"):
        os.makedirs(f"{root}/{folder}", exist_ok=True)
    with open(f"{root}/status", "w", encoding="ascii"), open(f"{root}/sources", "w", encoding="ascii") as file:
        file.write(f"deb [trusted=yes] {URL}/ ./\n")
    for _ in range(2):
        subprocess.run(["apt-get", "-q", "update", "-o", f"Dir::State={root}/state", "-o",
                        f"Dir::State::Lists={root}/lists", "-o", f"Dir::State::status={root}/status", "-o",
                        f"Dir::Cache={root}/cache", "-o", f"Dir::Etc::SourceList={root}/sources", "-o",
                        "Dir::Etc::SourceParts=-", "-o", "APT::Sandbox::User=root", "-o", "Acquire::http::Proxy=false"],
                       check=True, stdin=subprocess.DEVNULL, capture_output=True)


def caddy(stage):
    site()
    farm.caddy(stage, "no-cache")
    ask_all(stage)


def lighttpd(stage):
    site()
    farm.lighttpd(stage, "no-cache")
    ask_all(stage)


def express(stage):
    """With the comparison that Express brings along."""
    site()
    stage.express("", f"app.use(express.static('{SITE}', {{maxAge: '1h'}})); "
                  "app.get('/data', (req, res) => res.set('Cache-Control', 'no-cache').json({a: 1}));")
    ask_all(stage, ("/a.css", "/a.js", "/data"))


# ---- servers that do not ----

def nginx_with_gzip(stage):
    """Vary is on the 200 and not on the 304 (RFC 9110 15.4.5)."""
    site()
    stage.nginx(server=GOOD_SERVER, http=farm.NGINX_GZIP + LIFETIMES)
    ask_all(stage)


def apache_deflate(stage):
    """mod_deflate marks tags, and does not know its own mark again."""
    site()
    farm.apache_deflate(stage, "no-cache")
    stage.visit("/a.css", "Accept-Encoding: gzip")


def express_by_hand(stage):
    site()
    farm.express_by_hand(stage, "no-cache")
    stage.visit("/a.css")


def apaches_with_inodes(stage):
    """Two machines with the same files, whose tags hold the numbers of inodes."""
    ports = PORT_BEHIND + 1, PORT_BEHIND + 2
    for number, port in enumerate(ports, 1):
        root = f"{SCRATCH}/node{number}"
        os.makedirs(root, exist_ok=True)
        with open(f"{root}/page.html", "w", encoding="ascii") as file:
            file.write(prose(100))
        os.utime(f"{root}/page.html", (1767225600, 1767225600))
        farm.apache_node(stage, f"node{number}", root, port)
    farm.haproxy(stage, ports, cache="", use="")
    stage.visit("/page.html", times=4)


def leaking_cache(stage):
    """A cache that passes the 304 to its own question on to a robot that asked none."""
    stage.node(f"""
const http = require('http');
let known;
http.createServer((req, res) => {{
  const headers = known ? {{'If-None-Match': known}} : {{}};
  http.get({{port: {PORT_BEHIND}, host: '127.0.0.1', path: req.url, headers}}, (answer) => {{
    known = answer.headers.etag;
    res.writeHead(answer.statusCode, {{...answer.headers, Via: '1.1 leak'}});
    answer.pipe(res);
  }});
}}).listen({PORT}, '127.0.0.1');
http.createServer((req, res) => {{
  const fields = {{ETag: '"v1"', 'Cache-Control': 'no-cache'}};
  if (req.headers['if-none-match'] === '"v1"') {{ res.writeHead(304, fields); return res.end(); }}
  res.writeHead(200, {{...fields, 'Content-Type': 'text/plain', 'Content-Length': 5}});
  res.end('hello');
}}).listen({PORT_BEHIND}, '127.0.0.1');
""")
    for _ in range(2):
        stage.get("/robots.txt", agent="robot/1")


class Story:
    """The loud findings are the named ones; those named softly are there, and some never are."""

    def __init__(self, play, *expected, softly=(), never=()):
        self.play, self.expected, self.softly, self.never = play, set(expected), softly, never

    def faults(self, report):
        loud = report.loud()
        rules = {finding["rule"] for finding in report.findings}
        return ([f"{rule} is found: {loud[rule]}" for rule in sorted(loud.keys() - self.expected)]
                + [f"{rule} is found" for rule in self.never if rule in rules]
                + [f"{rule} is not found" for rule in sorted(self.expected - loud.keys())]
                + [f"{rule} is not found" for rule in self.softly if rule not in rules])


STORIES = {
    "nginx and curl": Story(nginx_and_curl),
    "nginx and Chromium": Story(nginx_and_chromium),
    "nginx and apt-get": Story(nginx_and_apt),
    "caddy and curl": Story(caddy),
    "lighttpd and curl": Story(lighttpd),
    "Express and curl": Story(express),
    "nginx with gzip": Story(nginx_with_gzip, "304-missing-vary"),
    "Apache with mod_deflate": Story(apache_deflate, "etag-coding-suffix-mismatch"),
    "a 304 by hand": Story(express_by_hand, "304-missing-etag"),
    "two Apaches with inodes behind haproxy": Story(apaches_with_inodes, "200-identical-body-etag-changed",
                                                    "etag-differs-per-server"),
    "a cache that leaks its 304": Story(leaking_cache, "304-unconditional-request"),
}
