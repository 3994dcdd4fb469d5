#!/usr/bin/env python3
"""pages.py DIR - the shop's files, the same octets in every run

Text is made of words drawn with a fixed seed, so that gzip finds about as much in it
as in real text.  All files get one modification time, and validators made of it are
stable between runs.
"""
import os
import random
import struct
import sys
import zlib

MODIFIED_S = 1700000000
WORDS = """price stock order basket article colour size winter summer delivery return
customer account letter street parcel voucher rating picture linen cotton leather wool
shirt jacket trouser shoe boot scarf glove umbrella raincoat hat belt sock blanket""".split()


def words(rng, count):
    return [rng.choice(WORDS) for _ in range(count)]


def script(seed, functions):
    rng = random.Random(seed)
    out = []
    for number in range(functions):
        a, b, c = words(rng, 3)
        text = " ".join(words(rng, rng.randint(4, 12)))
        out.append(f"function {a}{number}({b}, {c}) {{\n"
                   f"\tif ({b} > {rng.randint(1, 9999)}) return \"{text}\";\n"
                   f"\treturn {c} * {rng.random():.9f} + {b};\n}}\n")
    return "".join(out)


def style(seed, rules):
    rng = random.Random(seed)
    return "".join(f".{a}-{b}{i} {{ margin: {rng.randint(0, 40)}px; "
                   f"color: #{rng.randrange(1 << 24):06x}; }}\n"
                   for i, (a, b) in enumerate(words(rng, 2) for _ in range(rules)))


def records(seed, count):
    rng = random.Random(seed)
    rows = [f'{{"sku": "{rng.randrange(1 << 32):08x}", "name": "{" ".join(words(rng, 3))}", '
            f'"price": {rng.randint(5, 500)}.{rng.randint(10, 99)}, '
            f'"stock": {rng.randint(0, 900)}}}' for _ in range(count)]
    return "[\n" + ",\n".join(rows) + "\n]\n"


def picture(seed, width, height):
    """A valid grey PNG of noise: nothing that a coding could make smaller."""
    rng = random.Random(seed)

    def part(kind, data):
        return (struct.pack(">I", len(data)) + kind + data
                + struct.pack(">I", zlib.crc32(kind + data)))

    rows = b"".join(b"\0" + rng.randbytes(width) for _ in range(height))
    return (b"\x89PNG\r\n\x1a\n"
            + part(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
            + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b""))


def article(seed, paragraphs):
    rng = random.Random(seed)
    return "".join(f"<p>{' '.join(words(rng, rng.randint(30, 60)))}.</p>\n"
                   for _ in range(paragraphs))


SHOP = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Shop</title>
<link rel="icon" href="/favicon.ico">
<link rel="stylesheet" href="http://assets.example/shop.css">
<script src="http://assets.example/vendor.js"></script>
<script src="http://assets.example/shop.js"></script>
<script src="/inline.js"></script>
</head><body><h1>Shop</h1>
<img src="http://img.example/logo.3f2a91bc.svg" alt=""><img src="http://img.example/coat.png" alt="">
{}</body></html>
"""

PLAIN = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Plain</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/plain.css"><script src="/inline.js"></script>
</head><body><img src="/dot.png" alt="">{}</body></html>
"""

LOGO = ('<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30">'
        '<rect width="90" height="30" fill="#456"/></svg>\n')


def files():
    yield "shop/index.html", SHOP.format(article(1, 12)).encode()
    yield "shop/plain.html", PLAIN.format(article(2, 4)).encode()
    yield "shop/plain.css", style(3, 60).encode()
    yield "shop/inline.js", script(4, 20).encode()
    yield "shop/terms.html", article(5, 10).encode()
    yield "shop/dot.png", picture(6, 40, 30)
    yield "assets/shop.css", style(7, 500).encode()
    yield "assets/shop.js", script(8, 300).encode()
    yield "assets/vendor.js", script(9, 700).encode()
    yield "assets/small.css", style(10, 60).encode()
    yield "img/logo.3f2a91bc.svg", LOGO.encode()
    yield "img/coat.png", picture(11, 120, 90)
    yield "img/boot.png", picture(12, 100, 80)
    yield "img/catalogue.pdf", b"%PDF-1.4\n" + random.Random(13).randbytes(30000)


def main():
    for name, octets in files():
        path = os.path.join(sys.argv[1], name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(octets)
        os.utime(path, (MODIFIED_S, MODIFIED_S))


if __name__ == "__main__":
    main()
