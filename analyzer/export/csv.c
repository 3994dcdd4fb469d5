#include "analyzer/export/csv.h"

#include "analyzer/base/text.h"
#include "analyzer/export/measure.h"

/* ---- cells ---- */

/* What spreadsheets take for a formula; the last four are the same, in full width. */
static bool
is_formula(struct slice text)
{
	static const struct slice marks[] = {
		SLICE_INIT("="),
		SLICE_INIT("+"),
		SLICE_INIT("-"),
		SLICE_INIT("@"),
		SLICE_INIT("\t"),
		SLICE_INIT("\r"),
		SLICE_INIT("\xEF\xBC\x9D"),
		SLICE_INIT("\xEF\xBC\x8B"),
		SLICE_INIT("\xEF\xBC\x8D"),
		SLICE_INIT("\xEF\xBC\xA0"),
	};

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (slice_has_prefix(text, marks[i]))
			return true;
	return false;
}

static bool
needs_quotes(struct slice text)
{
	for (size_t i = 0; i < text.n; i++)
		if (strchr(",\"\r\n", text.at[i]) && text.at[i])
			return true;
	return false;
}

static void
put_quoted(struct out *out, struct slice text)
{
	out_octet(out, '"');
	for (size_t i = 0; i < text.n; i++) {
		if (text.at[i] == '"')
			out_octet(out, '"');
		out_octet(out, text.at[i]);
	}
	out_octet(out, '"');
}

/* Text without controls but the ends of its own lines. */
static void
put_cell(struct out *out, struct slice text)
{
	struct out guarded;

	out_init_memory(&guarded);
	if (is_formula(text))
		out_octet(&guarded, '\'');
	out_slice(&guarded, text);
	text = out_contents(&guarded);
	if (needs_quotes(text))
		put_quoted(out, text);
	else
		out_slice(out, text);
	out_fini(&guarded);
}

void
csv_text(struct out *out, struct slice text)
{
	struct out safe;

	out_init_memory(&safe);
	text_safe(&safe, text);
	put_cell(out, out_contents(&safe));
	out_fini(&safe);
}

/* Texts one below the other, "706..708" of two frames. */
static void
put_array(struct out *out, const struct jsonvalue *array)
{
	const struct jsonvalue *item = array->first;
	struct out cell;

	out_init_memory(&cell);
	for (; item; item = item->next) {
		if (item->type == JSONVALUE_STRING) {
			text_safe(&cell, item->text);
			out_text(&cell, item->next ? "\n" : "");
		} else if (item->type == JSONVALUE_INTEGER) {
			out_format(&cell, "%lld%s", (long long)item->integer,
				item->next ? ".." : "");
		}
	}
	put_cell(out, out_contents(&cell));
	out_fini(&cell);
}

static void
put_value(struct out *out, const struct jsonvalue *value)
{
	struct json json;

	if (!value || value->type == JSONVALUE_NULL || value->type == JSONVALUE_OBJECT)
		return;
	if (value->type == JSONVALUE_STRING) {
		csv_text(out, value->text);
	} else if (value->type == JSONVALUE_ARRAY) {
		put_array(out, value);
	} else {
		json_init(&json, out, false);
		jsonvalue_write(&json, value);
	}
}

static void
end_row(struct out *out)
{
	out_text(out, "\r\n");
}

/* ---- tables that are lists of rows in the report ---- */

struct column {
	const char *name;
	const char *place; /* in the row; NULL: the name */
};

/* Those of the tables by host, URL and so on. */
static const struct column key_columns[] = {
	{"key", NULL},
	{"exchanges", NULL},
	{"octets", NULL},
	{"R1_num", "R1/num"},
	{"R1_den", "R1/den"},
	{"R3_num", "R3/num"},
	{"R3_den", "R3/den"},
	{"R6_num", "R6/num"},
	{"R6_den", "R6/den"},
	{"echo_num", "echo/num"},
	{"echo_den", "echo/den"},
	{"saved", NULL},
	{"T1", NULL},
	{"T2", NULL},
	{"T3", NULL},
	{"wait_p50_us", NULL},
	{"width_us", NULL},
	{"error", NULL},
	{"others", NULL},
	{"robot", NULL},
	{NULL, NULL},
};

static const struct column finding_columns[] = {
	{"rule", NULL},
	{"kind", NULL},
	{"severity", NULL},
	{"confidence", NULL},
	{"tentative", NULL},
	{"fault", NULL},
	{"rfc", NULL},
	{"count", NULL},
	{"octets", NULL},
	{"resource", NULL},
	{"server", NULL},
	{"client", NULL},
	{"first_us", "first/ts_us"},
	{"last_us", NULL},
	{"source", "first/source"},
	{"request_frames", "first/request_frames"},
	{"response_frames", "first/response_frames"},
	{"flow", "first/flow"},
	{"filter", "first/filter"},
	{"note", "first/note"},
	{NULL, NULL},
};

static const struct column fix_columns[] = {
	{"class", NULL},
	{"cause", NULL},
	{"octets_T1", NULL},
	{"octets_T2", NULL},
	{"octets_T3", NULL},
	{"exchanges", NULL},
	{"resources", NULL},
	{"requests_avoided", NULL},
	{"wait_avoided_us", "time/wait_avoided_us"},
	{"share_num", "share/num"},
	{"share_den", "share/den"},
	{"name", NULL},
	{"fix", NULL},
	{"lines", NULL},
	{"unknown", NULL},
	{"source", "example/source"},
	{"request_frames", "example/request_frames"},
	{"response_frames", "example/response_frames"},
	{"mind", NULL},
	{NULL, NULL},
};

static void write_summary(struct out *out, const struct jsonvalue *report);
static void write_waste(struct out *out, const struct jsonvalue *report);

static const struct table {
	const char *name;
	const char *rows; /* in the report */
	const struct column *columns;
	void (*write)(struct out *out, const struct jsonvalue *report); /* or this */
} tables[] = {
	[CSV_SUMMARY] = {"summary", NULL, NULL, write_summary},
	{"waste", NULL, NULL, write_waste},
	{"findings", "findings", finding_columns, NULL},
	{"fixes", "fixes", fix_columns, NULL},
	{"host", "tables/host", key_columns, NULL},
	{"url", "tables/url", key_columns, NULL},
	{"type", "tables/type", key_columns, NULL},
	{"client", "tables/client", key_columns, NULL},
	{"server", "tables/server", key_columns, NULL},
	{"agent", "tables/agent", key_columns, NULL},
	{"time", "tables/time", key_columns, NULL},
	{"class", "tables/class", key_columns, NULL},
	{"outcome", "tables/outcome", key_columns, NULL},
	{"form", "tables/form", key_columns, NULL},
	{"claim", "tables/claim", key_columns, NULL},
	{"robot", "tables/robot", key_columns, NULL},
};

static void
write_rows(struct out *out, const struct jsonvalue *row, const struct column *columns)
{
	for (const struct column *c = columns; c->name; c++)
		out_format(out, "%s%s", c == columns ? "" : ",", c->name);
	end_row(out);
	for (row = row ? row->first : NULL; row; row = row->next) {
		for (const struct column *c = columns; c->name; c++) {
			if (c != columns)
				out_octet(out, ',');
			put_value(out, measure_place(row, c->place ? c->place : c->name));
		}
		end_row(out);
	}
}

/* ---- tables of their own form ---- */

static const char *
unit_of(enum measure_kind kind)
{
	static const char *const units[] = {[MEASURE_SHARE] = "of cases",
		[MEASURE_OCTET_SHARE] = "of octets",
		[MEASURE_OCTETS] = "octets",
		[MEASURE_COUNT] = "",
		[MEASURE_TIME] = "us",
		[MEASURE_QUANTILE] = "us"};

	return units[kind];
}

static void
write_summary(struct out *out, const struct jsonvalue *report)
{
	const struct measure *measure;

	out_text(out, "name,value,num,den,unit,what");
	end_row(out);
	for (size_t i = 0; (measure = measure_at(i)); i++) {
		const struct jsonvalue *value = measure_place(report, measure->place);
		bool is_rate = measure_is_rate(measure);

		out_format(out, "%s,", measure->name);
		put_value(out, is_rate ? jsonvalue_get(value, "value") : value);
		out_octet(out, ',');
		put_value(out, is_rate ? jsonvalue_get(value, "num") : NULL);
		out_octet(out, ',');
		put_value(out, is_rate ? jsonvalue_get(value, "den") : NULL);
		out_format(out, ",%s,", unit_of(measure->kind));
		csv_text(out, slice_of(measure->what, strlen(measure->what)));
		end_row(out);
	}
}

/* Octets by class and tier. */
static void
write_waste(struct out *out, const struct jsonvalue *report)
{
	const struct jsonvalue *tier = measure_place(report, "metrics/waste"), *class;

	out_text(out, "tier,class,octets");
	end_row(out);
	for (tier = tier ? tier->first : NULL; tier; tier = tier->next)
		for (class = tier->first; class; class = class->next) {
			csv_text(out, tier->key);
			out_octet(out, ',');
			csv_text(out, class->key);
			out_octet(out, ',');
			put_value(out, class);
			end_row(out);
		}
}

const char *
csv_table_name(size_t table)
{
	return table < sizeof tables / sizeof *tables ? tables[table].name : NULL;
}

void
csv_write(struct out *out, const struct jsonvalue *report, size_t table)
{
	const struct table *t = &tables[table];

	if (t->write)
		t->write(out, report);
	else
		write_rows(out, measure_place(report, t->rows), t->columns);
}
