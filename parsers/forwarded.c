#include "parsers/forwarded.h"

#include "parsers/list.h"
#include "parsers/number.h"

void
forwarded_open(struct forwarded *forwarded, struct slice value)
{
	struct slice rest = value, element;

	forwarded->value = value;
	forwarded->count = 0;
	while (list_next(&rest, &element))
		forwarded->hops[forwarded->count++ % FORWARDED_HOPS_MAX] = element;
}

size_t
forwarded_hops(const struct forwarded *forwarded)
{
	return forwarded->count < FORWARDED_HOPS_MAX ? forwarded->count
						     : FORWARDED_HOPS_MAX;
}

struct slice
forwarded_hop(const struct forwarded *forwarded, size_t number)
{
	return forwarded->hops[(forwarded->count - 1 - number) % FORWARDED_HOPS_MAX];
}

/* Without the quotes around it.  An address has nothing to escape. */
static struct slice
unquoted(struct slice s)
{
	if (s.n >= 2 && s.at[0] == '"' && s.at[s.n - 1] == '"')
		return slice_part(s, 1, s.n - 1);
	return s;
}

/* A port, or a name in its place: _hidden and the like. */
static bool
is_port(struct slice s)
{
	uint64_t port;

	return number_decimal(s, &port) ? port <= 65535 : s.n > 1 && s.at[0] == '_';
}

bool
forwarded_address(struct slice node, struct address *address)
{
	size_t end;

	node = unquoted(node);
	if (address_parse(node, address))
		return true;
	if (node.n && node.at[0] == '[') {
		end = slice_find(node, ']', 0);
		if (end == node.n || !address_parse(slice_part(node, 1, end), address))
			return false;
		node = slice_from(node, end + 1);
		return !node.n || (node.at[0] == ':' && is_port(slice_from(node, 1)));
	}
	end = slice_find(node, ':', 0);
	return end < node.n && is_port(slice_from(node, end + 1)) &&
	       address_parse(slice_part(node, 0, end), address);
}

/* The end of the pair at the start of `s`: a semicolon outside of quotes, or s.n. */
static size_t
pair_end(struct slice s)
{
	bool quoted = false;
	size_t i = 0;

	for (; i < s.n && (quoted || s.at[i] != ';'); i++) {
		if (s.at[i] == '"')
			quoted = !quoted;
		else if (quoted && s.at[i] == '\\')
			i++;
	}
	return i < s.n ? i : s.n;
}

bool
forwarded_for(struct slice element, struct address *address)
{
	while (element.n) {
		struct slice pair = slice_trim(slice_part(element, 0, pair_end(element)));
		size_t equals = slice_find(pair, '=', 0);

		if (slice_eq_nocase(slice_part(pair, 0, equals), SLICE("for")))
			return forwarded_address(slice_from(pair, equals + 1), address);
		element = slice_from(element, pair_end(element) + 1);
	}
	return false;
}
