#include "analyzer/history/glance.h"

uint64_t
glance_tag(struct key resource, const struct etag *tag)
{
	if (!tag->raw.at || tag->flaws & ETAG_EMPTY)
		return 0;
	return key_add(key_add_number(resource, etag_is_malformed(tag)), tag->opaque)
		       .low |
	       1;
}

struct glance
glance_of(struct key resource, const struct observation *o)
{
	struct glance glance = {.tag = glance_tag(resource, &o->etag),
		.client = o->client.low,
		.modified_s = GLANCE_NO_DATE};

	if (o->whole && o->has_digest && !o->is_head)
		glance.octets = glance_octets(o->digest, o->body_bytes);
	if (o->last_modified_date.form != HTTPDATE_INVALID)
		glance.modified_s = o->last_modified_date.unix_s;
	return glance;
}
