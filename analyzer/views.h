/*
 * analyzer/views.h - what is made of a report once it is JSON
 *
 * Formats that only arrange the numbers of the report, and the conditions under which a
 * run fails, read the JSON that -T json writes: they cannot say anything else than it
 * does, and work on a sum of reports as on the report of a run.
 */
#ifndef ANALYZER_VIEWS_H
#define ANALYZER_VIEWS_H

#include "analyzer/export/found.h"
#include "analyzer/options.h"
#include "analyzer/reportfile.h"

/* The report that --baseline names. */
struct views {
	struct reportfile file;
	struct arena arena;
	struct jsonvalue *baseline; /* NULL: none */
	struct found_list known;
};

/* Opening and reading are apart as in reportfile.h; views_close() in any case. */
int views_open(struct views *views, const struct options *options, struct err *err);
int views_read(struct views *views, const struct options *options, struct err *err);
void views_close(struct views *views);

/* Whether there is anything to do. */
bool views_wanted(const struct options *options);

/*
 * Writes the outputs whose format is a view, and says on stderr which conditions hold:
 * EXIT_CONDITION if one does.  `json` is the report.
 */
enum exit_code views_make(const struct views *views, const struct options *options,
	struct slice json, struct out *outs);

#endif
