#include "analyzer/ledger/cause.h"

#include "analyzer/history/validator.h"

enum {
	GROUPS_MAX = 3
};

/* The hexadecimal groups of a tag such as 2d-432a5e4a73a80; 0 if it is none. */
static unsigned
hex_groups(struct slice opaque, struct slice groups[GROUPS_MAX])
{
	unsigned count = 0;

	for (size_t begin = 0; begin <= opaque.n;) {
		size_t end = slice_find(opaque, '-', begin);
		struct slice group = slice_part(opaque, begin, end);

		if (group.n == 0 || count == GROUPS_MAX)
			return 0;
		for (size_t i = 0; i < group.n; i++) {
			uint8_t c = octet_lower(group.at[i]);

			if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
				return 0;
		}
		groups[count++] = group;
		begin = end + 1;
	}
	return count;
}

/* What tells one tag from another that names the same octets. */
static enum waste_cause
of_new_tag(const struct etag *old, const struct etag *new)
{
	struct slice a[GROUPS_MAX], b[GROUPS_MAX], suffix_a, suffix_b;
	struct slice stem_a = etag_without_coding_suffix(old->opaque, &suffix_a);
	struct slice stem_b = etag_without_coding_suffix(new->opaque, &suffix_b);
	unsigned count;

	if ((suffix_a.n || suffix_b.n) && slice_eq(stem_a, stem_b))
		return CAUSE_CODING_SUFFIX;
	count = hex_groups(stem_a, a);
	if (count != hex_groups(stem_b, b))
		return CAUSE_UNCLASSIFIED;
	if (count == 3 && !slice_eq(a[0], b[0]) && slice_eq(a[1], b[1]) &&
		slice_eq(a[2], b[2]))
		return CAUSE_INODE;
	if (count == 2 && slice_eq(a[0], b[0]) != slice_eq(a[1], b[1]))
		return CAUSE_MTIME;
	return CAUSE_UNCLASSIFIED;
}

enum waste_cause
cause_of_ignored_match(const struct exchange *x)
{
	struct slice suffix = {NULL, 0};

	if (validator_is_asked_by_tag(x)) {
		etag_without_coding_suffix(x->etag.opaque, &suffix);
		if (suffix.n)
			return CAUSE_CODING_SUFFIX;
	}
	/* Without Cache-Control only Pragma: no-cache forces. */
	if (x->q_cc.present & CC_NO_CACHE ||
		(x->forced && !message_has(&x->q, FIELD_CACHE_CONTROL)))
		return CAUSE_REQUEST_NO_CACHE;
	if (x->cond == COND_IMS && x->ims.unix_s > x->last_modified.unix_s)
		return CAUSE_EXACT_DATE;
	return CAUSE_NONE;
}

static enum waste_cause
cause_of_new_date(const struct exchange *x)
{
	int64_t apart_s = x->date.unix_s - x->last_modified.unix_s;

	if (!validator_has_date(x))
		return CAUSE_VALIDATOR_DROPPED;
	if (x->date.form != HTTPDATE_INVALID && apart_s >= -1 && apart_s <= 1)
		return CAUSE_DATE_NOW;
	return CAUSE_DATE_MOVED;
}

enum waste_cause
cause_of_churn(const struct exchange *x, const struct etag *old)
{
	if (!validator_is_asked_by_tag(x))
		return cause_of_new_date(x);
	if (!validator_has_tag(x))
		return CAUSE_VALIDATOR_DROPPED;
	return of_new_tag(old, &x->etag);
}
