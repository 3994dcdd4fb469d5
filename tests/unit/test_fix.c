// room: ct_ledger
/* Who would have to mend a waste, and which row of fix.def is for them. */
#include "analyzer/ledger/fix.h"

#include "tests/lib/make_exchange.h"
#include "tests/lib/rows.h"

struct party_row {
	const char *name;
	const char *agent, *response;
	enum fault fault;
	enum fix_party party;
};

static const struct party_row parties[] = {
	{"a name and a version", NULL, "200\nServer: nginx/1.22.1", FAULT_SERVER,
		FIX_NGINX},
	{"a name alone", NULL, "200\nServer: nginx", FAULT_SERVER, FIX_NGINX},
	{"a name and a comment", NULL, "200\nServer: Apache (Debian)", FAULT_SERVER,
		FIX_APACHE},
	{"Tomcat is no Apache", NULL, "200\nServer: Apache-Coyote/1.1", FAULT_SERVER,
		FIX_OTHER},
	{"an httpd of long ago", NULL, "200\nServer: Apache/1.3.42 (Unix)", FAULT_SERVER,
		FIX_OTHER},
	{"an httpd of now", NULL, "200\nServer: Apache/2.4.62 (Unix)", FAULT_SERVER,
		FIX_APACHE},
	{"an nginx of long ago", NULL, "200\nServer: nginx/0.8.54", FAULT_SERVER,
		FIX_OTHER},
	{"a name that only begins like one", NULL, "200\nServer: nginxy", FAULT_SERVER,
		FIX_OTHER},
	{"a server of another name, though its tag looks like nginx", NULL,
		"200\nServer: caddy\nETag: \"6553f100-13ec\"", FAULT_SERVER, FIX_OTHER},
	{"an application behind a server", NULL,
		"200\nServer: nginx\nX-Powered-By: Express", FAULT_SERVER, FIX_EXPRESS},
	{"a digest as Express makes it", NULL,
		"200\nServer: nginx\nETag: W/\"2710-K9Hj3aPq0dXv7uYtWbRzE1mNcLs\"",
		FAULT_SERVER, FIX_EXPRESS},
	{"the tag of a file of Express", NULL, "200\nETag: W/\"2710-18bcfe56800\"",
		FAULT_SERVER, FIX_EXPRESS},
	{"the tag of nginx", NULL, "200\nETag: W/\"6553f100-13ec\"", FAULT_SERVER,
		FIX_NGINX},
	{"the tag of Apache, with the mark of its compressor", NULL,
		"200\nETag: \"13ec-60a1b2c3d4e5f-gzip\"", FAULT_SERVER, FIX_APACHE},
	{"a tag of nobody", NULL, "200\nETag: \"v1\"", FAULT_SERVER, FIX_OTHER},
	{"no tag", NULL, "200", FAULT_SERVER, FIX_OTHER},
	{"a client that did it", "curl/7.88.1", "200\nServer: nginx", FAULT_CLIENT,
		FIX_CURL},
	{"a client that did not", "curl/7.88.1", "200\nServer: nginx", FAULT_SERVER,
		FIX_NGINX},
	{"a library", "python-requests/2.28.1", "200", FAULT_CLIENT, FIX_REQUESTS},
	{"wget", "Wget/1.21.3", "200", FAULT_CLIENT, FIX_WGET},
	{"a browser", "Mozilla/5.0 (X11)", "200", FAULT_CLIENT, FIX_OTHER},
};

static void
finds_the_party(void **state)
{
	const struct party_row *row = *state;
	struct exchange *x = make_exchange(&(struct making){
		.request = "GET /a", .response = row->response, .agent = row->agent});

	assert_int_equal(fix_party_of(x, row->fault), row->party);
	exchange_free(&x);
}

struct find_row {
	const char *name;
	enum waste_class class;
	enum waste_cause cause;
	enum fix_party party;
	const char *fix;
};

static const struct find_row finds[] = {
	{"cause and party", WASTE_IGNORED_MATCH, CAUSE_CODING_SUFFIX, FIX_APACHE,
		"apache-weak-tags"},
	{"lines for others do not help", WASTE_IGNORED_MATCH, CAUSE_CODING_SUFFIX,
		FIX_NGINX, "tags-without-suffix"},
	{"a sentence about the cause before lines for anything", WASTE_VALIDATOR_CHURN,
		CAUSE_DATE_MOVED, FIX_APACHE, "date-of-change"},
	{"any cause, that party", WASTE_BLIND_REFETCH, CAUSE_HEURISTIC, FIX_CURL,
		"curl-sends-the-tag"},
	{"any cause, any party", WASTE_BLIND_REFETCH, CAUSE_NONE, FIX_NGINX,
		"client-revalidates"},
};

static void
finds_the_fix(void **state)
{
	const struct find_row *row = *state;
	const struct fix *fix = fix_find(row->class, row->cause, row->party);

	assert_non_null(fix);
	assert_string_equal(fix->name, row->fix);
}

struct elsewhere_row {
	const char *name;
	enum waste_class class;
	enum waste_cause cause;
	enum fix_party party;
	const char *software, *fix; /* fix NULL: none */
};

static const struct elsewhere_row elsewheres[] = {
	{"nobody knows the server: lines of one that makes such tags",
		WASTE_VALIDATOR_CHURN, CAUSE_INODE, FIX_APACHE, "shopd/3.1",
		"apache-no-inode"},
	{"it cannot be another one", WASTE_VALIDATOR_CHURN, CAUSE_INODE, FIX_NGINX,
		"shopd/3.1", NULL},
	{"an old one of the same name is known, and not helped", WASTE_VALIDATOR_CHURN,
		CAUSE_INODE, FIX_APACHE, "Apache/2.0.1", NULL},
	{"clients have lines of clients", WASTE_BLIND_REFETCH, CAUSE_NONE, FIX_CURL,
		"kiosk/1.0", "curl-sends-the-tag"},
	{"no cause, no server of that kind", WASTE_BLIND_REFETCH, CAUSE_NONE, FIX_NGINX,
		"kiosk/1.0", NULL},
};

static void
finds_it_elsewhere(void **state)
{
	const struct elsewhere_row *row = *state;
	const struct fix *fix = fix_elsewhere(fix_find(row->class, row->cause, FIX_OTHER),
		row->cause, row->party, slice_of(row->software, strlen(row->software)));

	if (!row->fix) {
		assert_null(fix);
		return;
	}
	assert_non_null(fix);
	assert_string_equal(fix->name, row->fix);
}

/* Stands well behind "Not known: ": an open question. */
static bool
is_question(const char *unknown)
{
	static const char *const begins[] = {
		"Whether ", "Which ", "What ", "Where ", "How ", "Who ", "Why "};

	for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
		if (strncmp(unknown, begins[i], strlen(begins[i])) == 0)
			return true;
	return !*unknown;
}

/* Each class has a sentence; names are names; only parties that are known have lines. */
static void
table_is_whole(void **state)
{
	(void)state;
	for (unsigned class = 0; class < WASTE_COUNT; class ++)
		if (!fix_find(class, CAUSE_NONE, FIX_OTHER))
			fail_msg("fix.def says nothing of %s", waste_name(class));
	for (size_t i = 0; i < fix_count(); i++) {
		const struct fix *fix = fix_at(i);

		if (!*fix->what || (fix->party == FIX_OTHER) != !*fix->lines)
			fail_msg("%s: a sentence, and lines if the party is known",
				fix->name);
		if (!is_question(fix->unknown) || (*fix->mind && is_question(fix->mind)))
			fail_msg("%s: what is unknown is a question, what to mind is not",
				fix->name);
		if (strstr(fix->lines, "Header ") && !strstr(fix->mind, "mod_headers"))
			fail_msg("%s: Header is of mod_headers", fix->name);
		for (size_t k = 0; k < i; k++) {
			const struct fix *other = fix_at(k);

			if (strcmp(fix->name, other->name) == 0)
				fail_msg("%s is there twice", fix->name);
			if (fix->class == other->class && fix->cause == other->cause &&
				fix->party == other->party)
				fail_msg("%s hides %s", other->name, fix->name);
		}
	}
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest whole[] = {cmocka_unit_test(table_is_whole)};

	rows_filter(argc, argv);
	return ROWS_RUN(parties, finds_the_party) + ROWS_RUN(finds, finds_the_fix) +
	       ROWS_RUN(elsewheres, finds_it_elsewhere) +
	       cmocka_run_group_tests(whole, NULL, NULL);
}
