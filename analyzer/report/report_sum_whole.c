#include "analyzer/report/report_sum_whole.h"

#include "analyzer/config.h"

/* Nothing is forgotten of what was read: the reports have their bounds. */
#define MEMORY_BYTES (UINT64_C(1) << 50)

void
report_sum_whole_init(struct report_sum_whole *whole)
{
	*whole = (struct report_sum_whole){.tally = tally_new(&(struct tables_options){
						   .memory_bytes = CONFIG_MEMORY_BYTES}),
		.whatif = whatif_new(&(struct whatif_options){0}, MEMORY_BYTES, 0),
		.tags = tags_new(MEMORY_BYTES)};
	whole->report.tally = whole->tally;
	whole->report.whatif = whole->whatif;
	whole->report.tags = whole->tags;
}

void
report_sum_whole_fini(struct report_sum_whole *whole)
{
	tally_free(&whole->tally);
	whatif_free(&whole->whatif);
	tags_free(&whole->tags);
}
