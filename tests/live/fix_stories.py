"""Stories: how the waste of a class comes about on a real server, until the lines of its fix
are pasted.  A story is played twice, without and with them; its name is that of the fix."""
import os
import time

from fix_stage import PORT_BEHIND, SITE, URL, prose, write

STORIES = {}


def story(name, keeps=()):
    """`keeps` are statuses whose answers the fix makes cacheable on purpose."""
    def add(play):
        assert name not in STORIES
        STORIES[name] = play, tuple(keeps)
        return play
    return add


def redeployed(stage, path):
    """A copy of the same octets with the same times takes the place of a file."""
    stage.run(f"cp -p {path} {path}.new && mv {path}.new {path}", SITE)


# ---- conditions that are ignored ----

@story("apache-weak-tags")
def apache_weak_tags(stage):
    stage.apache("AddOutputFilterByType DEFLATE text/html")
    stage.visit("/page.html", "Accept-Encoding: gzip")
    stage.probe("/page.html")


@story("express-no-cache")
def express_no_cache(stage):
    stage.express(stage.lines, "app.get('/page', (req, res) => res.type('html').send(page));")
    stage.visit("/page", "Cache-Control: no-cache")
    stage.probe("/page")


@story("nginx-date-before")
def nginx_date_before(stage):
    """A client that asks by the time at which it fetched the file."""
    stage.nginx()
    stage.get("/page.html")
    for _ in range(3):
        stage.get("/page.html", "If-Modified-Since: Thu, 15 Jan 2026 00:00:00 GMT")
    write("page.html", prose(210))
    answer = stage.get("/page.html", "If-Modified-Since: Thu, 15 Jan 2026 00:00:00 GMT")
    assert answer["status"] == 200, "a file that has changed since is sent"
    stage.probe("/page.html")


# ---- validators that change without need ----

@story("apache-no-inode")
def apache_no_inode(stage):
    stage.apache("FileETag All")
    stage.visit("/page.html", between=lambda: redeployed(stage, "page.html"))
    stage.probe("/page.html")


def deployment(stage):
    """A repository is cloned, its files are copied with their times: so three times over,
    with a commit to another file each time."""
    repository, clone = "/mnt/repository", "/mnt/clone"
    stage.run(f"""rm -rf {repository} {clone}; mkdir {repository}; cd {repository}; git init -q
        git config user.email a@example; git config user.name a""")
    for name in ("page.html", "news.html"):
        write(f"{repository}/{name}", prose(200, name))
    commit = f"cd {repository} && git add . && git commit -q -m x --date=@%d"
    os.environ["GIT_COMMITTER_DATE"] = "@1767225600 +0000"
    stage.run(commit % 1767225600)

    def deploy():
        stage.run(f"rm -rf {clone}; git clone -q {repository} {clone}")
        stage.run(stage.lines, clone)
        stage.run(f"cp -p *.html {SITE}/", clone)

    def publish():
        publish.number += 1
        write(f"{repository}/news.html", prose(200 + publish.number, "news.html"))
        os.environ["GIT_COMMITTER_DATE"] = f"@{1767225600 + publish.number} +0000"
        stage.run(commit % (1767225600 + publish.number))
        time.sleep(1.1)  # the next clone is made in another second
        deploy()

    publish.number = 0
    deploy()
    return publish


def visits_while_deployed(stage):
    publish = deployment(stage)
    yield
    stage.visit("/page.html", between=publish)
    answers = stage.visit("/news.html", between=publish, agent="reader/1")
    assert [a["status"] for a in answers] == [200] * 3, "news that have changed are sent"
    stage.probe("/page.html")


@story("nginx-times-of-commits")
def nginx_times_of_commits(stage):
    steps = visits_while_deployed(stage)
    next(steps)
    stage.nginx(lines="")
    list(steps)


@story("apache-times-of-commits")
def apache_times_of_commits(stage):
    steps = visits_while_deployed(stage)
    next(steps)
    lines, stage.lines = stage.lines, ""
    stage.apache()
    stage.lines = lines
    list(steps)


@story("express-date-of-data")
def express_date_of_data(stage):
    line = stage.lines or "res.set('Last-Modified', new Date().toUTCString());"
    stage.express("app.set('etag', false);",
                  f"app.get('/page', (req, res) => {{ {line} res.type('html').send(data.page); }});")
    stage.visit("/page", between=lambda: time.sleep(1.5))
    stage.probe("/page")


# ---- clients without a cache ----

def fresh_site(stage):
    stage.nginx("add_header Cache-Control max-age=600;", lines="")


@story("curl-asks-by-tag")
def curl_asks_by_tag(stage):
    fresh_site(stage)
    curl_three_times(stage)


@story("curl-sends-the-tag")
def curl_sends_the_tag(stage):
    stage.nginx(lines="")
    curl_three_times(stage)


def curl_three_times(stage):
    command = (stage.lines or "curl -o page URL").replace("URL", f"{URL}/page.html")
    stage.run("rm -f page page.etag")
    for _ in range(3):
        stage.run(command)
    stage.run(f"cmp page {SITE}/page.html")
    write("page.html", prose(210))
    stage.run(f"{command} && cmp page {SITE}/page.html")
    stage.probe()


@story("wget-asks-by-date")
def wget_asks_by_date(stage):
    fresh_site(stage)
    wget_three_times(stage)


@story("wget-sends-the-date")
def wget_sends_the_date(stage):
    stage.nginx(lines="")
    wget_three_times(stage)


def wget_three_times(stage):
    command = (stage.lines or "wget -O page.html URL").replace("URL", f"{URL}/page.html")
    stage.run("rm -f page.html")
    for _ in range(3):
        stage.run(command)
    write("page.html", prose(210))
    stage.run(f"{command} && cmp page.html {SITE}/page.html")
    stage.probe()


@story("requests-with-cache")
def requests_with_cache(stage):
    fresh_site(stage)
    requests_three_times(stage)


@story("requests-revalidate")
def requests_revalidate(stage):
    stage.nginx(lines="")
    requests_three_times(stage)


def requests_three_times(stage):
    stage.python("\n".join(["import requests", stage.lines or "session = requests.Session()",
                            f"for _ in range(3): assert len(session.get('{URL}/page.html').content) > 10000"]))
    stage.probe()


# ---- no validators ----

@story("nginx-tags")
def nginx_tags(stage):
    """Filters that rewrite a page take its validators; somebody switched tags off."""
    for name in ("rewritten/page.html", "included/page.html", "plain/page.html"):
        write(name, prose(200, name))
    stage.nginx("""location /rewritten/ { sub_filter origin source; sub_filter_once off; }
                   location /included/ { ssi on; }
                   location /plain/ { add_header Last-Modified ""; }""", http="etag off;")
    for path in ("/rewritten/page.html", "/included/page.html", "/plain/page.html"):
        stage.visit(path)
    stage.probe("/page.html")


@story("apache-tags")
def apache_tags(stage):
    stage.apache("FileETag None\nHeader unset Last-Modified")
    stage.visit("/page.html")
    stage.probe("/page.html")


@story("express-tags")
def express_tags(stage):
    stage.express("app.set('etag', false);" + stage.lines,
                  "app.get('/page', (req, res) => res.type('html').send(page));")
    stage.visit("/page")
    stage.probe("/page")


# ---- lifetimes ----

def repeats(stage, path, probed="/page.html"):
    stage.caching_fetch(path)
    stage.probe(probed)


@story("nginx-redirects-for-a-day")
def nginx_redirects(stage):
    stage.nginx("location = /old { return 301 /page.html; }", http=stage.lines, lines="")
    repeats(stage, "/old")


@story("apache-redirects-for-a-day")
def apache_redirects(stage):
    stage.apache("RedirectMatch 301 ^/old$ /page.html")
    repeats(stage, "/old")


@story("express-redirects-for-a-day")
def express_redirects(stage):
    stage.express("", f"""app.get('/old', (req, res) => {{ {stage.lines} res.redirect(301, '/page'); }});
        app.get('/page', (req, res) => res.type('html').send(page));""")
    repeats(stage, "/old", "/page")


@story("nginx-404-for-minutes", keeps=(404,))
def nginx_errors(stage):
    stage.nginx(http=stage.lines, lines="")
    repeats(stage, "/favicon.ico")


@story("apache-404-for-minutes", keeps=(404,))
def apache_errors(stage):
    stage.apache()
    repeats(stage, "/favicon.ico")


@story("express-404-for-minutes", keeps=(404,))
def express_errors(stage):
    stage.express("", "app.get('/page', (req, res) => res.type('html').send(page));" + stage.lines)
    repeats(stage, "/favicon.ico", "/page")


VERSIONS = "/assets/app.3f9a1c2b.js", "/assets/app.77d04be1.js"


def visit_versions(stage, probed="/page.html"):
    stage.caching_requests(*VERSIONS)
    stage.caching_requests(probed, times=1)
    stage.probe(*VERSIONS)
    stage.get("/assets/gone.3f9a1c2b.js", agent="probe-errors/1")


def write_versions(stage):
    for path in VERSIONS:
        write(path.lstrip("/"), prose(100, path))
        stage.old(path.lstrip("/"))


@story("nginx-versions-for-a-year")
def nginx_versions(stage):
    write_versions(stage)
    stage.nginx()
    visit_versions(stage)
    assert "cache-control" not in stage.get("/page.html"), "a page has no hash in its name"


@story("apache-versions-for-a-year")
def apache_versions(stage):
    write_versions(stage)
    stage.apache()
    visit_versions(stage)
    assert "cache-control" not in stage.get("/page.html"), "a page has no hash in its name"


@story("express-versions-for-a-year")
def express_versions(stage):
    write_versions(stage)
    stage.express(stage.lines or "app.use('/assets', express.static('assets'));",
                  "app.get('/page', (req, res) => res.type('html').send(page));")
    visit_versions(stage, "/page")


# ---- cookies ----

@story("express-cookie-path")
def express_cookie_path(stage):
    write("assets/logo.css", prose(100))
    line = stage.lines or "res.cookie('session', id);"
    stage.express("app.use('/assets', express.static('assets', {maxAge: '1h'}));",
                  f"""app.get('/app/login', (req, res) => {{
                          const id = 'x'.repeat(40); {line} res.type('text').send('in'); }});
                      app.get('/app/me', (req, res) => res.type('text').send(req.headers.cookie || 'nobody'));""")
    stage.run("rm -f jar")
    jar = "-b", "/mnt/jar", "-c", "/mnt/jar"
    stage.get("/app/login", options=jar)
    for _ in range(2):
        stage.get("/assets/logo.css", options=jar)
    stage.run(f"curl -sS -b jar {URL}/app/me | grep -q session=xxx")
    stage.probe("/assets/logo.css")


# ---- compression ----

def read_twice(stage, *paths):
    write("data.json", "[" + ",\n".join(f'{{"id": {n}, "name": "item {n * 7919}"}}' for n in range(300)) + "]")
    stage.old("data.json")
    for path in paths:
        answers = stage.visit(path, "Accept-Encoding: gzip", times=2)
        assert [answer["status"] for answer in answers] == [200, 304], "a compressed page is still validated"
    stage.probe(*paths)


@story("nginx-gzip")
def nginx_gzip(stage):
    stage.nginx()
    read_twice(stage, "/page.html", "/data.json")


@story("apache-deflate")
def apache_deflate(stage):
    stage.apache()
    read_twice(stage, "/page.html", "/data.json")


@story("express-compression")
def express_compression(stage):
    stage.express(stage.lines, """app.use(express.static('.'));
        app.get('/page', (req, res) => res.type('html').send(page));""")
    read_twice(stage, "/page", "/data.json")


# ---- ranges ----

BEHIND = """
const octets = Buffer.alloc(60000, 'abcdefghijklmnopqrstuvwxyz\\n');
require('http').createServer((req, res) => {
  res.writeHead(200, {'Content-Type': 'application/octet-stream', 'Content-Length': octets.length, ETag: '"v1"'});
  let at = 0;
  const more = () => { if (at < octets.length && !res.destroyed) {
    res.write(octets.subarray(at, at += 10000)); setTimeout(more, 50); } else res.end(); };
  more();
}).listen(%d, '127.0.0.1');
"""


def broken_off(stage, path):
    """The client goes away in the middle."""
    stage.run(f"! curl -sS -A browser/1 --max-time 0.18 -o part -D head {URL}{path} 2>/dev/null")
    with open("/mnt/head", encoding="latin-1") as file:
        head = dict(line.rstrip().lower().split(": ", 1) for line in file if ": " in line)
    size = os.path.getsize("/mnt/part")
    assert 0 < size < int(head["content-length"]), f"{size} octets came before the end"
    return head, size


def proxied(stage):
    stage.node(BEHIND % PORT_BEHIND, PORT_BEHIND)
    stage.nginx(f"location /big {{ proxy_pass http://127.0.0.1:{PORT_BEHIND}; proxy_buffering off; }}")


def slow_file(stage):
    """Express over a line that is not fast, by nginx in front of it."""
    write("big.bin", "abcdefghijklmnopqrstuvwxyz\n" * 8000)
    line = stage.lines or "res.type('bin').send(require('fs').readFileSync(path));"
    stage.express(f"const path = '{SITE}/big.bin';", f"app.get('/big', (req, res) => {{ {line} }});",
                  port=PORT_BEHIND)
    stage.nginx(f"location /big {{ proxy_pass http://127.0.0.1:{PORT_BEHIND}; limit_rate 100k; }}", lines="")


def asked_for_the_rest(stage, path):
    _, size = broken_off(stage, path)
    stage.get(path, f"Range: bytes={size}-")
    stage.probe()


def goes_on_if_it_can(stage, path):
    """A client that asks for the rest where ranges are offered, and begins again elsewhere."""
    head, size = broken_off(stage, path)
    validator = head.get("last-modified") or head.get("etag")
    can = head.get("accept-ranges") == "bytes" and validator
    stage.get(path, *([f"Range: bytes={size}-", f"If-Range: {validator}"] if can else []))
    stage.probe()


@story("nginx-force-ranges")
def nginx_force_ranges(stage):
    proxied(stage)
    asked_for_the_rest(stage, "/big")


@story("nginx-resumable")
def nginx_resumable(stage):
    proxied(stage)
    goes_on_if_it_can(stage, "/big")


@story("express-send-file")
def express_send_file(stage):
    slow_file(stage)
    asked_for_the_rest(stage, "/big")


@story("express-resumable")
def express_resumable(stage):
    slow_file(stage)
    goes_on_if_it_can(stage, "/big")


@story("curl-resumes")
def curl_resumes(stage):
    write("big.bin", "abcdefghijklmnopqrstuvwxyz\n" * 2200)
    stage.old("big.bin")
    stage.nginx("limit_rate 100k;", lines="")
    command = (stage.lines or "curl -o page URL").replace("URL", f"{URL}/big.bin")
    stage.run(f"rm -f page; ! {command} --max-time 0.3")
    stage.run(f"{command} && cmp page {SITE}/big.bin")
    stage.probe()
