#include "analyzer/export/sarif_result.h"

#include "analyzer/base/key.h"
#include "analyzer/base/text.h"

#include <inttypes.h>
#include <stdio.h>

/* ---- strings ---- */

void
sarif_result_text(struct json *json, const char *key, struct slice text)
{
	struct out safe, escaped;

	out_init_memory(&safe);
	out_init_memory(&escaped);
	text_safe(&safe, text);
	text = out_contents(&safe);
	for (size_t i = 0; i < text.n; i++) {
		uint8_t c = text.at[i];

		if (c == '[' || c == ']')
			out_octet(&escaped, '\\');
		if (c == '{' || c == '}')
			out_octet(&escaped, c);
		out_octet(&escaped, c);
	}
	json_put_octets(json, key, out_contents(&escaped));
	out_fini(&safe);
	out_fini(&escaped);
}

static bool
is_unreserved(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || (c && strchr("-._~/", c));
}

void
sarif_result_uri(struct json *json, struct slice path)
{
	struct out uri;

	out_init_memory(&uri);
	if (path.n && path.at[0] == '/')
		out_text(&uri, "file://");
	for (size_t i = 0; i < path.n; i++) {
		if (is_unreserved(path.at[i]))
			out_octet(&uri, path.at[i]);
		else
			out_format(&uri, "%%%02X", path.at[i]);
	}
	json_put_octets(json, "uri", out_contents(&uri));
	out_fini(&uri);
}

const char *
sarif_result_level(enum severity severity)
{
	static const char *const levels[] = {[SEVERITY_VIOLATION] = "error",
		[SEVERITY_WARNING] = "warning",
		[SEVERITY_ADVICE] = "note"};

	return levels[severity];
}

static struct slice
text_of(const struct jsonvalue *object, const char *key)
{
	const struct jsonvalue *value = jsonvalue_get(object, key);

	return value && value->type == JSONVALUE_STRING ? value->text
							: (struct slice){NULL, 0};
}

/* ---- where ---- */

int64_t
sarif_result_artifact(struct slice path, const struct jsonvalue *sources)
{
	int64_t index = 0;

	for (const struct jsonvalue *s = sources ? sources->first : NULL; s;
		s = s->next) {
		if (slice_eq(text_of(s, "format"), SLICE("live")))
			continue;
		if (slice_eq(text_of(s, "path"), path))
			return index;
		index++;
	}
	return -1;
}

static void
put_region(struct json *json, const struct jsonvalue *first)
{
	const struct jsonvalue *offset = jsonvalue_get(first, "file_offset");
	const struct jsonvalue *octets = jsonvalue_get(first, "file_octets");

	if (!offset || !octets || offset->type != JSONVALUE_INTEGER ||
		octets->type != JSONVALUE_INTEGER)
		return;
	json_key(json, "region");
	json_object_inline(json);
	json_put_int(json, "byteOffset", offset->integer);
	json_put_int(json, "byteLength", octets->integer);
	json_end(json);
}

static void
put_location(
	struct json *json, const struct found *found, const struct jsonvalue *sources)
{
	const struct jsonvalue *first = jsonvalue_get(found->value, "first");
	struct slice path = text_of(first, "source");
	int64_t artifact = sarif_result_artifact(path, sources);

	json_key(json, "locations");
	json_array(json);
	json_object(json);
	if (artifact >= 0) {
		json_key(json, "physicalLocation");
		json_object(json);
		json_key(json, "artifactLocation");
		json_object_inline(json);
		sarif_result_uri(json, path);
		json_put_int(json, "index", artifact);
		json_end(json);
		put_region(json, first);
		json_end(json);
	}
	json_key(json, "logicalLocations");
	json_array(json);
	json_object_inline(json);
	json_put_octets(json, "fullyQualifiedName", found->subject);
	json_put_octets(json, "kind", found->by);
	json_end(json);
	json_end(json);
	json_end(json);
	json_end(json);
}

/* ---- heads ---- */

enum {
	FIELDS_MAX = 256
};

struct line {
	struct slice name, value;
	bool is_more; /* of a name before it */
};

static struct slice
next_line(struct slice *head)
{
	size_t end = slice_find(*head, '\n', 0);
	struct slice line = slice_part(*head, 0, end);

	*head = slice_from(*head, end + 1);
	return slice_has_suffix(line, SLICE("\r")) ? slice_part(line, 0, line.n - 1)
						   : line;
}

static struct slice
next_word(struct slice *line)
{
	size_t end = slice_find(*line, ' ', 0);
	struct slice word = slice_part(*line, 0, end);

	*line = slice_from(*line, end + 1);
	return word;
}

static size_t
read_fields(struct line *fields, struct slice head)
{
	size_t count = 0;

	while (head.n && count < FIELDS_MAX) {
		struct slice line = next_line(&head);
		size_t colon = slice_find(line, ':', 0);
		struct line *field = &fields[count];

		if (!colon || colon == line.n)
			continue;
		*field = (struct line){slice_trim(slice_part(line, 0, colon)),
			slice_trim(slice_from(line, colon + 1)), false};
		for (size_t i = 0; i < count && !field->is_more; i++)
			field->is_more = slice_eq_nocase(fields[i].name, field->name);
		count++;
	}
	return count;
}

/* Lines of one name are one member, with commas. */
static void
put_headers(struct json *json, struct slice head)
{
	struct line *fields = mem_alloc(FIELDS_MAX * sizeof *fields);
	size_t count = read_fields(fields, head);

	json_key(json, "headers");
	json_object(json);
	for (size_t i = 0; i < count; i++) {
		struct out value;

		if (fields[i].is_more)
			continue;
		out_init_memory(&value);
		out_slice(&value, fields[i].value);
		for (size_t j = i + 1; j < count; j++)
			if (slice_eq_nocase(fields[i].name, fields[j].name)) {
				out_text(&value, ", ");
				out_slice(&value, fields[j].value);
			}
		json_key_octets(json, fields[i].name);
		json_octets(json, out_contents(&value));
		out_fini(&value);
	}
	json_end(json);
	mem_free(fields);
}

/* "HTTP/1.1" */
static void
put_protocol(struct json *json, struct slice version)
{
	size_t slash = slice_find(version, '/', 0);

	if (slash == version.n)
		return;
	json_put_octets(json, "protocol", slice_part(version, 0, slash));
	json_put_octets(json, "version", slice_from(version, slash + 1));
}

static void
put_request(struct json *json, struct slice head)
{
	struct slice line = next_line(&head);
	struct slice method = next_word(&line), target = next_word(&line);

	json_key(json, "webRequest");
	json_object(json);
	put_protocol(json, line);
	json_put_octets(json, "method", method);
	json_put_octets(json, "target", target);
	put_headers(json, head);
	json_end(json);
}

static bool
is_status(struct slice word)
{
	bool digits = word.n == 3;

	for (size_t i = 0; i < word.n; i++)
		digits &= word.at[i] >= '0' && word.at[i] <= '9';
	return digits;
}

static void
put_response(struct json *json, struct slice head)
{
	struct slice line = next_line(&head);
	struct slice version = next_word(&line), status = next_word(&line);

	json_key(json, "webResponse");
	json_object(json);
	put_protocol(json, version);
	if (is_status(status))
		json_put_uint(json, "statusCode",
			(status.at[0] - '0') * 100u + (status.at[1] - '0') * 10u +
				(status.at[2] - '0'));
	json_put_octets(json, "reasonPhrase", line);
	put_headers(json, head);
	json_end(json);
}

/* ---- the rest ---- */

/* Of what makes it the same (found.h) in every run, so without a secret seed. */
static void
put_fingerprint(struct json *json, const struct found *found)
{
	const struct slice parts[] = {
		found->rule, found->kind, found->by, found->host, found->within};
	struct key key;
	struct out text;
	char hex[33];

	out_init_memory(&text);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		out_slice(&text, parts[i]);
		out_text(&text, "\n");
	}
	key = key_printed(out_contents(&text));
	out_fini(&text);
	snprintf(hex, sizeof hex, "%016" PRIx64 "%016" PRIx64, key.high, key.low);
	json_key(json, "partialFingerprints");
	json_object_inline(json);
	json_put_text(json, "ruleHostPath/v1", hex);
	json_end(json);
}

static void
put_message(struct json *json, const struct found *found)
{
	struct slice note = text_of(jsonvalue_get(found->value, "first"), "note");
	struct out text;

	out_init_memory(&text);
	out_slice(&text, note.n ? note : found->rule);
	out_text(&text, " (");
	out_slice(&text, found->subject);
	out_format(&text, ", %llu exchange%s)", (unsigned long long)found->count,
		found->count == 1 ? "" : "s");
	json_key(json, "message");
	json_object_inline(json);
	sarif_result_text(json, "text", out_contents(&text));
	json_end(json);
	out_fini(&text);
}

static void
put_member(struct json *json, const struct jsonvalue *object, const char *key)
{
	const struct jsonvalue *value = jsonvalue_get(object, key);

	if (!value || value->type == JSONVALUE_NULL)
		return;
	json_key(json, key);
	jsonvalue_write(json, value);
}

static void
put_properties(struct json *json, const struct found *found)
{
	static const char *const of_finding[] = {
		"kind", "confidence", "tentative", "fault", "octets", "last_us"};
	static const char *const of_first[] = {
		"ts_us", "request_frames", "response_frames", "flow", "filter"};

	json_key(json, "properties");
	json_object(json);
	for (size_t i = 0; i < sizeof of_finding / sizeof *of_finding; i++)
		put_member(json, found->value, of_finding[i]);
	for (size_t i = 0; i < sizeof of_first / sizeof *of_first; i++)
		put_member(json, jsonvalue_get(found->value, "first"), of_first[i]);
	json_end(json);
}

static void
put_heads(struct json *json, const struct jsonvalue *first)
{
	struct slice request = text_of(first, "request_head");
	struct slice response = text_of(first, "response_head");

	if (request.n)
		put_request(json, request);
	if (response.n) {
		put_response(json, response);
	} else if (request.n && !jsonvalue_get(first, "response_frames")) {
		json_key(json, "webResponse");
		json_object_inline(json);
		json_put_bool(json, "noResponseReceived", true);
		json_end(json);
	}
}

void
sarif_result(struct json *json, const struct found *found, size_t rule,
	const char *baseline_state, const struct jsonvalue *sources)
{
	json_object(json);
	json_put_octets(json, "ruleId", found->rule);
	json_put_uint(json, "ruleIndex", rule);
	json_put_text(json, "level", sarif_result_level(found->severity));
	if (baseline_state)
		json_put_text(json, "baselineState", baseline_state);
	put_message(json, found);
	put_location(json, found, sources);
	if (found->count)
		json_put_uint(json, "occurrenceCount", found->count);
	put_fingerprint(json, found);
	put_heads(json, jsonvalue_get(found->value, "first"));
	put_properties(json, found);
	json_end(json);
}
