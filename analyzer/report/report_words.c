#include "analyzer/report/report_words.h"

enum {
	NAMED_COLUMNS = 64 /* of a path within a sentence */
};

bool
report_has_http(const struct report *report)
{
	return report->tally->http.requests || report->tally->http.responses;
}

int64_t
report_captured_ns(const struct report *report)
{
	return report->counters->last_ns - report->counters->first_ns - report->gap_ns;
}

const char *
report_plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

static void
put_files(struct out *words, const struct report *report)
{
	size_t failed = 0;

	for (size_t i = 0; i < report->source_count; i++)
		failed += report->sources[i].failed;
	out_format(words, "%zu files", report->source_count);
	if (failed)
		out_format(words, ", %zu unreadable", failed);
}

void
report_subject(struct out *words, const struct report *report, unsigned columns)
{
	const char *path = report->source_count ? report->sources[0].path : "";

	if (report->source_count == 1)
		text_clip(words, slice_of(path, strlen(path)), columns);
	else
		put_files(words, report);
}

void
report_extent(struct out *words, const struct report *report, const char *gap)
{
	const struct counters *c = report->counters;

	if (c->packets)
		out_format(words, "%s%s%s%s%s packets",
			text_duration(report_captured_ns(report)).s, gap,
			text_bytes(c->frame_octets).s, gap, text_count(c->packets).s);
	else
		out_text(words, "no packets");
}

void
report_saved(struct out *words, const struct tally *tally)
{
	uint64_t unknown = tally->saved.count[SAVING_UNKNOWN];

	if (unknown && !tally_saved_known(tally))
		out_text(words, "unknown savings by 304s");
	else
		out_format(words, "%s%s saved by 304s", unknown ? "at least " : "",
			text_bytes(tally_saved_octets(tally)).s);
}

void
report_no_http(struct out *words, const struct report *report)
{
	const struct counters *c = report->counters;

	out_text(words, "No HTTP/1.x was found");
	if (!c->flows)
		out_text(words, ": there is no TCP connection with data in it.");
	else
		out_format(words, " in %s connection%s.%s", text_count(c->flows).s,
			report_plural(c->flows),
			c->flows_not_http
				? " What is encrypted (HTTPS) stays unreadable here: "
				  "capture behind the TLS end point, or on the "
				  "server's loop-back side."
				: "");
}

const char *
report_exactness(const struct report *report)
{
	return report_is_exact(report) ? "figures are exact for what was captured"
				       : "figures are lower bounds";
}

void
report_completeness(struct out *words, const struct report *report)
{
	const struct tally_http *http = &report->tally->http;
	const struct counters *c = report->counters;
	uint64_t whole = http->requests - http->unanswered - http->incomplete;

	out_format(words,
		"%s of %s exchanges complete (%s) · %s connection%s, %s without HTTP",
		text_count(whole).s, text_count(http->requests).s,
		text_share(whole, http->requests).s, text_count(c->flows).s,
		report_plural(c->flows), text_count(c->flows_not_http).s);
	if (report->kernel_dropped >= 0)
		out_format(words, " · %s packets dropped by the kernel",
			text_count((uint64_t)report->kernel_dropped).s);
}

void
report_troubles(const struct report *report, report_warning *warning, void *context)
{
	for (size_t i = 0; i < report->source_count; i++) {
		const struct report_source *source = &report->sources[i];
		struct out words;

		if (!source->trouble || !*source->trouble)
			continue;
		out_init_memory(&words);
		text_clip(&words, slice_of(source->path, strlen(source->path)),
			NAMED_COLUMNS);
		out_text(&words, ": ");
		text_safe(&words, slice_of(source->trouble, strlen(source->trouble)));
		out_octet(&words, '\0');
		warning(context, (const char *)words.buffer);
		out_fini(&words);
	}
}
