#!/usr/bin/env python3
"""server.py ADDRESS... - what no stock server does, said on purpose

Two back ends of api.example stand on the first two addresses.  They hold the same files,
but their tags begin with the inode, as Apache's did before 2.4, so that each rejects the
other's.  The third address is legacy.example, whose answers break the rules of 304.

A reply is written whole with one send, so that a body after a 304 is in the same segment
as its head.
"""
import email.utils
import socketserver
import sys
import threading

import pages

SINCE = email.utils.formatdate(pages.MODIFIED_S, usegmt=True)
CATALOGUE = pages.records(21, 190).encode()
STOCK = pages.records(22, 130).encode()
SETTINGS = pages.records(23, 60).encode()
BANNERS = pages.article(24, 14).encode()
NOTICE = pages.article(25, 8).encode()


class Request:
    def __init__(self, stream):
        self.line = stream.readline(4096).decode("latin-1").split()
        self.fields = {}
        while line := stream.readline(8192).decode("latin-1").strip():
            name, _, value = line.partition(":")
            self.fields[name.lower()] = value.strip()
        if self.line:
            self.body = stream.read(int(self.fields.get("content-length", 0)))

    def get(self, name):
        return self.fields.get(name, "")


def reply(status, fields=(), body=b"", framed=False):
    """The octets of one answer; `framed` says that `body` is in chunks already."""
    lines = [f"HTTP/1.1 {status}", f"Date: {email.utils.formatdate(usegmt=True)}",
             "Server: shopd/3.1", *fields]
    if not framed and not status.startswith(("304", "204")):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines + ["", ""]).encode() + body


def tagged(request, tag, body, *fields):
    """What a correct server answers for a resource with this tag."""
    fields = (f"ETag: {tag}", *fields)
    if request.get("if-none-match") == tag:
        return reply("304 Not Modified", fields)
    return reply("200 OK", ("Content-Type: application/json", *fields), body)


def chunked(*parts):
    """With an extension, and a trailer section after the last chunk."""
    out = b"".join(b"%x;part=%d\r\n%s\r\n" % (len(part), number, part)
                   for number, part in enumerate(parts, 1))
    return out + b"0\r\nX-Checksum: 5f1d7a84\r\n\r\n"


def api(request, inode):
    method, target = request.line[:2]
    if target == "/v2/catalogue":
        return tagged(request, f'"{inode}-{len(CATALOGUE):x}-60a3d8b9c4e80"', CATALOGUE,
                      "Cache-Control: no-cache")
    if target == "/v2/stock":
        return reply("200 OK", ("Content-Type: application/json",), STOCK)
    if target == "/v2/settings":
        return tagged(request, '"settings-4"', SETTINGS, "Cache-Control: max-age=3600")
    if target == "/v2/banners":
        return tagged(request, '"banners-17"', BANNERS, "Cache-Control: no-cache")
    if target == "/v2/orders" and method == "POST":
        return reply("201 Created", ("Content-Type: application/json",
                                     "Location: /v2/orders/8812"), b'{"order": 8812}\n')
    if target == "/v2/orders/8812" and method == "PUT":
        if request.get("if-match") not in ("", '"order-2"'):
            return reply("412 Precondition Failed", ('ETag: "order-2"',))
        return reply("204 No Content", ('ETag: "order-3"',))
    if target == "/v2/events":
        return reply("200 OK", ("Content-Type: text/plain", "Transfer-Encoding: chunked",
                                "Trailer: X-Checksum", "Cache-Control: no-store"),
                     chunked(b"order 8812 created\n", b"order 8812 paid\n"), framed=True)
    return reply("404 Not Found", ("Content-Type: text/plain",), b"no such thing\n")


def legacy(request, _):
    target = request.line[1]
    text = "Content-Type: text/html"
    asked = request.get("if-none-match")
    policy = "Cache-Control: no-cache"
    if target == "/news" and asked:
        return reply("304 Not Modified", ('ETag: "news-1"', policy, "Content-Length: 27"),
                     b"<p>Nothing has changed.</p>")
    if target == "/prices" and request.get("user-agent").startswith("price-robot"):
        return reply("304 Not Modified", ('ETag: "prices-6"', policy))
    if target == "/motd" and asked:
        return reply("304 Not Modified", (policy,))
    if target in ("/footer", "/imprint") and asked:
        return reply("304 Not Modified", (f'ETag: "{target[1:]}-2"', policy,
                                          "Content-Length: 0"))
    names = {"/news": "news-1", "/prices": "prices-6", "/motd": "motd-9",
             "/footer": "footer-2"}
    if target in names:
        return reply("200 OK", (text, f'ETag: "{names[target]}"', f"Last-Modified: {SINCE}",
                                policy), NOTICE)
    return reply("404 Not Found", ("Content-Type: text/plain",), b"no such page\n")


class Handler(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True

    def handle(self):
        while True:
            request = Request(self.rfile)
            if not request.line:
                return
            answer = self.server.site(request, self.server.inode)
            if request.line[0] == "HEAD":
                answer = answer[:answer.index(b"\r\n\r\n") + 4]
            self.connection.sendall(answer)
            if request.get("connection") == "close":
                return


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, address, site, inode=None):
        super().__init__((address, 80), Handler)
        self.site, self.inode = site, inode


def main():
    first, second, third = sys.argv[1:4]
    servers = [Server(first, api, "1a0c2f"), Server(second, api, "3b77e1"),
               Server(third, legacy)]
    for server in servers[1:]:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    servers[0].serve_forever()


if __name__ == "__main__":
    main()
