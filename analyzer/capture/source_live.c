#define _DEFAULT_SOURCE /* the BSD types in pcap.h */

#include "analyzer/capture/source_live.h"

#include "analyzer/base/mem.h"
#include "analyzer/capture/clock.h"
#include "analyzer/capture/filter.h"
#include "analyzer/capture/stop.h"
#include "analyzer/config.h"

#include <errno.h>
#include <linux/filter.h>
#include <pcap/pcap.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>

#define NS_PER_MS INT64_C(1000000)
/* The kernel's counters are 32 bits: they wrap after an hour of a million a second. */
#define STATISTICS_NS (60 * CONFIG_S_NS)

enum {
	SNAPLEN_BYTES = 262144,
	BUFFER_KIB = 16384, /* libpcap's own 2 MiB lose packets at 200 000 a second */
	BUFFER_KIB_MAX = 1 << 20,
	BATCH_MS = 100,		 /* so often the kernel hands over what it has */
	DRAIN_MS = 3 * BATCH_MS, /* without a packet: nothing is left in the ring */
	TICK_MS = 500,		 /* libpcap notices a lost interface when it is called */
	CHECK_PACKETS = 256,	 /* under full load the ring is never empty */
};

enum live_state {
	LIVE_RUNNING,
	LIVE_DRAINING,
	LIVE_OVER,
};

struct source_live {
	struct source_info info;
	pcap_t *handle;
	int fd; /* -1: libpcap has none to poll */
	int stop_fd;
	enum live_state state;
	bool is_ns;
	uint16_t link_type;
	int64_t deadline_ns;   /* of the monotonic clock; INT64_MAX: none */
	int64_t statistics_ns; /* when the counters were read last */
	unsigned since_check;
	uint32_t dropped_32, interface_dropped_32; /* as the kernel counts */
	uint64_t dropped, interface_dropped;
	struct idle *idle; /* or NULL */
};

/* "eth0, lo, any" */
static void
interface_names(char *out, size_t room)
{
	char why[PCAP_ERRBUF_SIZE];
	pcap_if_t *all = NULL;
	size_t used = 0;

	out[0] = '\0';
	if (pcap_findalldevs(&all, why))
		return;
	for (const pcap_if_t *one = all; one; one = one->next) {
		int n;

		if (!(one->flags & PCAP_IF_UP))
			continue;
		n = snprintf(
			out + used, room - used, "%s%s", used ? ", " : "", one->name);
		if (n < 0 || (size_t)n >= room - used)
			break;
		used += (size_t)n;
	}
	out[used] = '\0';
	pcap_freealldevs(all);
}

int
source_list_interfaces(FILE *out, struct err *err)
{
	char why[PCAP_ERRBUF_SIZE];
	pcap_if_t *all = NULL;

	if (pcap_findalldevs(&all, why))
		return err_set(err, EXIT_CAPTURE, "interfaces: %s", why);
	for (const pcap_if_t *one = all; one; one = one->next)
		fprintf(out, "%-16s %s%s%s\n", one->name,
			one->flags & PCAP_IF_UP ? "up" : "down",
			one->description ? ", " : "",
			one->description ? one->description : "");
	pcap_freealldevs(all);
	return 0;
}

static int
live_fail(const struct source_live *live, int status, struct err *err)
{
	const char *name = live->info.path;
	char names[128];

	switch (status) {
	case PCAP_ERROR_PERM_DENIED:
	case PCAP_ERROR_PROMISC_PERM_DENIED:
		err_set(err, EXIT_CAPTURE, "%s: not permitted to capture", name);
		return err_hint(err,
			"sudo cachetap live -i %s, or once and for all: "
			"sudo setcap cap_net_raw+ep \"$(command -v cachetap)\"",
			name);
	case PCAP_ERROR_NO_SUCH_DEVICE:
		interface_names(names, sizeof names);
		err_set(err, EXIT_CAPTURE, "%s: no such interface; there are: %s", name,
			names);
		return err_hint(err, "cachetap live -D lists all interfaces");
	case PCAP_ERROR_IFACE_NOT_UP:
		err_set(err, EXIT_CAPTURE, "%s: the interface is down", name);
		return err_hint(err, "sudo ip link set %s up", name);
	default:
		return err_set(err, EXIT_CAPTURE, "%s: %s", name,
			status == PCAP_ERROR ? pcap_geterr(live->handle)
					     : pcap_statustostr(status));
	}
}

static void
live_configure(struct source_live *live, const struct source_live_options *options)
{
	uint32_t kib = options->buffer_kib ? options->buffer_kib : BUFFER_KIB;
	uint32_t snaplen = options->snaplen_bytes ? options->snaplen_bytes
						  : SNAPLEN_BYTES;

	pcap_set_snaplen(
		live->handle, (int)(snaplen < SNAPLEN_BYTES ? snaplen : SNAPLEN_BYTES));
	pcap_set_promisc(live->handle, !options->no_promiscuous);
	pcap_set_timeout(live->handle, BATCH_MS);
	pcap_set_buffer_size(
		live->handle, (int)(kib < BUFFER_KIB_MAX ? kib : BUFFER_KIB_MAX) * 1024);
	live->is_ns = pcap_set_tstamp_precision(
			      live->handle, PCAP_TSTAMP_PRECISION_NANO) == 0;
}

static int
live_start(struct source_live *live, const char *filter, struct err *err)
{
	char why[PCAP_ERRBUF_SIZE];
	int status = pcap_activate(live->handle);

	if (status < 0)
		return live_fail(live, status, err);
	if (filter && filter_attach(live->handle, filter, err))
		return -1;
	if (pcap_setnonblock(live->handle, 1, why))
		return err_set(err, EXIT_CAPTURE, "%s: %s", live->info.path, why);
	live->is_ns &= pcap_get_tstamp_precision(live->handle) ==
		       PCAP_TSTAMP_PRECISION_NANO;
	live->fd = pcap_get_selectable_fd(live->handle);
	live->link_type = (uint16_t)filter_link_type_of_dlt(pcap_datalink(live->handle));
	live->info.link_types[live->info.link_type_count++] = live->link_type;
	return 0;
}

int
source_live_open(struct source_live **live, const struct source_live_options *options,
	const char *filter, struct err *err)
{
	char why[PCAP_ERRBUF_SIZE];
	struct source_live *new = mem_alloc(sizeof *new);

	*live = new;
	new->info = (struct source_info){
		.path = options->interface, .format = "live", .compression = "none"};
	new->statistics_ns = clock_ns();
	new->deadline_ns = options->duration_ns
				   ? new->statistics_ns + options->duration_ns
				   : INT64_MAX;
	new->stop_fd = stop_open();
	new->handle = pcap_create(options->interface, why);
	if (new->stop_fd < 0 || !new->handle) {
		err_set(err, EXIT_CAPTURE, "%s: %s", options->interface,
			new->handle ? strerror(errno) : why);
		source_live_close(live);
		return -1;
	}
	live_configure(new, options);
	if (live_start(new, filter, err)) {
		source_live_close(live);
		return -1;
	}
	return 0;
}

void
source_live_close(struct source_live **live)
{
	struct source_live *old = *live;

	if (!old)
		return;
	stop_close(old->stop_fd);
	if (old->handle)
		pcap_close(old->handle);
	mem_free(old);
	*live = NULL;
}

struct source_info *
source_live_info(struct source_live *live)
{
	return &live->info;
}

void
source_live_on_idle(struct source_live *live, struct idle *idle)
{
	live->idle = idle;
}

static void
live_count(struct source_live *live)
{
	struct pcap_stat counts;

	if (pcap_stats(live->handle, &counts))
		return;
	live->dropped += counts.ps_drop - live->dropped_32;
	live->dropped_32 = counts.ps_drop;
	live->interface_dropped += counts.ps_ifdrop - live->interface_dropped_32;
	live->interface_dropped_32 = counts.ps_ifdrop;
}

int64_t
source_live_dropped(struct source_live *live)
{
	live_count(live);
	return (int64_t)live->dropped;
}

int64_t
source_live_interface_dropped(struct source_live *live)
{
	live_count(live);
	return (int64_t)live->interface_dropped;
}

/* From now on the kernel passes nothing; what it passed before stays in the ring. */
static void
live_silence(struct source_live *live)
{
	struct sock_filter nothing = BPF_STMT(BPF_RET | BPF_K, 0);
	struct sock_fprog program = {1, &nothing};

	live->state = setsockopt(pcap_fileno(live->handle), SOL_SOCKET, SO_ATTACH_FILTER,
			      &program, sizeof program)
			      ? LIVE_OVER
			      : LIVE_DRAINING;
}

/* Waits for packets, for source_stop(), or so long; whether there may be packets. */
static bool
live_wait(struct source_live *live, int timeout_ms)
{
	struct pollfd events[] = {
		{.fd = live->fd, .events = POLLIN},
		{.fd = live->state == LIVE_RUNNING ? live->stop_fd : -1,
			.events = POLLIN},
	};
	int ready = poll(events, 2, timeout_ms);

	if (ready > 0 && events[1].revents)
		live_silence(live);
	return ready < 0 || (ready > 0 && events[0].revents) || live->fd < 0;
}

static int
live_timeout_ms(const struct source_live *live, int64_t now_ns)
{
	int64_t left_ms = (live->deadline_ns - now_ns) / NS_PER_MS + 1;
	int64_t most_ms = live->fd < 0 ? BATCH_MS : TICK_MS;

	return (int)(left_ms < most_ms ? left_ms : most_ms);
}

/* What has to be done from time to time, however busy or idle the interface is. */
static void
live_check(struct source_live *live, bool is_idle)
{
	int64_t now_ns = clock_ns();

	live->since_check = 0;
	if (is_idle)
		idle_look(live->idle);
	if (now_ns - live->statistics_ns > STATISTICS_NS) {
		live->statistics_ns = now_ns;
		live_count(live);
	}
	if (now_ns >= live->deadline_ns)
		live_silence(live);
	else
		live_wait(live, is_idle ? live_timeout_ms(live, now_ns) : 0);
}

static void
live_packet(const struct source_live *live, struct packet *packet,
	const struct pcap_pkthdr *header, const uint8_t *octets)
{
	packet->ts_ns = header->ts.tv_sec * CONFIG_S_NS +
			header->ts.tv_usec * (live->is_ns ? 1 : 1000);
	packet->data = slice_of(octets, header->caplen);
	packet->wire_bytes = header->len > header->caplen ? header->len : header->caplen;
	packet->source = 0;
	packet->frame = live->info.packets + 1;
	packet->link_type = live->link_type;
	packet->fcs_bytes = 0;
}

static int
live_broken(struct source_live *live, struct err *err)
{
	bool was_running = live->state == LIVE_RUNNING;

	live->state = LIVE_OVER;
	if (!was_running)
		return 0;
	snprintf(live->info.trouble, sizeof live->info.trouble, "%s",
		pcap_geterr(live->handle));
	return err_set(err, EXIT_CAPTURE, "%s: %s", live->info.path, live->info.trouble);
}

int
source_live_next(struct source_live *live, struct packet *packet, struct err *err)
{
	while (live->state != LIVE_OVER) {
		struct pcap_pkthdr *header;
		const uint8_t *octets;
		int got;

		if (live->since_check++ == CHECK_PACKETS && live->state == LIVE_RUNNING)
			live_check(live, false);
		got = pcap_next_ex(live->handle, &header, &octets);
		if (got == 1) {
			live_packet(live, packet, header, octets);
			return 1;
		}
		if (got < 0)
			return live_broken(live, err);
		if (live->state == LIVE_RUNNING)
			live_check(live, true);
		else if (!live_wait(live, DRAIN_MS))
			live->state = LIVE_OVER;
	}
	return 0;
}
