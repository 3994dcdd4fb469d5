// room: ct_parsers
#include "parsers/segment.h"
#include "parsers/tcp.h"
#include "tests/lib/rows.h"

enum {
	PORTS_TO_ACK = 12,
	HEADER_BYTES = 20,
	OPTIONS_MAX = 40,
};

struct signature_row {
	const char *name;
	uint8_t flags, words; /* of options */
	uint8_t options[OPTIONS_MAX];
	size_t captured; /* of them */
	bool is_signed;
};

static const struct signature_row signature_rows[] = {
	{"a reset without options", TCP_RST, 0, {0}, 0, false},
	{"a reset with an MD5 signature", TCP_RST | TCP_ACK, 5, {19, 18}, 20, true},
	{"a reset with TCP-AO", TCP_RST, 1, {29, 4, 1, 1}, 4, true},
	{"behind other options", TCP_RST, 4, {1, 1, 8, 10, 0, 0, 0, 0, 0, 0, 0, 0, 29, 4},
		16, true},
	{"behind the end of the options", TCP_RST, 2, {0, 0, 0, 0, 29, 4}, 8, false},
	{"inside another option", TCP_RST, 2, {254, 8, 29, 4, 29, 4, 29, 4}, 8, false},
	{"an option without length", TCP_RST, 1, {1, 1, 1, 8}, 4, false},
	{"an option of length 0", TCP_RST, 2, {8, 0, 29, 4, 29, 4}, 8, false},
	{"an option longer than the header", TCP_RST, 1, {8, 40, 29, 4}, 4, false},
	{"options that were not captured", TCP_RST, 5, {19, 18}, 0, false},
	{"data are never asked for a signature", TCP_ACK, 5, {19, 18}, 20, false},
};

static void
test_signature(void **state)
{
	const struct signature_row *row = *state;
	size_t n = HEADER_BYTES + row->captured;
	uint8_t header[HEADER_BYTES + OPTIONS_MAX] = {0};
	struct guard guard = {0};
	struct tcp_header tcp;

	header[PORTS_TO_ACK] = (uint8_t)((5 + row->words) << 4);
	header[PORTS_TO_ACK + 1] = row->flags;
	memcpy(header + HEADER_BYTES, row->options, row->captured);
	assert_true(tcp_decode(
		&tcp, guard_slice(&guard, header, n), HEADER_BYTES + OPTIONS_MAX));
	assert_int_equal(tcp.is_signed, row->is_signed);
	assert_int_equal(tcp.bytes, HEADER_BYTES + 4 * row->words);
	guard_fini(&guard);
}

int
main(int argc, char **argv)
{
	rows_filter(argc, argv);
	return ROWS_RUN(signature_rows, test_signature);
}
