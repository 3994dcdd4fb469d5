#!/usr/bin/env python3
"""client.py SOURCE SCENE - the clients that are scripts in real life too

Each scene is one program with its own User-Agent.  Python's http.client leaves caching to
its caller, which is the point: these callers get it wrong.
"""
import http.client
import socket
import sys
import time

BACKENDS = ("10.77.1.31", "10.77.1.32")
LEGACY = "10.77.1.40"
SHOP = "10.77.1.10"


class Client:
    def __init__(self, source, address, host, agent):
        self.wire = http.client.HTTPConnection(address, 80, timeout=10,
                                               source_address=(source, 0))
        self.fields = {"Host": host, "User-Agent": agent, "Accept": "*/*"}

    def ask(self, target, method="GET", body=None, **fields):
        """One exchange; the answer's tag."""
        extra = {name.replace("_", "-"): value for name, value in fields.items()}
        self.wire.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        for name, value in {**self.fields, **extra}.items():
            self.wire.putheader(name, value)
        if body is not None:
            self.wire.putheader("Content-Length", str(len(body)))
        self.wire.endheaders(body)
        answer = self.wire.getresponse()
        answer.read()
        time.sleep(0.15)
        return answer.getheader("ETag")


def poll_catalogue(source):
    """A poller that does everything right, and never gets a 304 from the pair."""
    backends = [Client(source, address, "api.example", "stock-poller/2.3")
                for address in BACKENDS]
    tag = backends[0].ask("/v2/catalogue")
    for turn in range(1, 6):
        tag = backends[turn % 2].ask("/v2/catalogue", If_None_Match=tag)
    backends[1].ask("/v2/catalogue", If_None_Match=tag)


def poll_stock(source):
    """Nothing to ask with: the answer has no validator."""
    client = Client(source, BACKENDS[0], "api.example", "warehouse/0.9")
    for _ in range(5):
        client.ask("/v2/stock")


def kiosk(source):
    """Forgets everything: what is still fresh, and what it has a tag for."""
    client = Client(source, BACKENDS[1], "api.example", "kiosk/1.0")
    for _ in range(4):
        client.ask("/v2/settings")
        client.ask("/v2/banners")


def orders(source):
    """POST, PUT under If-Match, HEAD, 404, and chunks with a trailer section."""
    client = Client(source, BACKENDS[0], "api.example", "till/5.2")
    json = {"Content_Type": "application/json"}
    client.ask("/v2/orders", "POST", b'{"sku": "9f31c2aa", "count": 2}', **json)
    client.ask("/v2/orders/8812", "PUT", b'{"count": 3}', If_Match='"order-1"', **json)
    client.ask("/v2/orders/8812", "PUT", b'{"count": 3}', If_Match='"order-2"', **json)
    client.ask("/v2/events")
    client.ask("/v2/stock", "HEAD")
    client.ask("/v2/coupons")
    client.ask("/v2/orders", "POST", b'{"sku": "107be5d0", "count": 1}', **json)


def legacy(source):
    """A correct client of a server that gets the 304 wrong in every way."""
    client = Client(source, LEGACY, "legacy.example", "reader/4.1")
    for target in ("/news", "/motd", "/footer"):
        tag = client.ask(target)
        client.ask(target, If_None_Match=tag)
        client.ask(target, If_None_Match=tag)
    client.ask("/imprint", If_None_Match='"imprint-2"')


def prices(source):
    """Asks without a condition, is told 304, and has nothing to show."""
    reader = Client(source, LEGACY, "legacy.example", "reader/4.1")
    reader.ask("/prices")
    robot = Client(source, LEGACY, "legacy.example", "price-robot/0.7")
    for _ in range(3):
        robot.ask("/prices")


def pipeline(source):
    """Three requests in one segment."""
    head = "Host: shop.example\r\nUser-Agent: sprinter/1.1\r\n"
    requests = (f"GET /terms.html HTTP/1.1\r\n{head}\r\n"
                f"HEAD /inline.js HTTP/1.1\r\n{head}\r\n"
                f"GET /gone.html HTTP/1.1\r\n{head}Connection: close\r\n\r\n")
    with socket.create_connection((SHOP, 80), 10, (source, 0)) as wire:
        wire.sendall(requests.encode())
        while wire.recv(65536):
            pass


SCENES = {scene.__name__: scene for scene in
          (poll_catalogue, poll_stock, kiosk, orders, legacy, prices, pipeline)}

if __name__ == "__main__":
    for name in sys.argv[2:]:
        SCENES[name](sys.argv[1])
