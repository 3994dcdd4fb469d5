#include "analyzer/export/prom.h"

#include "analyzer/base/text.h"
#include "analyzer/export/found.h"
#include "analyzer/export/measure.h"

#include <stdio.h>

static void
begin_family(struct out *out, const char *name, const char *type, const char *help)
{
	out_format(out, "# HELP cachetap_%s %s\n# TYPE cachetap_%s %s\n", name, help,
		name, type);
}

/* Nothing that a terminal should not see, and what the format wants escaped. */
void
prom_label(struct out *out, struct slice value)
{
	struct out safe;
	struct slice text;

	out_init_memory(&safe);
	text_safe(&safe, value);
	text = out_contents(&safe);
	for (size_t i = 0; i < text.n; i++) {
		if (text.at[i] == '\\' || text.at[i] == '"')
			out_octet(out, '\\');
		out_octet(out, text.at[i]);
	}
	out_fini(&safe);
}

static void
put_sample(struct out *out, const char *name, const char *label, struct slice value,
	uint64_t number)
{
	out_format(out, "cachetap_%s{%s=\"", name, label);
	prom_label(out, value);
	out_format(out, "\"} %llu\n", (unsigned long long)number);
}

static void
put_seconds(struct out *out, uint64_t us)
{
	out_format(out, "%llu.%06llu\n", (unsigned long long)(us / 1000000),
		(unsigned long long)(us % 1000000));
}

/* ---- the numbers of measure.def ---- */

static void
put_number(struct out *out, const struct measure *measure, const char *suffix,
	const char *help, uint64_t number)
{
	char name[80], text[160];

	snprintf(name, sizeof name, "%s_%s", measure->name, suffix);
	snprintf(text, sizeof text, "%s%s", measure->what, help);
	begin_family(out, name, "counter", text);
	out_format(out, "cachetap_%s %llu\n", name, (unsigned long long)number);
}

static void
put_time(struct out *out, const struct measure *measure, bool is_sum, uint64_t us)
{
	char name[80];

	snprintf(
		name, sizeof name, "%s_seconds%s", measure->name, is_sum ? "_total" : "");
	begin_family(out, name, is_sum ? "counter" : "gauge", measure->what);
	out_format(out, "cachetap_%s ", name);
	put_seconds(out, us);
}

static void
put_measure(struct out *out, const struct measure *measure, struct measured m)
{
	switch (measure->kind) {
	case MEASURE_SHARE:
		put_number(out, measure, "hits_total", ": hits", m.num);
		put_number(out, measure, "cases_total", ": cases", m.den);
		break;
	case MEASURE_OCTET_SHARE:
		put_number(out, measure, "part_bytes_total", ": the part", m.num);
		put_number(out, measure, "whole_bytes_total", ": the whole", m.den);
		break;
	case MEASURE_OCTETS:
		put_number(out, measure, "bytes_total", "", m.num);
		break;
	case MEASURE_COUNT:
		put_number(out, measure, "total", "", m.num);
		break;
	case MEASURE_TIME:
	case MEASURE_QUANTILE:
		put_time(out, measure, measure->kind == MEASURE_TIME, m.num);
	}
}

static void
put_measures(struct out *out, const struct jsonvalue *report)
{
	const struct measure *measure;

	for (size_t i = 0; (measure = measure_at(i)); i++) {
		struct measured m = measure_of(measure, report);

		if (m.known || (measure_is_rate(measure) &&
				       measure_place(report, measure->place)))
			put_measure(out, measure, m);
	}
}

/* ---- objects whose keys are labels ---- */

struct family {
	const char *name, *label, *place, *help;
};

static void
put_families(struct out *out, const struct jsonvalue *report)
{
	static const struct family families[] = {
		{"http_requests_total", "method", "http/by_method", "requests"},
		{"http_responses_total", "status", "http/by_status", "final answers"},
		{"exchanges_total", "outcome", "metrics/outcomes",
			"what exchanges came to"},
		{"saved_by_source_bytes_total", "source", "metrics/saved/by_source",
			"octets that 304s saved, by what tells how many"},
		{"evictions_total", "table", "quality/evictions",
			"entries given up to stay within the memory budget"},
	};

	for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
		const struct family *f = &families[i];
		const struct jsonvalue *value = measure_place(report, f->place);

		value = value ? value->first : NULL;
		if (value)
			begin_family(out, f->name, "counter", f->help);
		for (; value; value = value->next)
			put_sample(out, f->name, f->label, value->key,
				(uint64_t)value->integer);
	}
}

static void
put_waste(struct out *out, const struct jsonvalue *report)
{
	const struct jsonvalue *tier = measure_place(report, "metrics/waste"), *class;

	begin_family(out, "waste_bytes_total", "counter",
		"octets wasted by class and evidence: T1 proven, T2 likely, T3 "
		"avoidable");
	for (tier = tier ? tier->first : NULL; tier; tier = tier->next)
		for (class = tier->first; class; class = class->next) {
			out_text(out, "cachetap_waste_bytes_total{class=\"");
			prom_label(out, class->key);
			out_text(out, "\",tier=\"");
			prom_label(out, tier->key);
			out_format(out, "\"} %lld\n", (long long)class->integer);
		}
}

/* ---- hosts ---- */

enum host_number {
	HOST_EXCHANGES,
	HOST_OCTETS,
	HOST_CONDITIONAL,
	HOST_NOT_MODIFIED,
	HOST_SAVED,
	HOST_PROVEN,
	HOST_LIKELY,
	HOST_AVOIDABLE,
	HOST_NUMBERS
};

static const struct {
	const char *name, *place, *help;
} host_families[] = {
	[HOST_EXCHANGES] = {"host_exchanges_total", "exchanges", "exchanges"},
	[HOST_OCTETS] = {"host_bytes_total", "octets", "octets of HTTP messages"},
	[HOST_CONDITIONAL] = {"host_conditional_requests_total", "R1/den",
		"conditional requests"},
	[HOST_NOT_MODIFIED] = {"host_conditional_not_modified_total", "R1/num",
		"conditional requests that were answered 304"},
	[HOST_SAVED] = {"host_saved_body_bytes_total", "saved", "octets that 304s saved"},
	[HOST_PROVEN] = {"host_wasted_proven_bytes_total", "T1", "octets wasted, proven"},
	[HOST_LIKELY] = {"host_wasted_likely_bytes_total", "T2", "octets wasted, likely"},
	[HOST_AVOIDABLE] = {"host_avoidable_bytes_total", "T3",
		"octets that policy or design could avoid"},
};

struct host_sum {
	struct slice name;
	uint64_t numbers[HOST_NUMBERS];
};

/* As it will be printed, for names that differ may look the same. */
static struct slice
label_of(const struct jsonvalue *key, struct arena *arena)
{
	struct out safe;
	struct slice label;

	out_init_memory(&safe);
	if (key && key->type == JSONVALUE_STRING)
		text_safe(&safe, key->text);
	label = arena_copy(arena, out_contents(&safe));
	out_fini(&safe);
	return label;
}

/* The sum of that label; of "other" if it is one too many.  The last is "other". */
static struct host_sum *
find_host(struct host_sum *hosts, size_t *count, const struct jsonvalue *row,
	struct arena *arena)
{
	struct slice name = label_of(jsonvalue_get(row, "key"), arena);
	size_t i = 0;

	if (jsonvalue_get(row, "others") || slice_eq(name, hosts[PROM_HOSTS - 1].name))
		return &hosts[PROM_HOSTS - 1];
	while (i < *count && !slice_eq(hosts[i].name, name))
		i++;
	if (i < *count)
		return &hosts[i];
	if (*count == PROM_HOSTS - 1)
		return &hosts[PROM_HOSTS - 1];
	hosts[*count].name = name;
	return &hosts[(*count)++];
}

static void
put_hosts(struct out *out, const struct jsonvalue *report)
{
	const struct jsonvalue *row = measure_place(report, "tables/host");
	struct host_sum hosts[PROM_HOSTS] = {[PROM_HOSTS - 1] = {.name = SLICE("other")}};
	struct arena arena = {0};
	size_t count = 0;

	for (row = row ? row->first : NULL; row; row = row->next) {
		struct host_sum *host = find_host(hosts, &count, row, &arena);

		for (unsigned n = 0; n < HOST_NUMBERS; n++)
			host->numbers[n] += measure_integer(row, host_families[n].place);
	}
	if (hosts[PROM_HOSTS - 1].numbers[HOST_EXCHANGES])
		hosts[count++] = hosts[PROM_HOSTS - 1];
	for (unsigned n = 0; n < HOST_NUMBERS && count; n++) {
		begin_family(
			out, host_families[n].name, "counter", host_families[n].help);
		for (size_t i = 0; i < count; i++)
			put_sample(out, host_families[n].name, "host", hosts[i].name,
				hosts[i].numbers[n]);
	}
	arena_fini(&arena);
}

/* ---- findings ---- */

struct finding_sum {
	const struct found *first;
	uint64_t exchanges;
};

static bool
is_namesake(const struct found *a, const struct found *b)
{
	return slice_eq(a->rule, b->rule) && slice_eq(a->kind, b->kind);
}

static void
put_finding(struct out *out, const struct finding_sum *sum)
{
	out_text(out, "cachetap_findings_total{rule=\"");
	prom_label(out, sum->first->rule);
	out_text(out, "\",kind=\"");
	prom_label(out, sum->first->kind);
	out_format(out, "\",level=\"%s\",confidence=\"%s\"} %llu\n",
		severity_name(sum->first->severity),
		confidence_name(sum->first->confidence),
		(unsigned long long)sum->exchanges);
}

/* Exchanges with a finding, by rule; rules and kinds are a known few. */
static void
put_findings(struct out *out, const struct jsonvalue *report)
{
	struct found_list list;
	struct finding_sum *sums;
	size_t count = 0, first = 0;

	found_list_read(&list, report);
	sums = mem_alloc((list.count + 1) * sizeof *sums);
	for (size_t i = 0; i < list.count; i++) {
		const struct found *found = list.sorted[i];
		size_t at;

		/* Those of one rule and kind stand together. */
		if (!count || !is_namesake(sums[first].first, found))
			first = count;
		for (at = first; at < count; at++)
			if (sums[at].first->severity == found->severity &&
				sums[at].first->confidence == found->confidence)
				break;
		if (at == count)
			sums[count++].first = found;
		sums[at].exchanges += found->count;
	}
	begin_family(out, "findings_total", "counter", "exchanges with a finding");
	for (size_t i = 0; i < count; i++)
		put_finding(out, &sums[i]);
	mem_free(sums);
	found_list_fini(&list);
}

/* ---- the capture ---- */

static void
put_capture(struct out *out, const struct jsonvalue *report)
{
	static const struct {
		const char *name, *place, *help;
	} numbers[] = {
		{"capture_packets_total", "capture/packets", "packets analysed"},
		{"capture_bytes_total", "capture/frame_octets", "octets of their frames"},
		{"flows_total", "capture/flows", "connections"},
		{"damaged_records_total", "quality/packets/damaged_records",
			"records of files that were damaged"},
	};
	const struct jsonvalue *version = measure_place(report, "tool/version");

	begin_family(out, "build_info", "gauge", "the version, as a label");
	put_sample(out, "build_info", "version", version ? version->text : SLICE(""), 1);
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		begin_family(out, numbers[i].name, "counter", numbers[i].help);
		out_format(out, "cachetap_%s %llu\n", numbers[i].name,
			(unsigned long long)measure_integer(report, numbers[i].place));
	}
	begin_family(out, "capture_dropped_packets_total", "counter",
		"packets that were lost before they were seen, live");
	put_sample(out, "capture_dropped_packets_total", "reason", SLICE("kernel"),
		measure_integer(report, "capture/kernel_dropped"));
	put_sample(out, "capture_dropped_packets_total", "reason", SLICE("interface"),
		measure_integer(report, "quality/packets/interface_dropped"));
}

/* Of which time the numbers are: two runs are told apart by it. */
static void
put_times(struct out *out, const struct jsonvalue *report)
{
	static const struct {
		const char *name, *place, *help;
	} times[] = {
		{"capture_first_timestamp_seconds", "capture/first_us",
			"time of the first packet"},
		{"capture_last_timestamp_seconds", "capture/last_us",
			"time of the last packet"},
	};

	for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
		const struct jsonvalue *us = measure_place(report, times[i].place);

		if (!us || us->type != JSONVALUE_INTEGER || us->integer < 0)
			continue;
		begin_family(out, times[i].name, "gauge", times[i].help);
		out_format(out, "cachetap_%s ", times[i].name);
		put_seconds(out, (uint64_t)us->integer);
	}
}

void
prom_write(struct out *out, const struct jsonvalue *report)
{
	put_capture(out, report);
	put_times(out, report);
	put_families(out, report);
	put_waste(out, report);
	put_measures(out, report);
	put_hosts(out, report);
	put_findings(out, report);
}
