"""Real servers and caches, each as its packager leaves it but for what a test needs."""
import os
import subprocess

from fix_stage import APACHE_MODULES, PORT, PORT_BEHIND, SCRATCH, SITE, need

ADDRESS = "127.0.0.1"
MODULES = "\n".join(f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so" for name in APACHE_MODULES)

NGINX_GZIP = """
	gzip on;
	gzip_vary on;
	gzip_min_length 256;
	gzip_types text/css application/javascript application/json;
"""
LIGHTTPD = """
server.document-root = "{site}"
server.bind = "{address}"
server.port = {port}
server.modules = ( "mod_setenv" )
setenv.add-response-header = ( "Cache-Control" => "{policy}" )
mimetype.assign = ( ".html" => "text/html", ".css" => "text/css", ".js" => "text/javascript",
	".json" => "application/json", ".png" => "image/png" )
"""
CADDY = """
{{
	admin off
	auto_https off
}}
http://{address}:{port} {{
	root * {site}
	header Cache-Control "{policy}"
	{more}
	file_server
}}
"""
H2O = """
user: nobody
listen:
  host: {address}
  port: {port}
hosts:
  default:
    paths:
      "/":
        header.set: "Cache-Control: {policy}"
        file.dir: {site}
"""
HAPROXY = """
global
	maxconn 100
defaults
	mode http
	option http-ignore-probes
	timeout connect 5s
	timeout client 5s
	timeout server 5s
{cache}
frontend all
	bind {address}:{port}
	{use}
	default_backend farm
backend farm
	balance roundrobin
	http-reuse never
	{servers}
"""
HAPROXY_CACHE = """
cache kept
	total-max-size 4
	max-age 60
	process-vary on
"""
HAPROXY_USE = "http-request cache-use kept\n\thttp-response cache-store kept"
SQUID = """
http_port {address}:{port} accel defaultsite=localhost no-vhost
cache_peer {address} parent {behind} 0 no-query no-digest originserver
http_access allow all
visible_hostname front
cache_mem 8 MB
cache_effective_user proxy
coredump_dir {scratch}
pid_filename none
netdb_filename none
access_log none
cache_log /dev/null
shutdown_lifetime 0 seconds
"""
APACHE_NODE = """
ServerRoot {scratch}
ServerName shop.example
Listen {address}:{port}
PidFile {scratch}/{node}.pid
ErrorLog {scratch}/{node}.error
User nobody
Group nogroup
{modules}
TypesConfig /etc/mime.types
DocumentRoot {root}
FileETag INode MTime Size
Header set Cache-Control no-cache
<Directory {root}>
	Require all granted
</Directory>
"""


def configure(name, template, **values):
    path = f"{SCRATCH}/{name}"
    with open(path, "w", encoding="ascii") as file:
        file.write(template.format(address=ADDRESS, site=SITE, scratch=SCRATCH, **values))
    return path


def run(stage, port, *command, **options):
    """One that has a log of its own says on stderr what nobody reads."""
    need(command[0])
    stage.start(port, list(command), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)


# ---- origins: POLICY is their Cache-Control ----

def nginx(stage, policy, port=PORT):
    stage.nginx(server=f'etag on; add_header Cache-Control "{policy}";', http=NGINX_GZIP, port=port)


def apache_deflate(stage, policy, more=""):
    stage.apache(f'AddOutputFilterByType DEFLATE text/html text/css\nHeader set Cache-Control "{policy}"\n'
                 f"FileETag MTime Size\n{more}")


def apache_node(stage, name, root, port):
    """One of several: its tags hold the numbers of inodes."""
    path = configure(f"{name}.conf", APACHE_NODE, node=name, root=root, port=port, modules=MODULES)
    run(stage, port, "apache2", "-f", path, "-D", "FOREGROUND")


def lighttpd(stage, policy, port=PORT):
    run(stage, port, "lighttpd", "-D", "-f", configure("lighttpd.conf", LIGHTTPD, policy=policy, port=port))


def caddy(stage, policy, more="", port=PORT):
    path = configure("Caddyfile", CADDY, policy=policy, more=more, port=port)
    run(stage, port, "caddy", "run", "--config", path, "--adapter", "caddyfile", env={**os.environ, "HOME": SCRATCH})


def h2o(stage, policy, port=PORT):
    run(stage, port, "h2o", "-m", "worker", "-c", configure("h2o.conf", H2O, policy=policy, port=port))


def express(stage, policy, more=""):
    """With the comparison that Express brings along."""
    stage.express(f"app.set('env', 'test'); app.use(compression()); {more}",
                  f"app.use(express.static('{SITE}', {{cacheControl: false, "
                  f"setHeaders: (res) => res.set('Cache-Control', '{policy}')}}));")


def express_by_hand(stage, policy):
    """As tutorials do it: a comparison of text, a 304 that does not say what it is about."""
    stage.express("", f"""
app.disable('etag');
const etag = '"v1"';
app.get('/*path', (req, res) => {{
  if (req.headers['if-none-match'] === etag) {{
    res.writeHead(304, {{'Cache-Control': '{policy}'}});
    return res.end();
  }}
  res.set('ETag', etag).set('Cache-Control', '{policy}').type('css');
  res.send(require('fs').readFileSync('{SITE}' + req.path));
}});""")


# ---- in front of one ----

def varnish(stage):
    run(stage, PORT, "varnishd", "-F", "-n", f"{SCRATCH}/varnish", "-a", f"{ADDRESS}:{PORT}",
        "-b", f"{ADDRESS}:{PORT_BEHIND}", "-s", "malloc,8m", "-T", "none")


def squid(stage):
    run(stage, PORT, "squid", "-N", "-f", configure("squid.conf", SQUID, port=PORT, behind=PORT_BEHIND))


def haproxy(stage, ports=(PORT_BEHIND,), cache=HAPROXY_CACHE, use=HAPROXY_USE):
    servers = "\n\t".join(f"server n{number} {ADDRESS}:{port}" for number, port in enumerate(ports, 1))
    run(stage, PORT, "haproxy", "-q", "-db", "-f",
        configure("haproxy.conf", HAPROXY, port=PORT, cache=cache, use=use, servers=servers))
