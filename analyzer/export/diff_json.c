#include "analyzer/export/diff.h"

static const char *const sides[] = {"before", "after"};

static void
put_rate(struct json *json, const char *key, const struct measured *m)
{
	json_key(json, key);
	json_object_inline(json);
	json_put_uint(json, "num", m->num);
	json_put_uint(json, "den", m->den);
	json_key(json, "value");
	if (m->known && m->den)
		json_double(json, (double)m->num / (double)m->den);
	else
		json_null(json);
	json_end(json);
}

static void
put_line(struct json *json, const struct diff_line *line)
{
	json_object(json);
	json_put_octets(json, "name", line->name);
	for (unsigned side = 0; side < DIFF_SIDES; side++)
		put_rate(json, sides[side], &line->sides[side]);
	json_put_text(json, "verdict", diff_verdict_name(line->verdict));
	json_put_bool(json, "tested", line->is_tested);
	json_end(json);
}

static void
put_lines(struct json *json, const char *key, const struct diff_line *lines, size_t count)
{
	json_key(json, key);
	json_array(json);
	for (size_t i = 0; i < count; i++)
		put_line(json, &lines[i]);
	json_end(json);
}

static void
put_found(struct json *json, const struct found *found)
{
	json_object_inline(json);
	json_put_octets(json, "rule", found->rule);
	json_key(json, "kind");
	if (found->kind.at)
		json_octets(json, found->kind);
	else
		json_null(json);
	json_put_text(json, "severity", severity_name(found->severity));
	json_put_text(json, "confidence", confidence_name(found->confidence));
	json_put_uint(json, "count", found->count);
	json_put_uint(json, "octets", found->octets);
	if (found->by.n) {
		json_key_octets(json, found->by);
		json_octets(json, found->subject);
	}
	json_end(json);
}

static void
put_only_in(struct json *json, const char *key, const struct diff *diff, unsigned side)
{
	const struct found_list *list = &diff->findings[side];

	json_key(json, key);
	json_array(json);
	for (size_t i = 0; i < list->count; i++)
		if (diff_is_only_in(diff, side, &list->items[i]))
			put_found(json, &list->items[i]);
	json_end(json);
}

static void
put_sides(struct json *json, const struct diff *diff)
{
	for (unsigned side = 0; side < DIFF_SIDES; side++) {
		const struct jsonvalue *report = diff->reports[side];

		json_key(json, sides[side]);
		json_object_inline(json);
		json_put_text(json, "path", diff->names[side]);
		json_put_uint(json, "requests", measure_integer(report, "http/requests"));
		json_put_uint(
			json, "octets", measure_integer(report, "metrics/octets/total"));
		json_end(json);
	}
}

void
diff_json(struct out *out, const struct diff *diff)
{
	struct json json;

	json_init(&json, out, true);
	json_object(&json);
	json_put_text(&json, "schema", "cachetap-diff/1");
	put_sides(&json, diff);
	json_put_text(&json, "verdict", diff_verdict_name(diff->verdict));
	json_put_bool(&json, "comparable", !diff->reason_count);
	json_key(&json, "reasons");
	json_array(&json);
	for (size_t i = 0; i < diff->reason_count; i++)
		json_text(&json, diff->reasons[i]);
	json_end(&json);
	put_lines(&json, "rates", diff->rates, diff->rate_count);
	put_lines(&json, "waste", diff->classes, diff->class_count);
	json_key(&json, "findings");
	json_object(&json);
	put_only_in(&json, "new", diff, DIFF_AFTER);
	put_only_in(&json, "gone", diff, DIFF_BEFORE);
	json_end(&json);
	json_end(&json);
	out_octet(out, '\n');
}
