#define _DEFAULT_SOURCE /* the BSD types in pcap.h */

#include "analyzer/capture/filter.h"

#include "analyzer/base/mem.h"
#include "parsers/link.h"

#include <pcap/pcap.h>

enum {
	PROGRAMS_MAX = 32,
	FILTER_SNAPLEN_BYTES = 262144,
};

struct filter_program {
	unsigned link_type;
	bool applies;
	struct bpf_program bpf;
};

struct filter {
	const char *expression;
	size_t count;
	struct filter_program *last; /* one link type is the rule */
	struct filter_program programs[PROGRAMS_MAX];
};

static const struct {
	unsigned link_type;
	int dlt;
} numbers[] = {
	{LINK_TYPE_RAW, DLT_RAW},
	{LINK_TYPE_RAW_BSD, DLT_RAW},
	{LINK_TYPE_RAW_OPENBSD, DLT_RAW},
	{LINK_TYPE_LOOP, DLT_LOOP},
};

static int
dlt_of_link_type(unsigned link_type)
{
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		if (numbers[i].link_type == link_type)
			return numbers[i].dlt;
	return (int)link_type;
}

unsigned
filter_link_type_of_dlt(int dlt)
{
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		if (numbers[i].dlt == dlt)
			return numbers[i].link_type;
	return (unsigned)dlt;
}

static int
filter_error(struct err *err, const char *expression, const char *why)
{
	err_set(err, EXIT_USAGE, "capture filter \"%s\": %s", expression, why);
	return err_hint(err, "man pcap-filter, for example: -f 'tcp port 80'");
}

/* err: NULL where a failure is no error, but a link type without matches. */
static bool
program_compile(struct filter_program *program, const char *expression, struct err *err)
{
	pcap_t *dead = pcap_open_dead(
		dlt_of_link_type(program->link_type), FILTER_SNAPLEN_BYTES);

	program->applies = dead && pcap_compile(dead, &program->bpf, expression, 1,
					   PCAP_NETMASK_UNKNOWN) == 0;
	if (!program->applies && err)
		filter_error(err, expression, dead ? pcap_geterr(dead) : "no memory");
	if (dead)
		pcap_close(dead);
	return program->applies;
}

static struct filter_program *
filter_program(struct filter *filter, unsigned link_type)
{
	struct filter_program *program;

	if (filter->last && filter->last->link_type == link_type)
		return filter->last;
	for (size_t i = 0; i < filter->count; i++)
		if (filter->programs[i].link_type == link_type)
			return filter->last = &filter->programs[i];
	if (filter->count == PROGRAMS_MAX)
		return NULL;
	program = &filter->programs[filter->count++];
	program->link_type = link_type;
	program_compile(program, filter->expression, NULL);
	return filter->last = program;
}

int
filter_new(struct filter **filter, const char *expression, struct err *err)
{
	static const unsigned common[] = {LINK_TYPE_SLL, LINK_TYPE_SLL2, LINK_TYPE_NULL,
		LINK_TYPE_LOOP, LINK_TYPE_RAW, LINK_TYPE_IPV4, LINK_TYPE_IPV6,
		DLT_IEEE802_11, DLT_IEEE802_11_RADIO};
	struct filter *new = mem_alloc(sizeof *new);
	bool applies;

	new->expression = expression;
	new->count = 1;
	new->programs[0].link_type = LINK_TYPE_ETHERNET;
	applies = program_compile(&new->programs[0], expression, err);
	for (size_t i = 0; i < sizeof common / sizeof *common; i++)
		applies |= filter_program(new, common[i])->applies;
	if (!applies) {
		filter_free(&new);
		return -1;
	}
	*filter = new;
	return 0;
}

void
filter_free(struct filter **filter)
{
	if (!*filter)
		return;
	for (size_t i = 0; i < (*filter)->count; i++)
		if ((*filter)->programs[i].applies)
			pcap_freecode(&(*filter)->programs[i].bpf);
	mem_free(*filter);
	*filter = NULL;
}

bool
filter_applies(struct filter *filter, unsigned link_type)
{
	const struct filter_program *program = filter_program(filter, link_type);

	return program && program->applies;
}

bool
filter_matches(struct filter *filter, const struct packet *packet)
{
	const struct filter_program *program = filter_program(filter, packet->link_type);
	struct pcap_pkthdr header = {
		.caplen = (bpf_u_int32)packet->data.n,
		.len = packet->wire_bytes,
	};

	return program && program->applies &&
	       pcap_offline_filter(&program->bpf, &header, packet->data.at) != 0;
}

int
filter_attach(struct pcap *handle, const char *expression, struct err *err)
{
	struct bpf_program bpf;
	int result;

	if (pcap_compile(handle, &bpf, expression, 1, PCAP_NETMASK_UNKNOWN))
		return filter_error(err, expression, pcap_geterr(handle));
	result = pcap_setfilter(handle, &bpf);
	pcap_freecode(&bpf);
	return result ? filter_error(err, expression, pcap_geterr(handle)) : 0;
}
