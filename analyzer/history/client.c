#include "analyzer/history/client.h"

struct key
client_key(uint64_t seed, const struct exchange *x)
{
	const struct address *address = &x->client.address;
	struct key key = key_start(seed);

	key = key_add(key, slice_of(address->octets, sizeof address->octets));
	return key_add(key, message_value(&x->q, FIELD_USER_AGENT));
}
