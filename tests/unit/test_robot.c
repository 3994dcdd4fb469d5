// room: ct_parsers
/* Who says that it is a robot, and who only sounds like one. */
#include "parsers/robot.h"

#include "tests/lib/rows.h"

struct row {
	const char *name, *agent, *robot;
};

static const struct row rows[] = {
	{"a product in a comment",
		"Mozilla/5.0 (compatible; Googlebot/2.1; "
		"+http://www.google.com/bot.html)",
		"Googlebot"},
	{"behind a browser's name",
		"Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X) AppleWebKit/537.36 "
		"(KHTML, like Gecko) Chrome/1.2.3.4 Mobile Safari/537.36 (compatible; "
		"Googlebot/2.1; +http://www.google.com/bot.html)",
		"Googlebot"},
	{"one of its kinds", "Googlebot-Image/1.0", "Googlebot"},
	{"in any case", "Mozilla/5.0 (compatible; BingBot/2.0)", "bingbot"},
	{"dots and underscores are of the name",
		"Mozilla/5.0 (compatible; archive.org_bot +http://archive.org/details/x)",
		"archive.org_bot"},
	{"at the end", "x GPTBot", "GPTBot"},
	{"no bot in its name",
		"facebookexternalhit/1.1 "
		"(+http://www.facebook.com/externalhit_uatext.php)",
		"facebookexternalhit"},
	{"a robot that is not listed",
		"Mozilla/5.0 (compatible; ExampleBot/1.0; +https://example.test/bot)",
		"other robots"},
	{"a crawler", "example-crawler/2 (+http://example.test/)", "other robots"},
	{"a spider", "Spider (+http://example.test/)", "other robots"},
	{"a listed one goes before its habit",
		"otherbot/1 CCBot/2.0 (+http://commoncrawl.org/faq/)", "CCBot"},
	{"a telephone", "Mozilla/5.0 (Linux; Android 9; CUBOT X19) Safari/537.36", NULL},
	{"a telephone with a page that is not one about it",
		"Mozilla/5.0 (Linux; CUBOT X19) see http://example.test/", NULL},
	{"a page alone", "updater/1 (+http://example.test/)", NULL},
	{"a name within a word", "MyGooglebotter/1", NULL},
	{"bots in the middle of a word", "bottle/1 (+http://example.test/)", NULL},
	{"a browser", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Firefox/128.0", NULL},
	{"nothing", "", NULL},
};

static void
is_told(void **state)
{
	const struct row *row = *state;
	struct guard guard = {0};
	struct slice agent = guard_slice(&guard, row->agent, strlen(row->agent));
	const char *name = robot_name(robot_of(agent));

	if (row->robot)
		assert_string_equal(name, row->robot);
	else
		assert_null(name);
	guard_fini(&guard);
}

int
main(int argc, char **argv)
{
	rows_filter(argc, argv);
	return ROWS_RUN(rows, is_told);
}
