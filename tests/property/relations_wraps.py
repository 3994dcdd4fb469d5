"""Below TCP: link layers, tags, tunnels, fragments, IPv6."""
from relation import ADDRESSES, PACKETS, relation
from wire import files, link
from wire.change import segments
from wire.packet import Other

LINKS = {"padded": link.EN10MB, "null": link.NULL, "loop": link.LOOP, "raw": link.RAW, "ppp": link.PPP, "sll": link.SLL,
         "sll2": link.SLL2, "nflog": link.NFLOG, "wifi": link.IEEE802_11, "radiotap": link.RADIOTAP}
TAGS = ("vlan", "qinq", "mpls", "pppoe")
TUNNELS = ("gre", "gre_keyed", "erspan1", "erspan2", "erspan3", "vxlan", "geneve", "gtp", "ipip", "nested")


def ip_only(base):
    """Frames that are no IP packets of ours cannot be dressed anew."""
    return [p for p in base.capture.packets if not isinstance(p, Other)]


@relation("M08", "IPv4 as IPv6")
def m08(base, rng):
    def six(address):
        return address if len(address) == 16 else bytes.fromhex("20010db8") + bytes(8) + address

    changed = segments(base.capture.packets, lambda p: [p.but(source=six(p.source), target=six(p.target))])
    return base.same(changed, ADDRESSES | {"resource"} if not base.capture.exchanges else ADDRESSES)


@relation("M09-links", "other link layers", seeds=10)
def m09_links(base, rng):
    packets = ip_only(base)
    return [fault for name, kind in LINKS.items()
            for fault in base.same(packets, what=f"{name}: ", dress=getattr(link, name), kind=kind)[:1]]


@relation("M09-tags", "VLAN, QinQ, MPLS, PPPoE", seeds=10)
def m09_tags(base, rng):
    packets = ip_only(base)
    faults = [fault for name in TAGS for fault in base.same(packets, what=f"{name}: ", dress=getattr(link, name))[:1]]
    rows = [files.record(p, getattr(link, rng.choice(TAGS + ("ethernet",)))) for p in packets]
    view = base.bench.view(base.bench.write("a.pcap", files.pcap(rows)))
    return faults + base.equal(view, PACKETS, "all of them: ")


@relation("M09-tunnels", "tunnels", seeds=10)
def m09_tunnels(base, rng):
    packets = ip_only(base)
    return [fault for name in TUNNELS for fault in base.same(packets, what=f"{name}: ", dress=getattr(link, name))[:1]]


@relation("M10", "fragments, in order, reversed, shuffled")
def m10(base, rng):
    orders = {"in order": lambda parts: parts, "reversed": lambda parts: parts[::-1],
              "shuffled": lambda parts: rng.sample(parts, len(parts))}
    faults = []
    for name, order in orders.items():
        packets = []
        for p in ip_only(base):
            packet = p.ip()
            parts = link.fragments(packet, rng.choice((8, 24, 200, 560, 1400))) if rng.random() < 0.5 else [packet]
            packets += [Other(p.ns, part) for part in order(parts)]
        faults += base.same(packets, what=f"{name}: ")
    return faults


@relation("M04-tagged", "each packet with and without a tag", seeds=10)
def m04_tagged(base, rng):
    rows = [row for p in ip_only(base) for row in (files.record(p), files.record(p.but(ns=p.ns + 5000), link.vlan))]
    view = base.bench.view(base.bench.write("a.pcap", files.pcap(sorted(rows))))
    return base.equal(view, PACKETS)
