#include "analyzer/http/message.h"

#include "analyzer/config.h"
#include "parsers/chars.h"
#include "parsers/http1.h"
#include "parsers/list.h"
#include "parsers/number.h"

static const struct {
	struct slice name;
	enum method method;
} methods[] = {
	{SLICE_INIT("GET"), METHOD_GET},
	{SLICE_INIT("HEAD"), METHOD_HEAD},
	{SLICE_INIT("POST"), METHOD_POST},
	{SLICE_INIT("PUT"), METHOD_PUT},
	{SLICE_INIT("DELETE"), METHOD_DELETE},
	{SLICE_INIT("PATCH"), METHOD_PATCH},
	{SLICE_INIT("OPTIONS"), METHOD_OPTIONS},
	{SLICE_INIT("TRACE"), METHOD_TRACE},
	{SLICE_INIT("CONNECT"), METHOD_CONNECT},
	{SLICE_INIT("QUERY"), METHOD_QUERY},
};

enum method
method_find(struct slice name)
{
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
		if (slice_eq(name, methods[i].name))
			return methods[i].method;
	return METHOD_OTHER;
}

void
message_note(struct message *m, enum message_flaw flaw, uint64_t at)
{
	if (!(m->flaws & flaw))
		m->flaw_at[__builtin_ctz(flaw)] = at;
	m->flaws |= flaw;
}

/* Where in the head, which the message owns. */
static uint64_t
offset_in(const struct message *m, const uint8_t *at)
{
	return (uint64_t)(at - m->head.at);
}

/*
 * A line that begins with a blank continues the one before: obs-fold.  Its line end
 * becomes spaces, in the copy that the message owns.  Returns how many lines there are
 * then.  [RFC9112 5.2]
 */
static size_t
message_unfold(struct message *m, struct slice fields)
{
	uint8_t *octets = (uint8_t *)(uintptr_t)fields.at;
	size_t lines = 0;

	for (size_t at = slice_find(fields, '\n', 0); at < fields.n;
		at = slice_find(fields, '\n', at + 1)) {
		if (at + 1 == fields.n || !chars_is_blank(octets[at + 1])) {
			lines++;
			continue;
		}
		octets[at] = ' ';
		if (at && octets[at - 1] == '\r')
			octets[at - 1] = ' ';
		message_note(m, MESSAGE_FOLDED, offset_in(m, octets + at));
	}
	return lines;
}

static bool
message_read_start(struct message *m, struct slice line)
{
	struct start_line start;

	if (!http1_status_line(line, &start) && !http1_request_line(line, &start))
		return false;
	m->method = start.method;
	m->target = start.target;
	m->reason = start.reason;
	m->status = start.status;
	m->major = start.major;
	m->minor = start.minor;
	if (start.bent)
		message_note(m, MESSAGE_BAD_START, 0);
	return true;
}

static void
message_add_field(struct message *m, struct field field)
{
	if (!m->first_line[field.id])
		m->first_line[field.id] = (uint16_t)(m->field_count + 1);
	m->repeated |= m->present & FIELD_BIT(field.id);
	m->present |= FIELD_BIT(field.id);
	m->field_flaws |= field.flaws;
	m->has_odd_value |= !field.plain;
	if (field.id == FIELD_OTHER)
		m->other_initials |= message_initial(field.name);
	m->fields[m->field_count++] = field;
}

/* They say whether the connection stays.  [RFC9112 9.3] */
static unsigned
connection_option(struct slice option)
{
	if (slice_eq_nocase(option, SLICE("close")))
		return CONNECTION_CLOSE;
	return slice_eq_nocase(option, SLICE("keep-alive")) ? CONNECTION_KEEP_ALIVE : 0;
}

static void
message_read_connection(struct message *m)
{
	for (size_t i = m->first_line[FIELD_CONNECTION]; i && i <= m->field_count; i++) {
		struct slice rest = m->fields[i - 1].value, element;

		if (m->fields[i - 1].id != FIELD_CONNECTION)
			continue;
		while (list_next(&rest, &element))
			m->connection |= connection_option(element);
	}
}

static void
message_read_fields(struct message *m, struct arena *arena, struct slice rest)
{
	size_t most = message_unfold(m, rest);
	struct slice line;
	bool bare_lf;

	if (most > CONFIG_FIELDS) {
		most = CONFIG_FIELDS;
		message_note(m, MESSAGE_HEAD_TOO_LARGE, offset_in(m, rest.at));
	}
	m->fields = arena_alloc(arena, most * sizeof *m->fields);
	while (m->field_count < most && http1_line(&rest, &line, &bare_lf) && line.n) {
		struct field field = http1_field(line);

		if (bare_lf)
			message_note(m, MESSAGE_BARE_LF, offset_in(m, line.at + line.n));
		message_add_field(m, field);
	}
	message_read_connection(m);
}

/* Of the start line only the status is there. */
static bool
message_read_cut(struct message *m, struct arena *arena, struct slice head)
{
	struct start_line start;

	if (!http1_cut_status_line(head, &start))
		return false;
	m->head = arena_copy(arena, head);
	m->status = start.status;
	m->major = start.major;
	m->minor = start.minor;
	m->length = UINT64_MAX;
	return true;
}

bool
message_read(struct message *m, struct arena *arena, struct slice head)
{
	struct slice rest = head, line;
	bool bare_lf;

	if (!http1_line(&rest, &line, &bare_lf))
		return message_read_cut(m, arena, head);
	rest = m->head = arena_copy(arena, head);
	http1_line(&rest, &line, &bare_lf);
	if (!message_read_start(m, line))
		return false;
	if (bare_lf)
		message_note(m, MESSAGE_BARE_LF, line.n);
	m->length = UINT64_MAX;
	/* What begins with a blank right after the start line is no field.  [RFC9112 2.2]
	 */
	while (rest.n && chars_is_blank(rest.at[0]) && http1_line(&rest, &line, &bare_lf))
		message_note(m, MESSAGE_BLANK_FIRST, offset_in(m, line.at));
	message_read_fields(m, arena, rest);
	return true;
}

static bool
is_plain_length(const struct message *m)
{
	struct slice value = message_value(m, FIELD_CONTENT_LENGTH);

	return m->length != UINT64_MAX && value.n <= MESSAGE_PLAIN_DIGITS &&
	       message_has_one(m, FIELD_CONTENT_LENGTH) &&
	       chars_are(value, CHARS_DIGIT) && (value.at[0] != '0' || value.n == 1);
}

/* Content-Length = 1*DIGIT; a list of equal values counts as one.  [RFC9110 8.6] */
static void
message_read_length(struct message *m)
{
	for (size_t i = m->first_line[FIELD_CONTENT_LENGTH]; i && i <= m->field_count;
		i++) {
		struct slice rest = m->fields[i - 1].value, element;
		uint64_t length;

		if (m->fields[i - 1].id != FIELD_CONTENT_LENGTH)
			continue;
		if (!rest.n)
			message_note(m, MESSAGE_LENGTH_INVALID, offset_in(m, rest.at));
		while (list_next(&rest, &element)) {
			uint64_t at = offset_in(m, element.at);

			if (!number_decimal(element, &length) || length > INT64_MAX)
				message_note(m, MESSAGE_LENGTH_INVALID, at);
			else if (m->length == UINT64_MAX)
				m->length = length;
			else if (length == m->length)
				message_note(m, MESSAGE_LENGTH_REPEATED, at);
			else
				message_note(m, MESSAGE_LENGTH_CONFLICT, at);
		}
	}
	if (m->flaws & MESSAGE_LENGTH_INVALID)
		m->length = UINT64_MAX;
	m->has_plain_length = is_plain_length(m);
}

enum transfer {
	TRANSFER_NONE,
	TRANSFER_CHUNKED,
	TRANSFER_OTHER
};

/* What the last transfer coding is.  [RFC9112 6.1] */
static enum transfer
message_read_transfer(struct message *m)
{
	enum transfer last = TRANSFER_NONE;
	unsigned codings = 0, chunked = 0;
	uint64_t at = 0; /* of the last coding */

	for (size_t i = m->first_line[FIELD_TRANSFER_ENCODING]; i && i <= m->field_count;
		i++) {
		struct slice rest = m->fields[i - 1].value, element;

		if (m->fields[i - 1].id != FIELD_TRANSFER_ENCODING)
			continue;
		while (list_next(&rest, &element)) {
			codings++;
			at = offset_in(m, element.at);
			if (slice_eq_nocase(element, SLICE("chunked"))) {
				last = TRANSFER_CHUNKED;
				chunked++;
			} else if (!slice_eq_nocase(element, SLICE("identity"))) {
				last = TRANSFER_OTHER;
			} else {
				message_note(m, MESSAGE_TE_MALFORMED, at);
			}
		}
		if (!codings)
			message_note(m, MESSAGE_TE_MALFORMED,
				offset_in(m, m->fields[i - 1].value.at));
	}
	if (chunked > 1 || (chunked && last != TRANSFER_CHUNKED))
		message_note(m, MESSAGE_TE_MALFORMED, at);
	return last;
}

static void
message_frame(struct message *m, enum framing without)
{
	enum transfer transfer = message_read_transfer(m);

	message_read_length(m);
	if (transfer != TRANSFER_NONE && message_has(m, FIELD_CONTENT_LENGTH))
		message_note(m, MESSAGE_LENGTH_AND_TE,
			offset_in(m, message_value(m, FIELD_CONTENT_LENGTH).at));
	if (transfer == TRANSFER_CHUNKED)
		m->framing = FRAMING_CHUNKED;
	else if (transfer == TRANSFER_OTHER)
		m->framing = without;
	else if (m->length != UINT64_MAX)
		m->framing = FRAMING_LENGTH;
	else
		m->framing = without;
}

void
message_frame_request(struct message *m)
{
	message_frame(m, FRAMING_NONE);
}

void
message_frame_response(struct message *m, enum method request)
{
	message_frame(m, FRAMING_CLOSE);
	if (m->status == 101 || (request == METHOD_CONNECT && m->status / 100 == 2))
		m->framing = FRAMING_TUNNEL;
	else if (m->status / 100 == 1 || m->status == 204 || m->status == 304 ||
		 request == METHOD_HEAD)
		m->framing = FRAMING_NONE;
}

unsigned
message_line_count(const struct message *m, enum field_id id)
{
	unsigned count = 0;

	for (size_t i = 0; i < m->field_count; i++)
		count += m->fields[i].id == id;
	return count;
}

struct slice
message_values(const struct message *m, enum field_id id, struct arena *arena)
{
	struct slice joined;
	uint8_t *at;

	if (!(m->repeated & FIELD_BIT(id)))
		return message_value(m, id);
	joined.n = 2 * (message_line_count(m, id) - 1);
	for (size_t i = 0; i < m->field_count; i++)
		if (m->fields[i].id == id)
			joined.n += m->fields[i].value.n;
	joined.at = at = arena_alloc(arena, joined.n);
	for (size_t i = 0; i < m->field_count; i++) {
		const struct field *f = &m->fields[i];

		if (f->id != id)
			continue;
		if (at != joined.at) {
			*at++ = ',';
			*at++ = ' ';
		}
		memcpy(at, f->value.at, f->value.n);
		at += f->value.n;
	}
	return joined;
}
