#include "tests/lib/book.h"

#include "tests/lib/rows.h"

struct told {
	char text[512];
	size_t n;
};

static void
tell(struct told *told, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	told->n += (size_t)vsnprintf(
		told->text + told->n, sizeof told->text - told->n, format, arguments);
	va_end(arguments);
	assert_true(told->n < sizeof told->text);
}

static void
tell_notes(struct told *told, unsigned notes)
{
	static const char *const names[] = {"recoded", "relabelled", "cache-buster",
		"suffix-304", "suspect-304", "current-412"};

	for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
		if (notes & 1u << i)
			tell(told, "; note %s", names[i]);
}

static void
tell_verdict(struct told *told, const struct verdict *v)
{
	tell(told, "%s%s", outcome_name(v->outcome), v->presumed ? " (presumed)" : "");
	for (unsigned i = 0; i < v->waste_count; i++) {
		const struct waste *w = &v->waste[i];
		const char *cause = cause_name(w->cause);

		tell(told, "; %s %s %llu %s %s%s%s", waste_name(w->class),
			part_name(w->part), (unsigned long long)w->octets,
			tier_name(w->tier), fault_name(w->fault), cause ? " " : "",
			cause ? cause : "");
	}
	if (v->saving.source == SAVING_UNKNOWN)
		tell(told, "; unknown");
	else if (v->saving.source != SAVING_NONE)
		tell(told, "; %s %llu", saving_source_name(v->saving.source),
			(unsigned long long)v->saving.octets);
	tell_notes(told, v->notes);
}

static void
note_late(void *context, uint64_t ticket, uint64_t octets, bool needless)
{
	struct book_late *late = context;

	assert_true(late->count < BOOK_LATE);
	late->needless[late->count] = needless;
	late->tickets[late->count] = ticket;
	late->octets[late->count++] = octets;
}

static void
note_probe(void *context, uint64_t ticket, const struct exchange *head,
	const struct waste *waste)
{
	struct book_late *late = context;

	late->probe_count++;
	late->probe_ticket = ticket;
	late->probe_octets = waste->octets;
	late->probe_first_ns = head->q.first.ts_ns;
}

struct book
book_new_with(const struct ledger_options *options)
{
	return (struct book){
		.history = history_new(
			&(struct history_options){.memory_bytes = 1 << 20, .seed = 42}),
		.ledger = ledger_new(options),
	};
}

struct book
book_new(void)
{
	return book_new_with(&(struct ledger_options){.memory_bytes = 1 << 16});
}

void
book_free(struct book *book)
{
	history_free(&book->history);
	ledger_free(&book->ledger);
}

struct exchange *
book_open(struct book *book, const struct making *making, struct before *before)
{
	struct exchange *x = make_exchange(making);

	history_open(book->history, x, before);
	return x;
}

struct verdict
book_close(struct book *book, struct exchange *x, const struct before *before)
{
	struct ledger_late late = {&book->late, note_late, note_probe};
	struct verdict verdict;

	ledger_judge(book->ledger, book->history, before, x, &verdict);
	history_close(book->history, x, before);
	ledger_close(book->ledger, before, x, &verdict, &late);
	exchange_free(&x);
	return verdict;
}

struct verdict
book_enter(struct book *book, const struct making *making)
{
	struct before before;
	struct exchange *x = book_open(book, making, &before);

	return book_close(book, x, &before);
}

void
book_assert(const struct verdict *verdict, const char *told)
{
	struct told is = {.n = 0};

	tell_verdict(&is, verdict);
	assert_string_equal(is.text, told);
}

void
book_judges(void **state)
{
	const struct book_row *row = *state;
	struct book book = book_new();
	struct verdict verdict = {0};

	for (unsigned i = 0; i < BOOK_STEPS && row->steps[i].request; i++)
		verdict = book_enter(&book, &row->steps[i]);
	book_free(&book);
	book_assert(&verdict, row->verdict);
}
