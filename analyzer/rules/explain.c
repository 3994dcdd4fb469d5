#include "analyzer/rules/explain.h"

#include "analyzer/rules/explain_waste.h"
#include "analyzer/rules/guess.h"
#include "analyzer/rules/row.h"

#include <string.h>

enum {
	TEXT_COLUMNS = 78
};

/* Software that shows it, what it does, and what to set. */
struct seen {
	enum rule_id rule;
	const char *text;
};

static const struct seen seen[] = {
#define SEEN(rule, software, text) {RULE_##rule, software ": " text},
#include "analyzer/rules/seen.def"
#undef SEEN
};

enum {
	SEEN_COUNT = sizeof seen / sizeof seen[0]
};

void
explain_paragraph(FILE *out, const char *label, const char *text)
{
	struct slice rest = slice_of(text, strlen(text));
	size_t column = (size_t)fprintf(out, "%s", label);

	while (rest.n) {
		size_t end = slice_find(rest, ' ', 0);

		if (column + 1 + end > TEXT_COLUMNS) {
			column = (size_t)fprintf(out, "\n%*s", (int)strlen(label), "") -
				 1;
		}
		column += (size_t)fprintf(
			out, "%s%.*s", " ", (int)end, (const char *)rest.at);
		rest = slice_from(rest, end + 1);
	}
	fputc('\n', out);
}

static const char *
severity_note(const struct row *row)
{
	switch (row->severity) {
	case SEVERITY_VIOLATION:
		return "the clause is broken";
	case SEVERITY_WARNING:
		return "legal perhaps, but almost surely a mistake";
	default:
		return "legal, but it costs";
	}
}

static void
print_example(FILE *out, const char *indent, const char *example)
{
	struct slice rest = slice_of(example, strlen(example));

	while (rest.n) {
		size_t end = slice_find(rest, '\n', 0);

		fprintf(out, "%s%.*s\n", indent, (int)end, (const char *)rest.at);
		rest = slice_from(rest, end + 1);
	}
}

static void
explain_seen(FILE *out, enum rule_id rule)
{
	const char *label = "Seen    ";

	for (size_t i = 0; i < SEEN_COUNT; i++) {
		if (seen[i].rule != rule)
			continue;
		explain_paragraph(out, label, seen[i].text);
		label = "        ";
	}
}

static void
explain_rule(FILE *out, enum rule_id rule)
{
	const struct row *row = row_of(rule);

	fprintf(out, "%s\n%s, %s - %s\n%s\n\n", row->name, severity_name(row->severity),
		confidence_name(row->confidence), severity_note(row), row->rfc);
	explain_paragraph(out, "Raised  ", row->text->what);
	explain_paragraph(out, "Quiet   ", row->text->quiet);
	explain_paragraph(out, "Why     ", row->text->why);
	explain_paragraph(out, "Fix     ", row->text->fix);
	explain_seen(out, rule);
	if (*row->kinds)
		explain_paragraph(out, "Kinds   ", row->kinds);
	if (row_is_off(row) || row_kinds_off(row))
		fprintf(out, "Off      %s by default; --severity %s=%s switches %s on\n",
			row_is_off(row) ? "it is" : "kinds with a - are", row->name,
			severity_name(row->severity), row_is_off(row) ? "it" : "them");
	fputs("\nExample\n", out);
	print_example(out, "  ", row->text->example);
}

static int
explain_nothing(const char *name, struct err *err)
{
	struct guess guess = guess_of(slice_of(name, strlen(name)));

	for (unsigned i = 0; i < RULE_COUNT; i++)
		guess_try(&guess, rule_name(i));
	for (unsigned i = 0; i < WASTE_COUNT; i++)
		guess_try(&guess, waste_name(i));
	for (unsigned i = CAUSE_NONE + 1; i < CAUSE_COUNT; i++)
		guess_try(&guess, cause_name(i));
	err_set(err, EXIT_USAGE, "there is no rule, class or cause '%s'", name);
	if (!guess.nearest)
		return err_hint(err, "cachetap rules   lists all rules");
	return err_hint(err, "cachetap explain %s", guess.nearest);
}

int
explain_name(FILE *out, const char *name, struct err *err)
{
	enum rule_id nearest;
	enum rule_id rule = row_find(slice_of(name, strlen(name)), &nearest);
	enum waste_class class = explain_find_class(name);
	enum waste_cause cause = explain_find_cause(name);

	if (rule == RULE_COUNT && class == WASTE_COUNT && cause == CAUSE_NONE)
		return explain_nothing(name, err);
	if (rule != RULE_COUNT)
		explain_rule(out, rule);
	if (rule != RULE_COUNT && class != WASTE_COUNT)
		fputs("\nWaste of the same name\n\n", out);
	if (class != WASTE_COUNT)
		explain_class(out, class);
	else if (rule == RULE_COUNT)
		explain_cause(out, cause);
	return 0;
}

void
explain_list(FILE *out)
{
	for (unsigned i = 0; i < RULE_COUNT; i++) {
		const struct row *row = row_of(i);

		fprintf(out, "%-40s  %-9s  %-7s  %s%s\n", row->name,
			severity_name(row->severity), confidence_name(row->confidence),
			row->rfc, row_is_off(row) ? ", off by default" : "");
	}
}

void
explain_markdown(FILE *out)
{
	fputs("# Rules\n\nMade from `analyzer/rules/rules.def`, `rules_text.def` and "
	      "`seen.def`; "
	      "`cachetap explain RULE` prints the same.\nA *violation* breaks the "
	      "clause, "
	      "a *warning* is almost surely a mistake, *advice* is legal but costs.\n"
	      "A *certain* finding follows from the octets, a *likely* one rests on an "
	      "assumption about clients, clocks or state.\n",
		out);
	for (unsigned i = 0; i < RULE_COUNT; i++) {
		const struct row *row = row_of(i);

		fprintf(out, "\n## %s\n\n%s, %s, %s. %s\n\n", row->name,
			severity_name(row->severity), confidence_name(row->confidence),
			row->tier, row->rfc);
		fprintf(out,
			"- **Raised:** %s\n- **Quiet:** %s\n- **Why:** %s\n"
			"- **Fix:** %s\n",
			row->text->what, row->text->quiet, row->text->why,
			row->text->fix);
		for (size_t k = 0; k < SEEN_COUNT; k++)
			if (seen[k].rule == i)
				fprintf(out, "- **Seen:** %s\n", seen[k].text);
		if (*row->kinds)
			fprintf(out, "- **Kinds:** %s\n", row->kinds);
		fputs("\n```text\n", out);
		print_example(out, "", row->text->example);
		fputs("```\n", out);
	}
}
