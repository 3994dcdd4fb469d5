/* fix_list - the rows of fix.def that have lines to paste, a JSON object a line */
#include "analyzer/base/json.h"
#include "analyzer/ledger/fix.h"

static void
put_row(struct out *out, const struct fix *fix)
{
	struct json json;

	json_init(&json, out, false);
	json_object(&json);
	json_put_text(&json, "name", fix->name);
	json_put_text(&json, "class", waste_name(fix->class));
	json_put_text(&json, "cause",
		fix->cause == FIX_CAUSE_ANY ? NULL
					    : cause_name((enum waste_cause)fix->cause));
	json_put_text(&json, "party", fix_party_name(fix->party));
	json_put_text(&json, "lines", fix->lines);
	json_end(&json);
	out_octet(out, '\n');
}

int
main(void)
{
	struct out out;
	struct err err;
	int failed;

	out_init(&out, 1, "standard output");
	for (size_t i = 0; i < fix_count(); i++)
		if (*fix_at(i)->lines)
			put_row(&out, fix_at(i));
	failed = out_finish(&out, &err);
	out_fini(&out);
	return failed ? EXIT_OUTPUT : 0;
}
