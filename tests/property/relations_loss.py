"""What the capture lacks: snapshot length, lost packets, one direction, the end."""
from relation import differences, relation, strip, x_id
from wire.change import acknowledged, in_time
from wire.packet import Other

LURES = "heads"
SIMPLE = {"heads_apart": True, "pipelining": 0, "lures": LURES}
FIELDS = ("method", "uri", "status", "req_fields", "resp_fields", "q_head", "q_body", "r_head", "r_content", "r_framing")
# Rates that need heads only.
RATES = ("R1_conditional_hit.get", "R1_conditional_hit.all", "R4_304_share_of_gets", "R5_conditional_share",
         "R1_by_form.inm", "R1_by_form.ims", "R1_by_form.both")


def heads(view):
    """What heads and framing say."""
    return {"http": strip(view.report["http"], {"incomplete"}), "octets": view.report["metrics"]["octets"],
            "rates": {name: view.report["metrics"]["rates"][name] for name in RATES},
            "records": [{key: record.get(key) for key in FIELDS} for record in view.records]}


def overlap(p, way, start, end):
    return p.way == way and p.offset < end and start < p.offset + len(p.data)


def carries_head(p, message):
    return p.flow == message.flow and overlap(p, message.way, message.start, message.head_end)


def needed_octets(capture):
    """A snapshot length that spares every head and every line of chunked framing."""
    framing = {}
    for message in capture.messages():
        edges = [message.start, *(edge for span in message.content for edge in span), message.end]
        framing.setdefault((message.flow, message.way), []).extend(zip(edges[::2], edges[1::2]))
    longest = 0
    for p in capture.packets:
        headers = len(p.ip()) - len(p.data) + 14
        ends = [min(end, p.offset + len(p.data)) - p.offset for start, end in framing.get(p.side, ())
                if overlap(p, p.way, start, end)]
        longest = max(longest, headers + max(ends, default=0))
    return longest


@relation("M18", "snapshot lengths", on_real=False, **SIMPLE)
def m18(base, rng):
    enough = needed_octets(base.capture)
    whole = base.bench.see(base.capture.packets, snaplen=enough)
    faults = differences(heads(base.view), heads(whole), f"{enough} octets: ")
    for snaplen in (54, 64, 96, 128, 300):
        less = base.bench.see(base.capture.packets, snaplen=snaplen)
        faults += no_more(base, less, f"{snaplen} octets: ") + wrong_pairs(less)
    return faults


def no_more(base, less, what):
    faults = []
    for part, key in (("http", "requests"), ("http", "responses"), ("http", "interim")):
        was, now = base.view.report[part][key], less.report[part][key]
        faults += [f"{what}{key}: {was} became {now}"] if now > was else []
    was, now = (view.report["metrics"]["octets"]["total"] for view in (base.view, less))
    return faults + ([f"{what}octets: {was} became {now}"] if now > was else [])


def wrong_pairs(view):
    return [f"{a} was paired with {b}" for a, b in view.pairs() if a and b and a != b]


@relation("M19", "segments of bodies lost", on_real=False, lures=LURES)
def m19(base, rng):
    spans = {}
    for message in base.capture.messages():
        spans.setdefault((message.flow, message.way), []).extend(message.content)
    packets = base.capture.packets
    may_go = [i for i in acknowledged(packets) if any(
        a <= packets[i].offset and packets[i].offset + len(packets[i].data) <= b for a, b in spans.get(packets[i].side, ()))]
    lost = {i for i in may_go if rng.random() < rng.choice((0.1, 0.3, 1))}
    view = base.bench.see([p for i, p in enumerate(packets) if i not in lost])
    faults = differences(heads(base.view), heads(view))
    octets = sum(len(packets[i].data) for i in lost)
    got = view.report["ledger"]["gap_octets"]
    return faults + ([] if octets == got else [f"{octets} octets lost, {got} counted"])


@relation("M20", "one head lost", on_real=False, **SIMPLE)
def m20(base, rng):
    faults = []
    for exchange in rng.sample(base.capture.exchanges, 6):
        message = rng.choice((exchange.request, exchange.response))
        view = base.bench.see([p for p in base.capture.packets if not carries_head(p, message)])
        want = {(x, x) for x, _ in base.view.pairs() if x != exchange.id}
        got = set(view.pairs())
        what = f"{exchange.id}, {'response' if message.way else 'request'}: "
        faults += [f"{what}lost pair {x}" for x, _ in sorted(want - got)]
        faults += [f"{what}{a} with {b}" for a, b in got - want if a and b]
        faults += counts_after(base, view, exchange, message, what)
    return faults


def counts_after(base, view, exchange, message, what):
    """One request or one answer fewer; the other half is still there, alone."""
    want, got = dict(base.view.report["http"]), view.report["http"]
    want = {key: want[key] for key in ("requests", "responses", "unanswered", "orphan_responses")}
    # The interim answer has no number: it is lost or not, and counted elsewhere.
    want["responses" if message.way else "requests"] -= 1
    want["unanswered" if message.way else "orphan_responses"] += 1
    return differences(want, {key: got[key] for key in want}, what)


@relation("M21", "packets lost at random", seeds=30, on_real=False, lures=LURES)
def m21(base, rng):
    faults = []
    for share in (0.001, 0.005, 0.02, 0.05, 0.2):
        view = base.bench.see([p for p in base.capture.packets if rng.random() >= share])
        found = no_more(base, view, "") + wrong_pairs(view) + outside(base, view)
        faults += [f"{share:.1%} lost: {fault}" for fault in found]
    return faults


def outside(base, view):
    """The rate of the conditional requests that were seen, if its interval does not
    contain what the whole capture knows of them."""
    low, high = view.report["quality"].get("intervals", {}).get("R1", (0, 1))
    seen = {x_id(record.get("req_fields")) for record in view.records if record.get("cond")}
    known = [record["outcome"] for record in base.view.records if x_id(record.get("req_fields")) in seen]
    share = known.count("validated") / len(known) if known else low
    return [] if low - 1e-6 <= share <= high + 1e-6 else [f"R1 is {share}, not in [{low}, {high}]"]


@relation("M22-client", "only the client's packets", on_real=False)
def m22_client(base, rng):
    view = base.bench.see([p for p in base.capture.packets if not p.way])
    http = view.report["http"]
    want = {"requests": base.view.report["http"]["requests"], "responses": 0, "by_method": base.view.report["http"]["by_method"]}
    return differences(want, {key: http[key] for key in want}) + claims(view)


@relation("M22-server", "only the server's packets", on_real=False, methods=("GET", "GET", "GET", "POST"))
def m22_server(base, rng):
    view = base.bench.see([p for p in base.capture.packets if p.way])
    http = view.report["http"]
    want = {"requests": 0, "responses": base.view.report["http"]["responses"], "by_status": base.view.report["http"]["by_status"]}
    return differences(want, {key: http[key] for key in want}) + claims(view)


def claims(view):
    """Nothing is said about hits and misses where nobody saw both sides."""
    faults = [f"{a} was paired with {b}" for a, b in view.pairs() if a and b]
    metrics = view.report["metrics"]
    faults += [f"{name} is {rate}" for name, rate in metrics["rates"].items()
               if name.startswith(("R1", "R2", "R3", "R8")) and rate["den"]]
    return faults + [f"waste {tier}" for tier, classes in metrics["waste"].items() if classes]


@relation("M24", "longer parts from the start show no less", seeds=20)
def m24(base, rng):
    packets, before, faults = base.capture.packets, {}, []
    for part in range(1, 11):
        http = base.bench.see(packets[:len(packets) * part // 10]).report["http"]
        now = {key: http[key] for key in ("requests", "responses", "interim")}
        now["complete"] = http["requests"] - http["unanswered"] - http["incomplete"]
        faults += [f"{part}/10: {key} {now[key]} after {before[key]}" for key in before if now[key] < before[key]]
        before = now
    return faults


@relation("lost-any-order", "lost and reordered packets", on_real=False, lures=LURES)
def lost_any_order(base, rng):
    """Precision holds for two disturbances at a time."""
    packets = in_time(p.but(ns=p.ns + rng.randrange(3_000_000)) for p in base.capture.packets
                      if not isinstance(p, Other) and rng.random() > 0.03)
    view = base.bench.see(packets)
    return no_more(base, view, "") + wrong_pairs(view)
