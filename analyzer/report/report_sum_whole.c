#include "analyzer/report/report_sum_whole.h"

#include "analyzer/config.h"
#include "analyzer/report/restore.h"

/* Nothing is forgotten of what was read: the reports have their bounds. */
#define MEMORY_BYTES (UINT64_C(1) << 50)

void
report_sum_whole_init(struct report_sum_whole *whole, const char *version)
{
	*whole = (struct report_sum_whole){.tally = tally_new(&(struct tables_options){
						   .memory_bytes = CONFIG_MEMORY_BYTES}),
		.whatif = whatif_new(&(struct whatif_options){0}, MEMORY_BYTES, 0),
		.tags = tags_new(MEMORY_BYTES, NULL),
		.rules = rules_new(NULL, CONFIG_MEMORY_BYTES)};
	whole->report = (struct report){.version = version,
		.thresholds = thresholds_usual,
		.kernel_dropped = -1,
		.interface_dropped = -1,
		.counters = &whole->counters,
		.tally = whole->tally,
		.rules = whole->rules,
		.whatif = whole->whatif,
		.tags = whole->tags,
		.clients = &whole->clients,
		.hops = &whole->hops};
}

void
report_sum_whole_fini(struct report_sum_whole *whole)
{
	tally_free(&whole->tally);
	whatif_free(&whole->whatif);
	tags_free(&whole->tags);
	rules_free(&whole->rules);
	mem_free((void *)whole->report.sentences);
	arena_fini(&whole->arena);
}

static const char *
text_of(struct report_sum_whole *whole, struct slice text)
{
	char *copy;

	if (!text.at)
		return NULL;
	copy = arena_alloc(&whole->arena, text.n + 1);
	if (text.n)
		memcpy(copy, text.at, text.n);
	copy[text.n] = '\0';
	return copy;
}

static struct report_source
source_of(struct report_sum_whole *whole, const struct jsonvalue *from)
{
	const struct jsonvalue *cut = jsonvalue_get(from, "truncated_tail");
	const char *path = text_of(whole, restore_text(from, "path"));
	const char *trouble = text_of(whole, restore_text(from, "trouble"));
	const char *format = text_of(whole, restore_text(from, "format"));

	return (struct report_source){.path = path ? path : "",
		.format = format,
		.compression = text_of(whole, restore_text(from, "compression")),
		.packets = restore_count(from, "packets"),
		.octets = restore_count(from, "octets"),
		.truncated_tail = cut && cut->boolean,
		.damaged_records = restore_count(from, "damaged_records"),
		.trouble = trouble ? trouble : "",
		.failed = trouble && !format};
}

void
report_sum_whole_sources(struct report_sum_whole *whole, const struct jsonvalue *sources)
{
	struct report_source *list = arena_alloc(
		&whole->arena, (sources->count + 1) * sizeof *list);
	size_t n = 0;

	for (const struct jsonvalue *s = sources->first; s; s = s->next)
		list[n++] = source_of(whole, s);
	whole->report.sources = list;
	whole->report.source_count = n;
}

/* A text or a number of an option; what was given several times is several. */
static size_t
add_option(struct report_sum_whole *whole, struct report_option *list, const char *key,
	const struct jsonvalue *value)
{
	size_t n = 0;

	if (value->type == JSONVALUE_ARRAY) {
		for (value = value->first; value; value = value->next)
			n += add_option(whole, list + n, key, value);
		return n;
	}
	*list = (struct report_option){.key = key};
	if (value->type == JSONVALUE_STRING)
		list->text = text_of(whole, value->text);
	else if (value->type == JSONVALUE_INTEGER && value->integer > 0)
		list->number = (uint64_t)value->integer;
	return 1;
}

static size_t
option_room(const struct jsonvalue *value)
{
	size_t room = 1;

	if (value->type == JSONVALUE_ARRAY || value->type == JSONVALUE_OBJECT)
		for (value = value->first; value; value = value->next)
			room += option_room(value);
	return room;
}

void
report_sum_whole_options(struct report_sum_whole *whole, const struct jsonvalue *options)
{
	struct report_option *list = arena_alloc(
		&whole->arena, option_room(options) * sizeof *list);
	size_t n = 0;

	for (const struct jsonvalue *o = options->first; o; o = o->next)
		n += add_option(whole, list + n, text_of(whole, o->key), o);
	whole->report.options = list;
	whole->report.option_count = n;
	for (enum threshold i = 0; i < THRESHOLD_COUNT; i++)
		if (jsonvalue_get(options, threshold_name(i)))
			whole->report.thresholds.of[i] = restore_count(
				options, threshold_name(i));
}

void
report_sum_whole_say(struct report_sum_whole *whole, struct slice sentence)
{
	struct report *report = &whole->report;
	const char **sentences = (const char **)report->sentences;

	if (report->sentence_count == whole->sentence_room) {
		whole->sentence_room = whole->sentence_room ? 2 * whole->sentence_room
							    : 16;
		sentences = mem_grow(sentences, whole->sentence_room * sizeof *sentences);
	}
	sentences[report->sentence_count++] = text_of(whole, sentence);
	report->sentences = sentences;
}
