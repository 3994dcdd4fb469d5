#include "analyzer/base/text.h"
#include "analyzer/report/har_parts.h"
#include "analyzer/report/sums.h"
#include "parsers/chars.h"
#include "parsers/cookie.h"

#include <stdio.h>

/* ---- what both have ---- */

static void
put_version(struct json *json, const struct message *m)
{
	char version[16];

	snprintf(version, sizeof version, "HTTP/%u.%u", m->major, m->minor);
	json_put_text(json, "httpVersion", version);
}

static void
put_pair(struct json *json, struct slice name, struct slice value)
{
	json_object(json);
	json_put_octets(json, "name", name);
	json_put_octets(json, "value", value);
	json_end(json);
}

static void
put_headers(struct json *json, const struct message *m, enum redact redact)
{
	json_key(json, "headers");
	json_array(json);
	for (size_t i = 0; i < m->field_count; i++)
		put_pair(json, redact_name(redact, &m->fields[i]),
			redact_value(redact, &m->fields[i]));
	json_end(json);
}

/* Of Cookie all pairs, of Set-Cookie the first: what follows are attributes. */
static void
put_cookies(struct json *json, const struct message *m, enum redact redact)
{
	json_key(json, "cookies");
	json_array(json);
	for (size_t i = 0; redact == REDACT_NONE && i < m->field_count; i++) {
		struct slice rest = m->fields[i].value, name, value;
		bool set = m->fields[i].id == FIELD_SET_COOKIE;

		if (!set && m->fields[i].id != FIELD_COOKIE)
			continue;
		while (cookie_next(&rest, &name, &value)) {
			put_pair(json, name, value);
			if (set)
				break;
		}
	}
	json_end(json);
}

/* ---- request ---- */

static bool
is_url_octet(uint8_t c)
{
	return (c >= '0' && c <= '9') ||
	       (octet_lower(c) >= 'a' && octet_lower(c) <= 'z') ||
	       (c && strchr("-._~:/?#[]@!$&'()*+,;=%", c));
}

static void
put_url_part(struct out *out, struct slice part)
{
	for (size_t i = 0; i < part.n; i++)
		if (is_url_octet(part.at[i]))
			out_octet(out, part.at[i]);
		else
			out_format(out, "%%%02X", part.at[i]);
}

static void
put_url(struct json *json, const struct exchange *x)
{
	const struct endpoint *server = &x->server;
	struct out url;

	out_init_memory(&url);
	put_url_part(&url, x->scheme.n ? x->scheme : SLICE("http"));
	out_text(&url, "://");
	if (x->host.n)
		put_url_part(&url, x->host);
	else
		out_format(&url, address_is_ipv4(&server->address) ? "%s:%u" : "[%s]:%u",
			address_name(&server->address).s, server->port);
	if (x->path_query.n && x->path_query.at[0] != '/')
		out_octet(&url, '/');
	put_url_part(&url, x->path_query);
	json_put_octets(json, "url", out_contents(&url));
	out_fini(&url);
}

static void
put_query(struct json *json, struct slice path_query)
{
	struct slice rest = slice_from(path_query, slice_find(path_query, '?', 0) + 1);

	rest = slice_part(rest, 0, slice_find(rest, '#', 0));
	json_key(json, "queryString");
	json_array(json);
	while (rest.n) {
		struct slice pair = slice_part(rest, 0, slice_find(rest, '&', 0));
		size_t equals = slice_find(pair, '=', 0);

		if (pair.n)
			put_pair(json, slice_part(pair, 0, equals),
				slice_from(pair, equals + 1));
		rest = slice_from(rest, pair.n + 1);
	}
	json_end(json);
}

static void
put_request(struct json *json, const struct exchange *x, enum redact redact)
{
	json_key(json, "request");
	json_object(json);
	json_put_octets(json, "method", x->q.method);
	put_url(json, x);
	put_version(json, &x->q);
	put_cookies(json, &x->q, redact);
	put_headers(json, &x->q, redact);
	put_query(json, x->path_query);
	json_put_uint(json, "headersSize", x->q.head_bytes);
	json_put_uint(json, "bodySize", x->q.content_bytes + x->q.framing_bytes);
	json_end(json);
}

/* ---- response ---- */

/* The decoded size is known where a coding was undone without a fault. */
static void
put_content(struct json *json, const struct message *r)
{
	bool decoded = r->coded && r->coded->fault == CODED_FINE && r->complete;
	uint64_t size = decoded ? r->coded->out_bytes : r->content_bytes;

	json_key(json, "content");
	json_object(json);
	json_put_uint(json, "size", size);
	if (decoded)
		json_put_int(json, "compression", (int64_t)(size - r->content_bytes));
	json_put_octets(json, "mimeType", message_value(r, FIELD_CONTENT_TYPE));
	json_end(json);
}

static void
put_response(struct json *json, const struct exchange *x, enum redact redact)
{
	uint64_t head = exchange_r_head(x), body = exchange_r_wire(x);

	json_key(json, "response");
	json_object(json);
	json_put_uint(json, "status", x->r.status);
	json_put_octets(json, "statusText", x->r.reason);
	put_version(json, &x->r);
	put_cookies(json, &x->r, redact);
	put_headers(json, &x->r, redact);
	put_content(json, &x->r);
	json_put_octets(json, "redirectURL", message_value(&x->r, FIELD_LOCATION));
	json_put_uint(json, "headersSize", head);
	json_put_uint(json, "bodySize", body);
	json_put_uint(json, "_transferSize", head + body);
	json_end(json);
}

/* The format has no word for it; browsers write it so. */
static void
put_no_response(struct json *json)
{
	static const char *const texts[] = {"statusText", "httpVersion", "redirectURL"};
	static const char *const lists[] = {"cookies", "headers"};

	json_key(json, "response");
	json_object(json);
	json_put_uint(json, "status", 0);
	for (unsigned i = 0; i < sizeof texts / sizeof *texts; i++)
		json_put_text(json, texts[i], "");
	for (unsigned i = 0; i < sizeof lists / sizeof *lists; i++) {
		json_key(json, lists[i]);
		json_array(json);
		json_end(json);
	}
	json_key(json, "content");
	json_object(json);
	json_put_uint(json, "size", 0);
	json_put_text(json, "mimeType", "");
	json_end(json);
	json_put_int(json, "headersSize", -1);
	json_put_int(json, "bodySize", -1);
	json_put_text(json, "_error", "not answered");
	json_end(json);
}

void
har_put_messages(struct json *json, const struct record *record,
	const struct record_options *options)
{
	put_request(json, record->x, options->redact);
	if (record->x->has_response)
		put_response(json, record->x, options->redact);
	else
		put_no_response(json);
}
