#include "analyzer/report/tables.h"

#include "analyzer/base/text.h"
#include "analyzer/config.h"
#include "parsers/urlpattern.h"

enum {
	ROWS_MIN = 64,
	LATE_SHARE = 64, /* of the memory */
};

/* The rows of an exchange of which something may be learnt. */
struct late {
	struct key rows[LIST_COUNT];
	int64_t ts_ns;
	uint16_t kinds[KIND_COUNT], class;
};

const char *
tables_list_name(enum tables_list list)
{
	static const char *const names[] = {
		"host", "url", "type", "client", "server", "agent"};

	return names[list];
}

const char *
tables_kind_name(enum tables_kind kind)
{
	static const char *const names[] = {"outcome", "form", "claim", "robot"};

	return names[kind];
}

unsigned
tables_rows(enum tables_kind kind)
{
	static const unsigned rows[] = {
		OUTCOME_COUNT, FORM_COUNT, CLAIM_COUNT, ROBOT_COUNT};

	_Static_assert((unsigned)OUTCOME_COUNT <= TABLES_KIND_ROWS &&
			       (unsigned)FORM_COUNT <= TABLES_KIND_ROWS &&
			       (unsigned)CLAIM_COUNT <= TABLES_KIND_ROWS &&
			       (unsigned)ROBOT_COUNT <= TABLES_KIND_ROWS,
		"every kind has room");
	return rows[kind];
}

const char *
tables_row_name(enum tables_kind kind, unsigned row)
{
	static const char *const forms[] = {NULL, "inm strong", "inm weak", "inm mixed",
		"ims", "both strong", "both weak", "both mixed", "star", "write"};

	switch (kind) {
	case KIND_OUTCOME:
		return outcome_name(row);
	case KIND_CLAIM:
		return claim_name(row);
	case KIND_ROBOT:
		return robot_name(row);
	default:
		return forms[row];
	}
}

static size_t
rows_of(uint64_t memory_bytes)
{
	uint64_t rows = memory_bytes / (CONFIG_MEMORY_BYTES / TABLES_ROWS);

	return rows > TABLES_ROWS ? TABLES_ROWS : rows < ROWS_MIN ? ROWS_MIN : rows;
}

void
tables_init(struct tables *tables, const struct tables_options *options)
{
	*tables = (struct tables){.options = *options};
	for (unsigned i = 0; i < LIST_COUNT; i++)
		toplist_init(&tables->lists[i], rows_of(options->memory_bytes));
	tables->late = table_new(
		sizeof(struct late), options->memory_bytes / LATE_SHARE, NULL);
	out_init_memory(&tables->scratch);
}

static void
fini_all(struct sums *rows, size_t count)
{
	while (count--)
		sums_fini(&rows[count]);
}

void
tables_fini(struct tables *tables)
{
	for (unsigned i = 0; i < LIST_COUNT; i++)
		toplist_fini(&tables->lists[i]);
	timetable_fini(&tables->time);
	fini_all(tables->classes, TABLES_CLASSES + 1);
	for (unsigned i = 0; i < KIND_COUNT; i++)
		fini_all(tables->kinds[i], tables_rows(i));
	table_free(&tables->late);
	out_fini(&tables->scratch);
}

/* ---- keys and labels ---- */

/* In lower case, clipped. */
static size_t
lower(struct slice s, uint8_t *to, size_t room)
{
	size_t n = s.n < room ? s.n : room;

	octets_lower(to, s.at, n);
	return n;
}

/* What is known of the exchange's rows before they are looked up. */
struct naming {
	const struct exchange *x;
	const struct before *before;
	uint8_t url[TABLES_LABEL_BYTES], type[TABLES_LABEL_BYTES / 2];
	struct slice host, whole_url, media_type, agent;
	unsigned robot;
};

static void
name_url(struct naming *n)
{
	size_t host = lower(n->x->host, n->url, sizeof n->url / 2);
	size_t path = urlpattern(n->x->path_query, n->url + host, sizeof n->url - host);

	n->whole_url = slice_of(n->url, host + path);
	n->host = slice_part(n->whole_url, 0, host);
	if (!host)
		n->host.at = NULL;
}

/* The media type without its parameters.  [RFC9110 8.3.1] */
static void
name_type(struct naming *n)
{
	struct slice value = message_value(&n->x->r, FIELD_CONTENT_TYPE);
	struct slice type = slice_trim(slice_part(value, 0, slice_find(value, ';', 0)));

	if (!value.at || !type.n)
		return;
	n->media_type = slice_of(n->type, lower(type, n->type, sizeof n->type));
}

static struct key
key_of(const struct tables *tables, const struct naming *n, enum tables_list list)
{
	struct key key = key_start(tables->options.seed);
	const struct endpoint *server = &n->x->server;

	switch (list) {
	case LIST_HOST:
		return key_add(key, n->host);
	case LIST_URL:
		return key_add(key, n->whole_url);
	case LIST_TYPE:
		return key_add(key, n->media_type);
	case LIST_CLIENT:
		return n->before->client;
	case LIST_SERVER:
		key = key_add(key,
			slice_of(server->address.octets, sizeof server->address.octets));
		return key_add_number(key, server->port);
	default:
		return key_add(key, n->agent);
	}
}

static void
write_server(struct out *out, const struct endpoint *server)
{
	bool ipv4 = address_is_ipv4(&server->address);

	out_format(out, ipv4 ? "%s:%u" : "[%s]:%u", address_name(&server->address).s,
		server->port);
}

/* As printed; valid until the next one. */
static struct slice
label_of(struct tables *tables, const struct naming *n, enum tables_list list)
{
	struct out *out = &tables->scratch;

	switch (list) {
	case LIST_HOST:
		return n->host;
	case LIST_URL:
		return n->whole_url;
	case LIST_TYPE:
		return n->media_type;
	case LIST_AGENT:
		return slice_part(n->agent, 0, TABLES_LABEL_BYTES);
	default:
		out_clear(out);
		if (list == LIST_SERVER)
			write_server(out, &n->x->server);
		else
			client_write(out, &tables->options.client, n->x,
				n->before->client_number);
		return slice_part(out_contents(out), 0, TABLES_LABEL_BYTES);
	}
}

/* ---- adding ---- */

static enum tables_form
form_of(const struct exchange *x)
{
	struct slice rest = x->inm;
	bool weak = false, strong = false;
	struct etag tag;
	unsigned kind;

	if (x->cond == COND_IMS)
		return FORM_IMS;
	if (x->cond == COND_STAR)
		return FORM_STAR;
	if (x->cond == COND_WRITE)
		return FORM_WRITE;
	if (x->cond != COND_INM && x->cond != COND_BOTH)
		return FORM_NONE;
	while (exchange_next_tag(x, &rest, &tag)) {
		weak |= tag.weak;
		strong |= !tag.weak;
	}
	kind = weak && strong ? 2 : weak;
	return (x->cond == COND_INM ? FORM_INM_STRONG : FORM_BOTH_STRONG) + kind;
}

static void
add(struct sums *sums, const struct exchange *x, const struct before *before,
	const struct verdict *v)
{
	sums_add(sums, x, before, v);
	sums_add_waste(sums, v->waste, v->waste_count);
}

static unsigned
class_row(const struct waste *waste)
{
	return waste->class * CAUSE_COUNT + waste->cause;
}

/* Where the exchange counts: the class with most of its waste, or none. */
static unsigned
main_class(const struct verdict *v)
{
	unsigned most = 0;

	if (!v->waste_count)
		return TABLES_CLASSES;
	for (unsigned i = 1; i < v->waste_count; i++)
		if (v->waste[i].octets > v->waste[most].octets)
			most = i;
	return class_row(&v->waste[most]);
}

static void
add_by_class(struct tables *tables, const struct exchange *x, const struct before *before,
	const struct verdict *v)
{
	struct sums *main = &tables->classes[main_class(v)];
	uint64_t octets = sums_octets_of(x);

	sums_add(main, x, before, v);
	main->octets -= octets;
	tables->classes[TABLES_CLASSES].octets += octets;
	for (unsigned i = 0; i < v->waste_count; i++) {
		struct sums *row = &tables->classes[class_row(&v->waste[i])];

		sums_add_waste(row, &v->waste[i], 1);
		row->octets += v->waste[i].octets;
		tables->classes[TABLES_CLASSES].octets -= v->waste[i].octets;
	}
}

static void
note_reason(struct toplist_row *row, const struct waste *w)
{
	if (w->class == row->why && w->cause == row->why_cause) {
		row->why_octets += w->octets;
	} else if (w->octets > row->why_octets) {
		row->why = w->class;
		row->why_cause = w->cause;
		row->why_octets = w->octets;
	}
}

static void
note_wait(struct toplist_row *row, const struct exchange *x, const struct verdict *v)
{
	bool full = x->r.status == 200 && x->r.complete;

	if (x->method == METHOD_GET && x->wait_ns >= 0 &&
		(full || v->outcome == OUTCOME_VALIDATED))
		histogram_add(&row->waits[full ? ANSWER_200 : ANSWER_304],
			(uint64_t)x->wait_ns / 1000);
}

/* Answers that a cache may have kept say nothing of its clock. */
static void
note_date(struct toplist_row *row, const struct exchange *x)
{
	int64_t off_s;

	if (x->date.form == HTTPDATE_INVALID || x->via_cache ||
		message_has(&x->r, FIELD_VIA))
		return;
	off_s = x->r.first.ts_ns / CONFIG_S_NS - x->date.unix_s;
	histogram_add(&row->dates[off_s < 0 ? DATE_AHEAD : DATE_BEHIND],
		(uint64_t)(off_s < 0 ? -off_s : off_s));
}

static struct toplist_row *
list_row(struct tables *tables, const struct naming *n, enum tables_list list,
	struct key key)
{
	struct toplist_row *row = toplist_find(&tables->lists[list], key);

	if (!row) {
		row = toplist_new_row(
			&tables->lists[list], key, label_of(tables, n, list));
		row->robot = n->robot;
	} else if (row->robot != n->robot) {
		row->robot = ROBOT_NONE;
	}
	return row;
}

/* The URL comes before the type, which it may know. */
static void
add_to_lists(struct tables *tables, const struct naming *n, const struct verdict *v,
	struct key rows[LIST_COUNT])
{
	struct toplist_row *url;

	for (unsigned i = 0; i < LIST_COUNT; i++)
		rows[i] = key_of(tables, n, i);
	url = list_row(tables, n, LIST_URL, rows[LIST_URL]);
	for (unsigned i = 0; i < v->waste_count; i++)
		note_reason(url, &v->waste[i]);
	note_wait(url, n->x, v);
	if (n->media_type.at)
		url->last_type = rows[LIST_TYPE];
	else if (toplist_find(&tables->lists[LIST_TYPE], url->last_type))
		rows[LIST_TYPE] = url->last_type;
	for (unsigned i = 0; i < LIST_COUNT; i++)
		add(&list_row(tables, n, i, rows[i])->sums, n->x, n->before, v);
	note_date(toplist_find(&tables->lists[LIST_SERVER], rows[LIST_SERVER]), n->x);
}

/* A name that was seen before is known. */
static void
name_robot(const struct tables *tables, struct naming *n)
{
	const struct toplist_row *row = toplist_find(
		&tables->lists[LIST_AGENT], key_of(tables, n, LIST_AGENT));

	n->robot = row ? row->robot : robot_of(n->agent);
}

static struct key
ticket_key(const struct tables *tables, uint64_t ticket)
{
	return key_add_number(key_start(tables->options.seed), ticket);
}

static void
remember(struct tables *tables, uint64_t ticket, const struct late *late)
{
	if (ticket)
		*(struct late *)table_put(
			tables->late, ticket_key(tables, ticket)) = *late;
}

void
tables_add(struct tables *tables, const struct exchange *x, const struct before *before,
	const struct verdict *v)
{
	struct naming naming = {.x = x, .before = before};
	struct late late = {.ts_ns = x->q.first.ts_ns, .class = (uint16_t)main_class(v)};

	name_url(&naming);
	name_type(&naming);
	naming.agent = message_value(&x->q, FIELD_USER_AGENT);
	name_robot(tables, &naming);
	late.kinds[KIND_OUTCOME] = (uint16_t)v->outcome;
	late.kinds[KIND_FORM] = (uint16_t)form_of(x);
	late.kinds[KIND_CLAIM] = (uint16_t)x->claim;
	late.kinds[KIND_ROBOT] = (uint16_t)naming.robot;
	add_to_lists(tables, &naming, v, late.rows);
	add(timetable_at(&tables->time, late.ts_ns), x, before, v);
	for (unsigned i = 0; i < KIND_COUNT; i++)
		add(&tables->kinds[i][late.kinds[i]], x, before, v);
	tables->claims[x->claim][v->outcome]++;
	add_by_class(tables, x, before, v);
	remember(tables, v->saving_ticket, &late);
	remember(tables, v->probe_ticket, &late);
}

/* ---- what is learnt later ---- */

/* Takes what was remembered; false if it had to be forgotten. */
static bool
recall(struct tables *tables, uint64_t ticket, struct late *late)
{
	struct key key = ticket_key(tables, ticket);
	const struct late *known = table_find(tables->late, key);

	if (!known)
		return false;
	*late = *known;
	table_remove(tables->late, key);
	return true;
}

static struct sums *
late_row(struct tables *tables, enum tables_list list, const struct late *late)
{
	struct toplist_row *row = toplist_find(&tables->lists[list], late->rows[list]);

	return row ? &row->sums : &tables->lists[list].others;
}

void
tables_late_saving(struct tables *tables, uint64_t ticket, uint64_t octets)
{
	struct late late;

	if (!recall(tables, ticket, &late)) {
		tables->unplaced.saved += octets;
		return;
	}
	for (unsigned i = 0; i < LIST_COUNT; i++)
		late_row(tables, i, &late)->saved += octets;
	timetable_at(&tables->time, late.ts_ns)->saved += octets;
	for (unsigned i = 0; i < KIND_COUNT; i++)
		tables->kinds[i][late.kinds[i]].saved += octets;
	tables->classes[late.class].saved += octets;
}

/* An exchange without waste counts for the class from now on. */
static void
move_to_class(struct tables *tables, const struct late *late, const struct exchange *head,
	const struct waste *waste)
{
	struct sums *from = &tables->classes[TABLES_CLASSES];
	struct sums *to = &tables->classes[class_row(waste)];

	from->octets -= waste->octets;
	to->octets += waste->octets;
	sums_add_waste(to, waste, 1);
	if (late->class != TABLES_CLASSES)
		return;
	from->exchanges--;
	to->exchanges++;
	if (head->wait_ns >= 0) {
		histogram_remove(&from->waits, (uint64_t)head->wait_ns / 1000);
		histogram_add(&to->waits, (uint64_t)head->wait_ns / 1000);
	}
}

void
tables_late_probe(struct tables *tables, uint64_t ticket, const struct exchange *head,
	const struct waste *waste)
{
	struct late late;

	if (!recall(tables, ticket, &late)) {
		sums_add_waste(&tables->unplaced, waste, 1);
		return;
	}
	for (unsigned i = 0; i < LIST_COUNT; i++)
		sums_add_waste(late_row(tables, i, &late), waste, 1);
	sums_add_waste(timetable_at(&tables->time, late.ts_ns), waste, 1);
	for (unsigned i = 0; i < KIND_COUNT; i++)
		sums_add_waste(&tables->kinds[i][late.kinds[i]], waste, 1);
	move_to_class(tables, &late, head, waste);
}

uint64_t
tables_folded(const struct tables *tables)
{
	uint64_t folded = 0;

	for (unsigned i = 0; i < LIST_COUNT; i++)
		folded += tables->lists[i].folded;
	return folded;
}

uint64_t
tables_unplaced_octets(const struct tables *tables)
{
	const struct sums *unplaced = &tables->unplaced;

	return unplaced->saved + sums_wasted(unplaced) + unplaced->waste[TIER_3];
}

/* ---- laws ---- */

static bool
is_total(const struct sums *sums, const struct sums *total)
{
	return sums->exchanges == total->exchanges && sums->octets == total->octets &&
	       sums->conditional == total->conditional &&
	       sums->validated == total->validated && sums->missed == total->missed &&
	       sums->uptake.num == total->uptake.num &&
	       sums->uptake.den == total->uptake.den &&
	       sums->echo.num == total->echo.num && sums->echo.den == total->echo.den &&
	       sums->saved == total->saved &&
	       memcmp(sums->waste, total->waste, sizeof sums->waste) == 0;
}

static bool
rows_are_total(const struct tables *tables, const struct sums *rows, size_t n,
	const struct sums *total)
{
	struct sums sums = {0};
	bool same;

	sums_count(&sums, &tables->unplaced);
	for (size_t i = 0; i < n; i++)
		sums_count(&sums, &rows[i]);
	same = is_total(&sums, total);
	sums_fini(&sums);
	return same;
}

static bool
list_is_total(
	const struct tables *tables, const struct toplist *list, const struct sums *total)
{
	struct sums sums = {0};
	bool same;

	sums_count(&sums, &tables->unplaced);
	sums_count(&sums, &list->others);
	for (size_t i = 0; i < list->count; i++)
		sums_count(&sums, &list->rows[i].sums);
	same = is_total(&sums, total);
	sums_fini(&sums);
	return same;
}

const char *
tables_check(const struct tables *t, const struct sums *total)
{
	for (unsigned i = 0; i < LIST_COUNT; i++)
		if (!list_is_total(t, &t->lists[i], total))
			return "a table by key is not the total";
	if (!rows_are_total(t, t->time.rows, t->time.count, total))
		return "the table over time is not the total";
	for (unsigned i = 0; i < KIND_COUNT; i++)
		if (!rows_are_total(t, t->kinds[i], tables_rows(i), total))
			return "the table by outcome, form, claim or robot is not the "
			       "total";
	if (!rows_are_total(t, t->classes, TABLES_CLASSES + 1, total))
		return "the table by class is not the total";
	return NULL;
}
