#include "analyzer/relay.h"

#include <pthread.h>

enum {
	BATCHES = 4, /* a power of two, so that their numbers may wrap */
	BATCH_EVENTS = 512,
	BATCH_BYTES = 1 << 20, /* of exchanges */
	QUEUE_BYTES = 8 << 20, /* of those that wait: one with its content may be large */
};

struct event {
	struct exchange *x;
	struct before *open;	    /* NULL: the exchange is over */
	const struct before *close; /* what was taken when it was opened */
};

struct batch {
	size_t count, bytes;
	bool has_tick; /* at its end */
	int64_t now_ns, begun_ns;
	struct event events[BATCH_EVENTS];
};

struct relay {
	struct judge *judge;
	size_t room; /* of events, in a batch */
	bool threaded;
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	unsigned filled, judged; /* batches so far: those between are the judge's */
	bool over;
	bool is_unheard; /* judge_tick() said so */
	struct batch batches[BATCHES];
};

static void
relay_dispatch(struct relay *relay, struct event event)
{
	if (event.open) {
		judge_open(relay->judge, event.x, event.open);
		return;
	}
	judge_close(relay->judge, event.x, event.close);
	exchange_free(&event.x);
}

/* False: nobody hears what is printed. */
static bool
relay_judge(struct relay *relay, const struct batch *batch)
{
	for (size_t i = 0; i < batch->count; i++) {
		/* What lies far off, or another processor wrote, takes long to come. */
		if (i + 1 < batch->count)
			exchange_expect(batch->events[i + 1].x);
		relay_dispatch(relay, batch->events[i]);
	}
	return !batch->has_tick ||
	       judge_tick(relay->judge, batch->now_ns, batch->begun_ns);
}

/* ---- the judge's thread ---- */

/* The next batch, or NULL when there will be none. */
static struct batch *
relay_wait(struct relay *relay)
{
	bool more;

	pthread_mutex_lock(&relay->mutex);
	while (relay->judged == relay->filled && !relay->over)
		pthread_cond_wait(&relay->changed, &relay->mutex);
	more = relay->judged != relay->filled;
	pthread_mutex_unlock(&relay->mutex);
	return more ? &relay->batches[relay->judged % BATCHES] : NULL;
}

static void *
relay_run(void *context)
{
	struct relay *relay = context;
	struct batch *batch;
	bool is_heard;

	while ((batch = relay_wait(relay))) {
		is_heard = relay_judge(relay, batch);
		pthread_mutex_lock(&relay->mutex);
		relay->judged++;
		relay->is_unheard |= !is_heard;
		pthread_cond_signal(&relay->changed);
		pthread_mutex_unlock(&relay->mutex);
	}
	return NULL;
}

/* ---- the caller's ---- */

/* What the judge still has to do. */
static size_t
relay_queued(const struct relay *relay)
{
	size_t bytes = 0;

	for (unsigned i = relay->judged; i != relay->filled; i++)
		bytes += relay->batches[i % BATCHES].bytes;
	return bytes;
}

static void
batch_begin(struct batch *batch)
{
	batch->count = batch->bytes = 0;
	batch->has_tick = false;
}

/* Hands the batch over, and waits until there is room for the next.  False: nobody hears
 * what is printed. */
static bool
relay_hand_over(struct relay *relay)
{
	struct batch *batch = &relay->batches[relay->filled % BATCHES];
	bool is_heard;

	if (!relay->threaded) {
		is_heard = relay_judge(relay, batch);
		batch_begin(batch);
		return is_heard;
	}
	pthread_mutex_lock(&relay->mutex);
	relay->filled++;
	pthread_cond_signal(&relay->changed);
	while (relay->filled - relay->judged == BATCHES ||
		relay_queued(relay) > QUEUE_BYTES)
		pthread_cond_wait(&relay->changed, &relay->mutex);
	is_heard = !relay->is_unheard;
	pthread_mutex_unlock(&relay->mutex);
	batch_begin(&relay->batches[relay->filled % BATCHES]);
	return is_heard;
}

static void
relay_add(struct relay *relay, struct event event, size_t bytes)
{
	struct batch *batch = &relay->batches[relay->filled % BATCHES];

	batch->events[batch->count++] = event;
	batch->bytes += bytes;
	if (batch->count == relay->room || batch->bytes >= BATCH_BYTES)
		relay_hand_over(relay);
}

bool
relay_tick(struct relay *relay, int64_t now_ns, int64_t begun_ns)
{
	struct batch *batch = &relay->batches[relay->filled % BATCHES];

	batch->has_tick = true;
	batch->now_ns = now_ns;
	batch->begun_ns = begun_ns;
	return relay_hand_over(relay);
}

void
relay_open(void *context, struct exchange *x, struct before *before)
{
	relay_add(context, (struct event){.x = x, .open = before}, 0);
}

void
relay_close(void *context, struct exchange *x, const struct before *before)
{
	relay_add(context, (struct event){.x = x, .close = before}, x->arena.bytes);
}

struct relay *
relay_new(struct judge *judge, bool threaded, bool at_once)
{
	struct relay *relay = mem_alloc(sizeof *relay);

	relay->judge = judge;
	relay->room = at_once ? 1 : BATCH_EVENTS;
	pthread_mutex_init(&relay->mutex, NULL);
	pthread_cond_init(&relay->changed, NULL);
	relay->threaded = threaded &&
			  pthread_create(&relay->thread, NULL, relay_run, relay) == 0;
	return relay;
}

void
relay_finish(struct relay *relay)
{
	relay_hand_over(relay);
	if (!relay->threaded)
		return;
	pthread_mutex_lock(&relay->mutex);
	relay->over = true;
	pthread_cond_signal(&relay->changed);
	pthread_mutex_unlock(&relay->mutex);
	pthread_join(relay->thread, NULL);
	relay->threaded = false;
}

void
relay_free(struct relay **relay)
{
	if (!*relay)
		return;
	pthread_cond_destroy(&(*relay)->changed);
	pthread_mutex_destroy(&(*relay)->mutex);
	mem_free(*relay);
	*relay = NULL;
}
