// room: ct_report
/* Cells of the page: what they say, and what they sort by. */
#include "analyzer/report/html_parts.h"

#include "tests/lib/rows.h"

struct row {
	const char *name;
	int64_t ns;
	const char *cell;
};

static const struct row durations[] = {
	{"some time", 1500000, "\n<td class=\"n\" data-v=\"1500000\">1.50 ms</td>"},
	{"none", 0, "\n<td class=\"n\" data-v=\"0\">0.00 ms</td>"},
	{"clocks went back: less than none", -1500000,
		"\n<td class=\"n\" data-v=\"-1500000\">-1.50 ms</td>"},
};

static void
is_cell(void **state)
{
	const struct row *row = *state;
	struct html html;
	struct out out;

	out_init_memory(&out);
	html_init(&html, &out);
	html_cell_duration(&html, row->ns);
	rows_assert_slice(out_contents(&out), row->cell);
	html_fini(&html);
	out_fini(&out);
}

int
main(int argc, char **argv)
{
	rows_filter(argc, argv);
	return ROWS_RUN(durations, is_cell);
}
