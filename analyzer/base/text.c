#include "analyzer/base/text.h"

#include "analyzer/base/utf8.h"

#include <inttypes.h>
#include <stdio.h>

/* One character as it may be printed. */
struct glyph {
	struct slice from;
	unsigned columns;
	bool safe;
};

static struct glyph
next_glyph(struct slice s)
{
	uint32_t code;
	size_t n = utf8_next(s, &code);

	if (!n)
		return (struct glyph){slice_part(s, 0, 1), 4, false};
	if (utf8_is_unsafe(code))
		return (struct glyph){slice_part(s, 0, n), 4 * (unsigned)n, false};
	return (struct glyph){slice_part(s, 0, n), utf8_columns(code), true};
}

static void
put_glyph(struct out *out, struct glyph g)
{
	if (g.safe) {
		out_slice(out, g.from);
		return;
	}
	for (size_t i = 0; i < g.from.n; i++)
		out_format(out, "\\x%02X", g.from.at[i]);
}

void
text_safe(struct out *out, struct slice octets)
{
	while (octets.n) {
		struct glyph g = next_glyph(octets);

		put_glyph(out, g);
		octets = slice_from(octets, g.from.n);
	}
}

unsigned
text_columns(struct slice octets)
{
	unsigned columns = 0;

	while (octets.n) {
		struct glyph g = next_glyph(octets);

		columns += g.columns;
		octets = slice_from(octets, g.from.n);
	}
	return columns;
}

/* The glyphs whose columns lie in [begin, end); how many columns they take. */
static unsigned
put_columns(struct out *out, struct slice s, unsigned begin, unsigned end)
{
	unsigned at = 0, used = 0;

	while (s.n && at < end) {
		struct glyph g = next_glyph(s);

		if (at >= begin && at + g.columns <= end) {
			put_glyph(out, g);
			used += g.columns;
		}
		at += g.columns;
		s = slice_from(s, g.from.n);
	}
	return used;
}

unsigned
text_clip(struct out *out, struct slice octets, unsigned columns)
{
	unsigned all = text_columns(octets), tail, used;

	if (all <= columns)
		return put_columns(out, octets, 0, all);
	if (columns < 8)
		return put_columns(out, octets, 0, columns);
	tail = columns / 3;
	used = put_columns(out, octets, 0, columns - 1 - tail);
	out_text(out, "…");
	return used + 1 + put_columns(out, octets, all - tail, all);
}

struct text
text_count(uint64_t number)
{
	char digits[24];
	struct text text;
	int n = snprintf(digits, sizeof digits, "%" PRIu64, number), at = 0;

	for (int i = 0; i < n; i++) {
		if (i && (n - i) % 3 == 0)
			text.s[at++] = ',';
		text.s[at++] = digits[i];
	}
	text.s[at] = '\0';
	return text;
}

struct text
text_bytes(uint64_t bytes)
{
	static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
	unsigned unit = 0;
	uint64_t divisor = 1;
	double value;
	struct text text;

	while (unit < 6 && bytes / divisor >= 1000) {
		divisor *= 1000;
		unit++;
	}
	value = (double)bytes / (double)divisor;
	if (unit && unit < 6 && value >= 999.5) {
		value /= 1000;
		unit++;
	}
	snprintf(text.s, sizeof text.s, "%.*f %s",
		!unit || value >= 99.95 ? 0
		: value >= 9.995	? 1
					: 2,
		value, units[unit]);
	return text;
}

struct text
text_share(uint64_t num, uint64_t den)
{
	struct text text = {"n/a"};

	if (!den)
		return text;
	snprintf(text.s, sizeof text.s, "%.1f %%", 100.0 * (double)num / (double)den);
	/* Almost all is not all, almost nothing is not nothing. */
	if (num && num < den && strcmp(text.s, "100.0 %") == 0)
		return (struct text){"> 99.9 %"};
	if (num && strcmp(text.s, "0.0 %") == 0)
		return (struct text){"< 0.1 %"};
	return text;
}

struct text
text_duration(int64_t ns)
{
	double s = (double)ns / 1e9;
	int64_t whole = (ns + 500000000) / 1000000000;
	struct text text;

	if (s < 0.9995)
		snprintf(text.s, sizeof text.s,
			s < 0.00995  ? "%.2f ms"
			: s < 0.0995 ? "%.1f ms"
				     : "%.0f ms",
			s * 1e3);
	else if (whole < 60)
		snprintf(text.s, sizeof text.s, "%.1f s", s);
	else if (whole < 3600)
		snprintf(text.s, sizeof text.s, "%" PRId64 " min %02" PRId64 " s",
			whole / 60, whole % 60);
	else if (whole < 2 * 86400)
		snprintf(text.s, sizeof text.s, "%" PRId64 " h %02" PRId64 " min",
			whole / 3600, whole % 3600 / 60);
	else
		snprintf(text.s, sizeof text.s, "%" PRId64 " d %" PRId64 " h",
			whole / 86400, whole % 86400 / 3600);
	return text;
}

/* In the largest unit that leaves no rest. */
struct text
text_lifetime(int64_t seconds)
{
	static const struct {
		int64_t s;
		const char *name;
	} units[] = {{365 * 86400, "y"}, {86400, "d"}, {3600, "h"}, {60, "min"}};
	struct text text;

	for (unsigned i = 0; i < sizeof units / sizeof *units; i++)
		if (seconds >= units[i].s && seconds % units[i].s == 0) {
			snprintf(text.s, sizeof text.s, "%" PRId64 " %s",
				seconds / units[i].s, units[i].name);
			return text;
		}
	snprintf(text.s, sizeof text.s, "%" PRId64 " s", seconds);
	return text;
}
