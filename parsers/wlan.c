#include "parsers/wlan.h"

#include "parsers/ethertype.h"
#include "parsers/fetch.h"

enum {
	/* The first octet of frame control: version, type, subtype. */
	CONTROL_KIND_MASK = 0x0f,
	CONTROL_DATA = 0x08,
	CONTROL_NO_DATA = 0x40,
	CONTROL_QOS = 0x80,
	/* The second: flags. */
	CONTROL_FOUR_ADDRESSES = 0x03,
	CONTROL_MORE_FRAGMENTS = 0x04,
	CONTROL_PROTECTED = 0x40,
	CONTROL_HT = 0x80, /* in frames with QoS */
	WLAN_BYTES = 24,
	WLAN_FRAGMENT_AT = 22,
	WLAN_FRAGMENT_MASK = 0x0f,
	ADDRESS_BYTES = 6,
	QOS_BYTES = 2,
	QOS_AGGREGATE = 0x80,
	HT_BYTES = 4,

	RADIOTAP_BYTES = 8,
	RADIOTAP_FLAG_FCS = 0x10,
	RADIOTAP_FLAG_PADDED = 0x20,
	RADIOTAP_FLAG_BAD_FCS = 0x40,
	RADIOTAP_TIME_BYTES = 8,
	FCS_BYTES = 4,

	OLD_BYTES = 8, /* magic or message, and length */
	OLD_LENGTH_MAX = 4096,
};

#define RADIOTAP_HAS_TIME UINT32_C(0x1)
#define RADIOTAP_HAS_FLAGS UINT32_C(0x2)
#define RADIOTAP_HAS_MORE UINT32_C(0x80000000)
#define AVS_MAGIC UINT32_C(0x80211000)
#define AVS_MAGIC_MASK UINT32_C(0xfffff000)

const char *
link_unread_name(enum link_unread unread)
{
	static const char *const names[LINK_UNREADS] = {
		"nothing", "no_data", "protected", "fragment", "aggregate"};

	return names[unread];
}

static enum link_next
unread(struct link_header *link, enum link_unread why)
{
	link->unread = (uint8_t)why;
	return LINK_NEXT_OTHER;
}

/* What frame control says against it. */
static enum link_unread
control_unread(const uint8_t *at)
{
	if ((at[0] & CONTROL_KIND_MASK) != CONTROL_DATA || at[0] & CONTROL_NO_DATA)
		return LINK_UNREAD_NO_DATA;
	if (at[1] & CONTROL_PROTECTED)
		return LINK_UNREAD_PROTECTED;
	return at[1] & CONTROL_MORE_FRAGMENTS ? LINK_UNREAD_FRAGMENT
					      : LINK_UNREAD_NOTHING;
}

/* `alignment` is 1, or 4 where the header was padded by the driver. */
static enum link_next
frame_decode(struct link_header *link, struct slice frame, uint32_t alignment)
{
	struct slice rest = slice_from(frame, link->bytes);
	uint32_t bytes = WLAN_BYTES;
	const uint8_t *qos;
	enum link_unread why;

	if (rest.n < 2)
		return LINK_NEXT_CUT;
	why = control_unread(rest.at);
	if (why != LINK_UNREAD_NOTHING)
		return unread(link, why);
	if ((rest.at[1] & CONTROL_FOUR_ADDRESSES) == CONTROL_FOUR_ADDRESSES)
		bytes += ADDRESS_BYTES;
	if (rest.n < bytes + QOS_BYTES)
		return LINK_NEXT_CUT;
	if (rest.at[WLAN_FRAGMENT_AT] & WLAN_FRAGMENT_MASK)
		return unread(link, LINK_UNREAD_FRAGMENT);
	if (rest.at[0] & CONTROL_QOS) {
		qos = rest.at + bytes;
		if (*qos & QOS_AGGREGATE)
			return unread(link, LINK_UNREAD_AGGREGATE);
		bytes += QOS_BYTES + (rest.at[1] & CONTROL_HT ? HT_BYTES : 0);
	}
	bytes = (bytes + alignment - 1) / alignment * alignment;
	if (!link_take(link, frame, bytes))
		return LINK_NEXT_CUT;
	return ethertype_llc(link, frame);
}

enum link_next
wlan_decode(struct link_header *link, struct slice frame)
{
	return frame_decode(link, frame, 1);
}

/* 0 where there are none. */
static unsigned
radiotap_flags(struct slice header)
{
	uint32_t present = fetch_le32(header.at + 4);
	size_t at = RADIOTAP_BYTES;

	if (!(present & RADIOTAP_HAS_FLAGS))
		return 0;
	for (uint32_t more = present; more & RADIOTAP_HAS_MORE; at += 4) {
		if (header.n - at < 4)
			return 0;
		more = fetch_le32(header.at + at);
	}
	if (present & RADIOTAP_HAS_TIME) /* aligned to its size */
		at = (at + RADIOTAP_TIME_BYTES - 1) / RADIOTAP_TIME_BYTES *
			     RADIOTAP_TIME_BYTES +
		     RADIOTAP_TIME_BYTES;
	return at < header.n ? header.at[at] : 0;
}

enum link_next
wlan_radiotap(struct link_header *link, struct slice frame)
{
	struct slice rest = slice_from(frame, link->bytes);
	uint32_t bytes;
	unsigned flags;

	if (rest.n < RADIOTAP_BYTES)
		return LINK_NEXT_CUT;
	bytes = fetch_le16(rest.at + 2);
	if (bytes < RADIOTAP_BYTES || !link_take(link, frame, bytes))
		return LINK_NEXT_CUT;
	flags = radiotap_flags(slice_part(rest, 0, bytes));
	if (flags & RADIOTAP_FLAG_BAD_FCS)
		return LINK_NEXT_DAMAGED;
	if (flags & RADIOTAP_FLAG_FCS)
		link->trailer_bytes = FCS_BYTES;
	return frame_decode(link, frame, flags & RADIOTAP_FLAG_PADDED ? 4 : 1);
}

enum link_next
wlan_prism(struct link_header *link, struct slice frame)
{
	struct slice rest = slice_from(frame, link->bytes);
	uint32_t bytes;

	if (rest.n < OLD_BYTES)
		return LINK_NEXT_CUT;
	bytes = fetch_be32(rest.at + 4);
	if ((fetch_be32(rest.at) & AVS_MAGIC_MASK) != AVS_MAGIC && bytes > OLD_LENGTH_MAX)
		bytes = fetch_le32(rest.at + 4);
	if (bytes < OLD_BYTES || !link_take(link, frame, bytes))
		return LINK_NEXT_CUT;
	return frame_decode(link, frame, 1);
}
