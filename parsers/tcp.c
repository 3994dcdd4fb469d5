#include "parsers/tcp.h"

#include "parsers/fetch.h"

#include "parsers/segment.h"

enum {
	TCP_BYTES_MIN = 20,
	OPTION_END = 0,
	OPTION_NOTHING = 1,
	OPTION_MD5 = 19,
	OPTION_AUTHENTICATION = 29,
};

static bool
tcp_is_signed(struct slice options)
{
	while (options.n && options.at[0] != OPTION_END) {
		size_t length = 1;

		if (options.at[0] == OPTION_MD5 || options.at[0] == OPTION_AUTHENTICATION)
			return true;
		if (options.at[0] != OPTION_NOTHING) {
			if (options.n < 2 || options.at[1] < 2)
				return false;
			length = options.at[1];
		}
		options = slice_from(options, length);
	}
	return false;
}

bool
tcp_decode(struct tcp_header *tcp, struct slice segment, uint32_t wire_bytes)
{
	const uint8_t *at = segment.at;

	if (segment.n < TCP_BYTES_MIN)
		return false;
	tcp->bytes = (uint8_t)((at[12] >> 4) * 4);
	if (tcp->bytes < TCP_BYTES_MIN || tcp->bytes > wire_bytes)
		return false;
	tcp->sport = fetch_be16(at);
	tcp->dport = fetch_be16(at + 2);
	tcp->seq = fetch_be32(at + 4);
	tcp->ack = fetch_be32(at + 8);
	tcp->flags = at[13];
	tcp->window = fetch_be16(at + 14);
	tcp->checksum = fetch_be16(at + 16);
	tcp->is_signed = tcp->flags & TCP_RST &&
			 tcp_is_signed(slice_part(segment, TCP_BYTES_MIN, tcp->bytes));
	return true;
}
