#include "analyzer/rules/explain_waste.h"

#include "analyzer/ledger/fix.h"

#include <string.h>

struct text {
	const char *means, *booked, *quiet;
};

static const struct text texts[WASTE_COUNT] = {
#define WASTE_TEXT(id, means, booked, quiet) [WASTE_##id] = {means, booked, quiet},
#include "analyzer/ledger/waste_text.def"
#undef WASTE_TEXT
};

enum {
#define WASTE_TEXT(id, means, booked, quiet) +1
	TEXTS = 0
#include "analyzer/ledger/waste_text.def"
#undef WASTE_TEXT
};

_Static_assert((int)TEXTS == (int)WASTE_COUNT, "a class has no text");

static const char *const class_summaries[] = {
#define WASTE(id, name, tier, fault, summary) [WASTE_##id] = summary,
#include "analyzer/ledger/waste.def"
#undef WASTE
};

static const char *const cause_summaries[CAUSE_COUNT] = {
#define CAUSE(id, name, summary) [CAUSE_##id] = summary,
#include "analyzer/ledger/cause.def"
#undef CAUSE
};

enum waste_class
explain_find_class(const char *name)
{
	enum waste_class class = 0;

	while (class < WASTE_COUNT && strcmp(waste_name(class), name) != 0)
		class ++;
	return class;
}

enum waste_cause
explain_find_cause(const char *name)
{
	for (enum waste_cause cause = CAUSE_NONE + 1; cause < CAUSE_COUNT; cause++)
		if (strcmp(cause_name(cause), name) == 0)
			return cause;
	return CAUSE_NONE;
}

static const char *
tier_note(enum tier tier)
{
	switch (tier) {
	case TIER_1:
		return "proven by the exchange itself, or by equal digests";
	case TIER_2:
		return "likely: true if the client key is one cache";
	default:
		return "avoidable by policy, user or design; never in the headline";
	}
}

/* The rows of a class; of any cause first in the table's own order. */
static const struct fix *
next_fix(enum waste_class class, size_t *at)
{
	while (*at < fix_count()) {
		const struct fix *fix = fix_at((*at)++);

		if (fix->class == class && fix->party == FIX_OTHER)
			return fix;
	}
	return NULL;
}

static const char *
fix_cause(const struct fix *fix)
{
	return fix->cause == FIX_CAUSE_ANY ? NULL : cause_name(fix->cause);
}

/* The rows with lines that are about the same as a sentence, one after the other. */
static const struct fix *
next_lines(const struct fix *sentence, size_t *at)
{
	while (*at < fix_count()) {
		const struct fix *fix = fix_at((*at)++);

		if (fix->class == sentence->class && fix->cause == sentence->cause &&
			fix->party != FIX_OTHER)
			return fix;
	}
	return NULL;
}

static void
print_lines(FILE *out, const char *indent, const char *lines)
{
	struct slice rest = slice_of(lines, strlen(lines));

	while (rest.n) {
		size_t end = slice_find(rest, '\n', 0);

		fprintf(out, "%s%.*s\n", indent, (int)end, (const char *)rest.at);
		rest = slice_from(rest, end + 1);
	}
}

static void
print_fix(FILE *out, const struct fix *sentence)
{
	const struct fix *fix;
	size_t at = 0;

	explain_paragraph(out, "Fix     ", sentence->what);
	while ((fix = next_lines(sentence, &at))) {
		fprintf(out, "%-8s %s\n", "", fix_party_name(fix->party));
		explain_paragraph(out, "        ", fix->what);
		print_lines(out, "             ", fix->lines);
	}
}

void
explain_class(FILE *out, enum waste_class class)
{
	struct waste usual = waste_of_class(class, PART_BODY, 0);
	const struct text *text = &texts[class];
	const struct fix *fix;
	size_t at = 0;

	fprintf(out, "%s\n%s, %s\njob of: %s\n\n", waste_name(class),
		tier_name(usual.tier), tier_note(usual.tier), fault_name(usual.fault));
	explain_paragraph(out, "Is      ", class_summaries[class]);
	explain_paragraph(out, "Means   ", text->means);
	explain_paragraph(out, "Booked  ", text->booked);
	explain_paragraph(out, "Not     ", text->quiet);
	while ((fix = next_fix(class, &at))) {
		if (fix_cause(fix))
			fprintf(out, "Cause    %s: %s\n", fix_cause(fix),
				cause_summaries[fix->cause]);
		print_fix(out, fix);
	}
}

void
explain_cause(FILE *out, enum waste_cause cause)
{
	fprintf(out, "%s\na cause of waste\n\n", cause_name(cause));
	explain_paragraph(out, "Is      ", cause_summaries[cause]);
	for (size_t i = 0; i < fix_count(); i++) {
		const struct fix *fix = fix_at(i);

		if (fix->cause != cause || fix->party != FIX_OTHER)
			continue;
		fprintf(out, "Class    %s: %s\n", waste_name(fix->class),
			class_summaries[fix->class]);
		print_fix(out, fix);
	}
}

void
explain_waste_table(FILE *out)
{
	fputs("| class | grade | whose job | what |\n|---|---|---|---|\n", out);
	for (unsigned i = 0; i < WASTE_COUNT; i++) {
		struct waste usual = waste_of_class(i, PART_BODY, 0);

		fprintf(out, "| %s | %s | %s | %s |\n", waste_name(i),
			tier_name(usual.tier), fault_name(usual.fault),
			class_summaries[i]);
	}
}

static void
put_fix(FILE *out, const struct fix *sentence)
{
	const struct fix *fix;
	size_t at = 0;

	if (fix_cause(sentence))
		fprintf(out, "- **Fix of %s:** %s\n", fix_cause(sentence),
			sentence->what);
	else
		fprintf(out, "- **Fix:** %s\n", sentence->what);
	while ((fix = next_lines(sentence, &at))) {
		fprintf(out, "  - **%s:** %s\n\n    ```\n", fix_party_name(fix->party),
			fix->what);
		print_lines(out, "    ", fix->lines);
		fputs("    ```\n", out);
	}
}

static void
put_class(FILE *out, enum waste_class class)
{
	struct waste usual = waste_of_class(class, PART_BODY, 0);
	const struct text *text = &texts[class];
	const struct fix *fix;
	size_t at = 0;

	fprintf(out, "\n## %s\n\n%s, job of: %s\n\n- **Is:** %s\n- **Means:** %s\n",
		waste_name(class), tier_name(usual.tier), fault_name(usual.fault),
		class_summaries[class], text->means);
	fprintf(out, "- **Booked:** %s\n- **Not:** %s\n", text->booked, text->quiet);
	while ((fix = next_fix(class, &at)))
		put_fix(out, fix);
}

void
explain_waste_markdown(FILE *out)
{
	fputs("# Classes of waste\n\nMade from `analyzer/ledger/waste.def`, "
	      "`waste_text.def`, `cause.def` and `fix.def`; `cachetap explain CLASS` "
	      "prints the same.\nIn the order of precedence: a class takes only what "
	      "those before it left.\n\n",
		out);
	explain_waste_table(out);
	for (unsigned i = 0; i < WASTE_COUNT; i++)
		put_class(out, i);
	fputs("\n## Causes\n\n| cause | what |\n|---|---|\n", out);
	for (unsigned i = CAUSE_NONE + 1; i < CAUSE_COUNT; i++)
		fprintf(out, "| %s | %s |\n", cause_name(i), cause_summaries[i]);
}
