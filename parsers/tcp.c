#include "parsers/tcp.h"

#include "parsers/fetch.h"

enum {
	TCP_BYTES_MIN = 20
};

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
	return true;
}
