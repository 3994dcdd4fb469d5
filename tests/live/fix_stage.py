"""A stage for fixes: a namespace with one real server, real clients, and a capture of them."""
import os
import shutil
import signal
import socket
import subprocess
import time

HERE = os.path.dirname(os.path.abspath(__file__))
MODULES = os.path.join(HERE, "..", "npm", "node_modules")
SCRATCH = "/mnt"
SITE = f"{SCRATCH}/site"
PORT, PORT_BEHIND = 8080, 8081
URL = f"http://127.0.0.1:{PORT}"
DEBIAN_PYTHON = "/usr/bin/python3"  # has Debian's modules, whatever is first on the PATH
LAST = b"this is the last packet of the story"
NODE_ENVIRONMENT = {**os.environ, "NODE_PATH": MODULES}
START_S = 15
BUFFER_KIB = 65536  # packets that come at once have room, of the greatest length each

NGINX = """
worker_processes 1;
user nobody nogroup;
daemon off;
pid {scratch}/nginx.pid;
error_log {scratch}/nginx.error;
events {{ worker_connections 64; }}
http {{
	access_log off;
	types {{ text/html html shtml; text/plain txt; text/css css; application/json json;
		application/javascript js; image/png png; }}
	client_body_temp_path {scratch}/body;
	proxy_temp_path {scratch}/proxy;
	fastcgi_temp_path {scratch}/fastcgi;
	uwsgi_temp_path {scratch}/uwsgi;
	scgi_temp_path {scratch}/scgi;
	{http}
	server {{
		listen 127.0.0.1:{port};
		root {site};
		location = /down {{ return 503; }}
		{server}
		{lines}
	}}
}}
"""
APACHE = """
ServerRoot {scratch}
ServerName shop.example
Listen 127.0.0.1:{port}
PidFile {scratch}/apache.pid
ErrorLog {scratch}/apache.error
User nobody
Group nogroup
{modules}
TypesConfig /etc/mime.types
DocumentRoot {site}
<Directory {site}>
	Require all granted
</Directory>
RedirectMatch 503 ^/down$
{server}
{lines}
"""
APACHE_MODULES = "mpm_event authz_core dir mime deflate filter headers alias".split()
EXPRESS = """
const express = require('express');
const compression = require('compression');
const app = express();
const page = require('fs').readFileSync('{site}/page.html');
const data = {{updatedAt: new Date(Date.UTC(2026, 0, 1)), page}};
{before}
app.get('/down', (req, res) => res.status(503).type('text').send('down'));
{routes}
app.listen({port}, '127.0.0.1');
"""


CACHING_FETCH = """
import got from 'got';
const cache = new Map();
for (let i = 0; i < {times}; i++) {{
  await got('{url}', {{cache, followRedirect: false, throwHttpErrors: false, retry: {{limit: 0}}}});
  await new Promise((done) => setTimeout(done, 50));
}}
"""


class Missing(Exception):
    """A program or a module of this story is not installed."""


def need(*programs):
    missing = [name for name in programs if not shutil.which(name)]
    if missing:
        raise Missing(", ".join(missing))


def wait_for(what, true, seconds=START_S):
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.02)


def is_open(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def write(path, text):
    path = os.path.join(SITE, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def prose(lines, title="page"):
    """Text that no two lines of are equal, so that it compresses as pages do."""
    return f"<html><title>{title}</title>\n" + "".join(
        f"<p>{title} {n}: cache validator octet {n * 7919 % 1000} origin stale {n * n % 977}</p>\n"
        for n in range(lines))


class Stage:
    """One run of one story: `lines` are the fix, empty before it; `ports` are captured."""

    def __init__(self, capture, lines, ports=(PORT,)):
        self.capture, self.lines, self.ports, self.processes = capture, lines, ports, []
        shutil.rmtree(SITE, ignore_errors=True)
        os.makedirs(SITE)
        os.chmod(SITE, 0o755)
        write("page.html", prose(200))
        self.old("page.html")

    # ---- files ----

    @staticmethod
    def old(path, seconds=1767225600):
        os.utime(os.path.join(SITE, path), (seconds, seconds))

    # ---- processes ----

    def start(self, port, command, **options):
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, **options)
        self.processes.append(process)

        def ready():
            if process.poll() is not None:
                raise AssertionError(f"{command[0]} ended with {process.returncode}")
            return is_open(port)

        wait_for(f"{command[0]} listens", ready)

    def nginx(self, server="", http="", lines=None, port=PORT):
        need("nginx")
        path = f"{SCRATCH}/nginx.conf"
        with open(path, "w", encoding="utf-8") as file:
            file.write(NGINX.format(scratch=SCRATCH, port=port, site=SITE, http=http, server=server,
                                    lines=self.lines if lines is None else lines))
        self.start(port, ["nginx", "-e", f"{SCRATCH}/nginx.error", "-c", path])

    def apache(self, server=""):
        need("apache2")
        modules = "\n".join(f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so"
                            for name in APACHE_MODULES)
        path = f"{SCRATCH}/apache.conf"
        with open(path, "w", encoding="utf-8") as file:
            file.write(APACHE.format(scratch=SCRATCH, port=PORT, site=SITE, modules=modules, server=server,
                                     lines=self.lines))
        self.start(PORT, ["apache2", "-f", path, "-D", "FOREGROUND"])

    def node(self, script, port=PORT):
        need("node")
        path = f"{SCRATCH}/app.js"
        with open(path, "w", encoding="utf-8") as file:
            file.write(script)
        self.start(port, ["node", path], cwd=SITE, env=NODE_ENVIRONMENT)

    def express(self, before, routes, port=PORT):
        if not os.path.isdir(f"{MODULES}/express"):
            raise Missing("express in tests/npm")
        self.node(EXPRESS.format(site=SITE, port=port, before=before, routes=routes), port)

    # ---- the capture ----

    def __enter__(self):
        need("tcpdump", "curl")
        self.sniffer = subprocess.Popen(
            ["tcpdump", "-i", "lo", "-U", "-s", "0", "--immediate-mode", "-B", str(BUFFER_KIB), "-Z", "root",
             "-w", self.capture, " or ".join([f"udp port {PORT}"] + [f"tcp port {port}" for port in self.ports])],
            stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
        while b"listening on" not in (line := self.sniffer.stderr.readline()):
            if not line:
                raise AssertionError("tcpdump does not listen")
        return self

    def everything_is_captured(self):
        """A datagram that was sent after everything else is in the file."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(LAST, ("127.0.0.1", PORT))
        time.sleep(0.05)
        with open(self.capture, "rb") as file:
            return LAST in file.read()

    def __exit__(self, *_):
        wait_for("the capture is whole", self.everything_is_captured)
        self.sniffer.send_signal(signal.SIGINT)
        counts = self.sniffer.communicate(timeout=START_S)[1]
        for process in reversed(self.processes):
            process.terminate()
            try:
                process.wait(START_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        wait_for("the port is free", lambda: not is_open(PORT) and not is_open(PORT_BEHIND))
        assert b"\n0 packets dropped by kernel" in b"\n" + counts, counts.decode()

    # ---- clients ----

    def get(self, path, *fields, agent="browser/1", options=()):
        """One GET by curl under the name of another; the fields of the answer."""
        command = ["curl", "-sS", "-g", "-A", agent, "-o", "/dev/null", "-D", "-", *options]
        for field in fields:
            command += ["-H", field]
        head = subprocess.run([*command, URL + path], stdin=subprocess.DEVNULL, check=True,
                              capture_output=True).stdout.decode("latin-1")
        lines = head.rstrip().split("\r\n\r\n")[-1].split("\r\n")
        return {"status": int(lines[0].split(" ")[1])} | {
            name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}

    def visit(self, path, *fields, times=3, between=lambda: None, agent="browser/1"):
        """A client that sends back the validators which it was given."""
        known, answers = [], []
        for number in range(times):
            if number:
                between()
            answer = self.get(path, *fields, *known, agent=agent)
            answers.append(answer)
            if answer["status"] == 200:
                known = [f"If-None-Match: {answer['etag']}"] if "etag" in answer else []
                known += [f"If-Modified-Since: {answer['last-modified']}"] if "last-modified" in answer else []
        return answers

    def run(self, script, folder=SCRATCH):
        """Lines of a shell, as a person pastes them."""
        subprocess.run(["bash", "-e", "-c", script], cwd=folder, stdin=subprocess.DEVNULL, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def python(self, script):
        done = subprocess.run([DEBIAN_PYTHON, "-c", script], cwd=SCRATCH, stdin=subprocess.DEVNULL, check=False,
                              stderr=subprocess.PIPE)
        if b"ModuleNotFoundError" in done.stderr:
            raise Missing(done.stderr.decode().splitlines()[-1])
        assert not done.returncode, done.stderr.decode()

    def caching_fetch(self, path, times=3):
        """A client in Node that has a cache and follows no redirects."""
        need("node")
        if not os.path.isdir(f"{MODULES}/got"):
            raise Missing("got in tests/npm")
        subprocess.run(["node", "--input-type=module", "-e", CACHING_FETCH.format(url=URL + path, times=times)],
                       check=True, stdin=subprocess.DEVNULL, cwd=os.path.dirname(MODULES))

    def caching_requests(self, *paths, times=3):
        """One in Python, which asks about everything without a lifetime."""
        self.python(f"""
import requests
from cachecontrol import CacheControl
session = CacheControl(requests.Session())
for path in {paths!r}:
    for _ in range({times}):
        assert len(session.get('{URL}' + path).content) > 1000, path
""")

    def probe(self, *paths):
        """What no fix may change: errors that nobody may keep, codings with tags of their own."""
        for path in ("/nothing.html", "/down"):
            self.get(path, agent="probe-errors/1")
        for path in paths:
            self.get(path, agent="probe-plain/1")
            self.get(path, "Accept-Encoding: gzip", agent="probe-gzip/1")
