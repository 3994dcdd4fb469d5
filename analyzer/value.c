#include "analyzer/value.h"

#include "analyzer/config.h"

#include <errno.h>
#include <regex.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* strtoull() alone takes blanks and a sign, too. */
static bool
read_digits(const char *text, char **end, uint64_t *number)
{
	errno = 0;
	*number = strtoull(text, end, 10);
	return *text >= '0' && *text <= '9' && !errno;
}

int
value_number(const char *option, const char *text, uint64_t least, uint64_t most,
	uint64_t *number, struct err *err)
{
	char *end;

	if (!read_digits(text, &end, number) || *end || *number < least || *number > most)
		return err_set(err, EXIT_USAGE,
			"--%s wants a number from %llu to %llu, not %s", option,
			(unsigned long long)least, (unsigned long long)most, text);
	return 0;
}

int
value_size(const char *option, const char *text, uint64_t least, uint64_t *bytes,
	struct err *err)
{
	static const char units[] = "KMGT";
	char *end;
	const char *unit;

	if (!read_digits(text, &end, bytes))
		goto bad;
	for (unit = units; *end && *unit; unit++) {
		if (*bytes >> 53)
			goto bad;
		*bytes *= 1024;
		if (*end == *unit || *end == *unit + ('a' - 'A')) {
			end++;
			break;
		}
	}
	if (*end || *bytes < least)
		goto bad;
	return 0;
bad:
	return err_set(err, EXIT_USAGE, "--%s wants a size of %s or more, not %s", option,
		least > 1 ? "1M" : "1", text);
}

int
value_choice(const char *option, const char *text, const char *const *choices,
	unsigned count, unsigned *choice, struct err *err)
{
	for (unsigned i = 0; i < count; i++)
		if (strcmp(text, choices[i]) == 0) {
			*choice = i;
			return 0;
		}
	return err_set(err, EXIT_USAGE, "--%s: no such choice: %s", option, text);
}

int
value_duration(
	const char *option, const char *text, int64_t *duration_ns, struct err *err)
{
	static const char prefix[] = "duration:";
	uint64_t seconds;

	if (strncmp(text, prefix, sizeof prefix - 1) != 0)
		return err_set(
			err, EXIT_USAGE, "--%s wants duration:S, not %s", option, text);
	if (value_number(option, text + sizeof prefix - 1, 1, 1u << 30, &seconds, err) <
		0)
		return -1;
	*duration_ns = (int64_t)seconds * CONFIG_S_NS;
	return 0;
}

int
value_age(const char *option, const char *text, uint32_t *age_s, struct err *err)
{
	static const struct {
		char letter;
		unsigned seconds;
	} units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}};
	char *end;
	uint64_t count;
	bool is_number = read_digits(text, &end, &count);

	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (is_number && end[0] == units[i].letter && !end[1] && count &&
			count <= INT32_MAX / units[i].seconds) {
			*age_s = (uint32_t)count * units[i].seconds;
			return 0;
		}
	return err_set(err, EXIT_USAGE, "--%s wants a time such as 30m or 24h, not %s",
		option, text);
}

int
value_expression(
	const char *option, const char *text, const char **expression, struct err *err)
{
	regex_t compiled;
	char reason[128];
	int code = regcomp(&compiled, text, REG_EXTENDED | REG_NOSUB);

	if (code) {
		regerror(code, &compiled, reason, sizeof reason);
		return err_set(err, EXIT_USAGE, "--%s: %s: %s", option, text, reason);
	}
	regfree(&compiled);
	*expression = text;
	return 0;
}
