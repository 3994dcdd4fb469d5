#include "analyzer/progress.h"

#include "analyzer/base/text.h"
#include "analyzer/capture/clock.h"
#include "analyzer/config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CLEAR "\r\x1b[K"

void
progress_begin(struct progress *progress, bool wanted)
{
	const char *terminal = getenv("TERM");

	*progress = (struct progress){.begin_ns = clock_ns()};
	progress->is_on = wanted && isatty(STDERR_FILENO) &&
			  !(terminal && strcmp(terminal, "dumb") == 0);
	progress->shown_ns = progress->begin_ns + CONFIG_S_NS / 2;
}

static void
show(struct progress *progress, const struct source *source, int64_t ran_ns)
{
	uint64_t read, all;
	bool is_known = source_progress(source, &read, &all);
	double seconds = (double)ran_ns / (double)CONFIG_S_NS;
	double left_ns = read ? (double)ran_ns * (double)(all - read) / (double)read : 0;

	fprintf(stderr, CLEAR "cachetap: %s read", text_bytes(read).s);
	if (is_known)
		fprintf(stderr, " of %s, %s", text_bytes(all).s, text_share(read, all).s);
	fprintf(stderr, ", %s/s", text_bytes((uint64_t)((double)read / seconds)).s);
	if (is_known && read)
		fprintf(stderr, ", %s left", text_duration((int64_t)left_ns).s);
	fflush(stderr);
	progress->is_shown = true;
}

void
progress_look(struct progress *progress, const struct source *source)
{
	int64_t at_ns = clock_ns();

	progress->packets = 0;
	if (at_ns - progress->shown_ns < CONFIG_S_NS / 2)
		return;
	progress->shown_ns = at_ns;
	show(progress, source, at_ns - progress->begin_ns);
}

void
progress_hide(struct progress *progress)
{
	if (progress->is_shown)
		fputs(CLEAR, stderr);
	progress->is_shown = false;
}

void
progress_end(struct progress *progress)
{
	progress_hide(progress);
	progress->is_on = false;
}
