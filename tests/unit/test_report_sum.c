// room: ct_report
/* Reports are added where they add up, and refused whole where they are none. */
#include "analyzer/report/report_sum.h"

#include "analyzer/base/jsonread.h"
#include "tests/lib/rows.h"

enum {
	TEXT_BYTES = 4096
};

#define FINDING(rule, resource, severity, count, octets, first, last)                    \
	"{\"rule\":\"" rule "\",\"kind\":null,\"severity\":\"" severity                  \
	"\",\"confidence\":\"likely\",\"tentative\":true,\"fault\":\"server\","          \
	"\"rfc\":\"x\",\"count\":" count ",\"octets\":" octets                           \
	",\"resource\":\"" resource "\",\"first\":{\"ts_us\":" first                     \
	"},\"last_us\":" last "}"

#define FIX(class, proven, exchanges, software, share, example)                          \
	"{\"class\":\"" class "\",\"cause\":null,\"octets_T1\":" proven                  \
			      ",\"octets_T2\":0,\"octets_T3\":0,\"octets_"               \
			      "alone\":" proven ","                                      \
			      "\"exchanges\":" exchanges                                 \
			      ",\"resources\":1,\"requests_avoided\":0,\"name\":null,"   \
			      "\"software\":{" software "},\"share\":{\"num\":" proven   \
			      "," share "},\"time\":{\"wait_avoided_us\":7},"            \
			      "\"example\":{\"ts_us\":" example "}}"

#define CACHE(requests, fresh, validated, saved, total, strict, lenient, octets)         \
	"{\"requests\":" requests ",\"fresh_hits\":" fresh                               \
	",\"validated_hits\":" validated ",\"body_saved\":" saved                        \
	",\"body_total\":" total ",\"request_hit_strict\":" strict                       \
	",\"request_hit_lenient\":" lenient ",\"byte_hit\":" octets "}"

/* A report with some of its sections filled. */
struct parts {
	const char *options, *capture, *http, *metrics, *more, *findings, *quality,
		*fixes;
};

static void
fill(char text[TEXT_BYTES], const struct parts *parts)
{
	snprintf(text, TEXT_BYTES,
		"{\"schema\":\"cachetap-report/1\",\"tool\":{},\"options\":{%s},"
		"\"capture\":{\"sources\":[]%s},\"ledger\":{},\"http\":{%s},"
		"\"metrics\":{%s},\"more\":{%s},\"findings\":[%s],\"fixes\":[%s],"
		"\"quality\":{\"exact\":true,\"warnings\":[]%s}}",
		parts->options ? parts->options : "",
		parts->capture ? parts->capture : "", parts->http ? parts->http : "",
		parts->metrics ? parts->metrics : "", parts->more ? parts->more : "",
		parts->findings ? parts->findings : "", parts->fixes ? parts->fixes : "",
		parts->quality ? parts->quality : "");
}

struct row {
	const char *name;
	struct parts a, b;
	const char *path; /* to what is looked at, by dots */
	const char *sum;
};

static const struct row rows[] = {
	{"counts are added", {.http = "\"requests\":2"}, {.http = "\"requests\":3"},
		"http.requests", "5"},
	{"a count that one of them lacks", {.http = "\"requests\":2"},
		{.http = "\"responses\":3"}, "http", "{\"responses\":3,\"requests\":2}"},
	{"statuses stand in their order", {.http = "\"by_status\":{\"200\":1,\"404\":1}"},
		{.http = "\"by_status\":{\"200\":1,\"304\":1,\"500\":1}"},
		"http.by_status", "{\"200\":2,\"304\":1,\"404\":1,\"500\":1}"},
	{"a rate is that of the sums",
		{.metrics = "\"r\":{\"num\":1,\"den\":2,\"value\":0.5}"},
		{.metrics = "\"r\":{\"num\":2,\"den\":2,\"value\":1}"}, "metrics.r",
		"{\"num\":3,\"den\":4,\"value\":0.75}"},
	{"a rate of nothing", {.metrics = "\"r\":{\"num\":0,\"den\":0,\"value\":null}"},
		{.metrics = "\"r\":{\"num\":0,\"den\":0,\"value\":null}"}, "metrics.r",
		"{\"num\":0,\"den\":0,\"value\":null}"},
	{"null is nothing", {.capture = ",\"kernel_dropped\":null"},
		{.capture = ",\"kernel_dropped\":4"}, "capture.kernel_dropped", "4"},
	{"from the first to the last", {.capture = ",\"first_us\":5,\"last_us\":9"},
		{.capture = ",\"first_us\":7,\"last_us\":12"}, "capture",
		"{\"sources\":[],\"first_us\":5,\"last_us\":12,\"duration_us\":7}"},
	{"what nobody captured is between the spans",
		{.capture = ",\"first_us\":5,\"last_us\":9"},
		{.capture = ",\"first_us\":70,\"last_us\":72"}, "capture",
		"{\"sources\":[],\"first_us\":5,\"last_us\":72,\"duration_us\":67,"
		"\"captured_us\":6,\"spans\":[{\"first_us\":5,\"last_us\":9},"
		"{\"first_us\":70,\"last_us\":72}]}"},
	{"a sum that is added has its spans, and each instant counts once",
		{.capture = ",\"first_us\":1,\"last_us\":90,\"captured_us\":9,\"spans\":["
			    "{\"first_us\":1,\"last_us\":5},"
			    "{\"first_us\":85,\"last_us\":90}]"},
		{.capture = ",\"first_us\":80,\"last_us\":87"}, "capture.captured_us",
		"14"},
	{"a span that ends before it begins is none",
		{.capture = ",\"first_us\":5,\"last_us\":9"},
		{.capture = ",\"first_us\":5,\"last_us\":9,\"spans\":["
			    "{\"first_us\":70,\"last_us\":60},7,{\"first_us\":1}]"},
		"capture",
		"{\"sources\":[],\"first_us\":5,\"last_us\":9,\"duration_us\":4}"},
	{"what is left out has its names in their order",
		{.options = "\"a\":1,\"b\":2", .more = "\"clients\":{\"keys\":1}"},
		{.options = "\"a\":2,\"b\":3"}, "quality.left_out",
		"[\"more.clients.keys\",\"options.a\",\"options.b\"]"},
	{"what a sum left out stays left out",
		{.quality = ",\"left_out\":[\"options.a\",7]"}, {.options = "\"c\":1"},
		"quality.left_out", "[\"options.a\",\"options.c\"]"},
	{"a report without packets has no time", {0},
		{.capture = ",\"first_us\":7,\"last_us\":12"}, "capture.duration_us",
		"5"},
	{"percentiles are those of all buckets",
		{.more = "\"time\":{\"missed\":{\"count\":3,\"p50_us\":4,\"p90_us\":9,"
			 "\"buckets\":[[3,1],[4,1],[9,1]]}}"},
		{.more = "\"time\":{\"missed\":{\"count\":6,\"p50_us\":9,\"p90_us\":12,"
			 "\"buckets\":[[9,5],[12,1]]}}"},
		"more.time.missed",
		"{\"count\":9,\"p50_us\":9,\"p90_us\":12,\"buckets\":[[3,1],[4,1],[9,6],["
		"12,1]]}"},
	{"one of them has no values", {0},
		{.more = "\"time\":{\"missed\":{\"count\":1,\"p50_us\":9,"
			 "\"buckets\":[[9,1]]}}"},
		"more.time.missed", "{\"count\":1,\"p50_us\":9,\"buckets\":[[9,1]]}"},
	{"buckets that are out of order are none",
		{.more = "\"time\":{\"missed\":{\"count\":2,\"p50_us\":9,"
			 "\"buckets\":[[9,1],[3,1]]}}"},
		{.more = "\"time\":{\"missed\":{\"count\":1,\"p50_us\":9,"
			 "\"buckets\":[[9,-1]]}}"},
		"more.time", "{}"},
	{"percentiles without buckets are left out",
		{.more = "\"time\":{\"missed\":{\"count\":1,\"p50_us\":3}}"},
		{.more = "\"time\":{\"missed\":{\"count\":1,\"p50_us\":9}}"}, "more.time",
		"{}"},
	{"simulated caches stand side by side",
		{.metrics = "\"shared\":{\"infinite\":" CACHE(
			 "4", "1", "1", "10", "40", "0.25", "0.5", "0.25") "}"},
		{.metrics = "\"shared\":{\"infinite\":" CACHE(
			 "4", "3", "0", "30", "40", "0.75", "0.75", "0.75") "}"},
		"metrics.shared.infinite",
		CACHE("8", "4", "1", "40", "80", "0.5", "0.625", "0.5")},
	{"one of them was asked for nothing",
		{.metrics = "\"shared\":{\"infinite\":" CACHE(
			 "0", "0", "0", "0", "0", "null", "null", "null") "}"},
		{.metrics = "\"shared\":{\"infinite\":" CACHE(
			 "4", "3", "0", "30", "40", "0.75", "0.75", "0.75") "}"},
		"metrics.shared.infinite",
		CACHE("4", "3", "0", "30", "40", "0.75", "0.75", "0.75")},
	{"caches of one capacity",
		{.options = "\"shared_lru\":9",
			.metrics = "\"shared\":{\"lru\":" CACHE(
				"2", "1", "0", "0", "0", "0.5", "0.5", "null") "}"},
		{.options = "\"shared_lru\":9",
			.metrics = "\"shared\":{\"lru\":" CACHE(
				"2", "0", "0", "0", "0", "0", "0", "null") "}"},
		"metrics.shared.lru",
		CACHE("4", "1", "0", "0", "0", "0.25", "0.25", "null")},
	{"caches of different capacities",
		{.options = "\"shared_lru\":9",
			.metrics = "\"shared\":{\"lru\":" CACHE(
				"2", "1", "0", "0", "0", "0.5", "0.5", "null") "}"},
		{.options = "\"shared_lru\":8",
			.metrics = "\"shared\":{\"lru\":" CACHE(
				"2", "0", "0", "0", "0", "0", "0", "null") "}"},
		"metrics.shared", "{}"},
	{"of the curve only what all have",
		{.options = "\"shared_lru\":9",
			.more = "\"shared_curve\":{\"infinite\":{\"evictions\":1},"
				"\"9\":{\"evictions\":2}}"},
		{.more = "\"shared_curve\":{\"infinite\":{\"evictions\":3}}"},
		"more.shared_curve", "{\"infinite\":{\"evictions\":4}}"},
	{"predictions are no whole numbers",
		{.metrics = "\"comparables\":{\"lighthouse_wasted_octets\":1.5}"},
		{.metrics = "\"comparables\":{\"lighthouse_wasted_octets\":2}"},
		"metrics.comparables", "{\"lighthouse_wasted_octets\":3.5}"},
	{"an option that all had", {.options = "\"max_memory\":1"},
		{.options = "\"max_memory\":1"}, "options", "{\"max_memory\":1}"},
	{"an option that one of them had", {.options = "\"filter\":\"a\",\"c\":1"},
		{.options = "\"c\":1"}, "options", "{\"c\":1}"},
	{"an option that the other had", {.options = "\"c\":1"},
		{.options = "\"filter\":\"a\",\"c\":1"}, "options", "{\"c\":1}"},
	{"sums are exact if all are", {0}, {.quality = ",\"gaps\":1"}, "quality.exact",
		"true"},
	{"findings about one subject are one",
		{.findings = FINDING("r", "u", "advice", "1", "10", "5", "6")},
		{.findings = FINDING("r", "u", "warning", "2", "20", "3", "4")},
		"findings", "[" FINDING("r", "u", "warning", "3", "30", "3", "6") "]"},
	{"the others stand by severity and count",
		{.findings = FINDING("r", "u", "advice", "9", "1", "5", "6")},
		{.findings = FINDING("r", "v", "warning", "2", "2", "3", "4") "," FINDING(
			 "r", "w", "warning", "3", "2", "9", "9")},
		"findings",
		"[" FINDING("r", "w", "warning", "3", "2", "9", "9") "," FINDING("r", "v",
			"warning", "2", "2", "3",
			"4") "," FINDING("r", "u", "advice", "9", "1", "5", "6") "]"},
	{"fixes stand by what they save",
		{.fixes = FIX("a", "5", "1", "", "\"den\":9,\"value\":0", "3")},
		{.metrics = "\"octets\":{\"total\":20}",
			.fixes = FIX("b", "10", "2", "", "\"den\":9,\"value\":0", "4")},
		"fixes",
		"[" FIX("b", "10", "2", "", "\"den\":20,\"value\":0.5", "4") "," FIX(
			"a", "5", "1", "", "\"den\":20,\"value\":0.25", "3") "]"},
	{"one thing that saves in both",
		{.metrics = "\"octets\":{\"total\":25}",
			.fixes = FIX("a", "5", "1", "\"x\":1,\"z\":1",
				"\"den\":9,\"value\":0", "3")},
		{.metrics = "\"octets\":{\"total\":75}",
			.fixes = FIX("a", "45", "2", "\"x\":3,\"y\":1",
				"\"den\":9,\"value\":0", "2")},
		"fixes",
		"[{\"class\":\"a\",\"cause\":null,\"octets_T1\":50,\"octets_T2\":0,"
		"\"octets_T3\":0,\"octets_alone\":50,\"exchanges\":3,\"resources\":2,"
		"\"requests_avoided\":0,\"name\":null,\"software\":{\"x\":4,\"y\":1,"
		"\"z\":1},\"share\":{\"num\":50,\"den\":100,\"value\":0.5},"
		"\"time\":{\"wait_avoided_us\":14},\"example\":{\"ts_us\":2}}]"},
};

static const struct jsonvalue *
walk(const struct jsonvalue *value, const char *path)
{
	while (*path) {
		char name[32];
		size_t n = strcspn(path, ".");

		snprintf(name, sizeof name, "%.*s", (int)n, path);
		value = jsonvalue_get(value, name);
		assert_non_null(value);
		path += path[n] ? n + 1 : n;
	}
	return value;
}

static void
write_compact(struct out *out, const struct jsonvalue *value)
{
	struct json json;

	json_init(&json, out, false);
	jsonvalue_write(&json, value);
}

static void
adds_up(void **state)
{
	const struct row *row = *state;
	struct report_sum *sum = report_sum_new("1");
	char a[TEXT_BYTES], b[TEXT_BYTES];
	struct arena arena = {0};
	struct out written, part;
	struct err err;
	size_t at;

	fill(a, &row->a);
	fill(b, &row->b);
	assert_int_equal(report_sum_add(sum, slice_of(a, strlen(a)), "a", &err), 0);
	assert_int_equal(report_sum_add(sum, slice_of(b, strlen(b)), "b", &err), 0);
	out_init_memory(&written);
	out_init_memory(&part);
	report_sum_write(sum, &written);
	write_compact(
		&part, walk(jsonread(out_contents(&written), &arena, &at), row->path));
	rows_assert_slice(out_contents(&part), row->sum);
	out_fini(&written);
	out_fini(&part);
	arena_fini(&arena);
	report_sum_free(&sum);
}

static const struct refused {
	const char *name, *json;
} refusals[] = {
	{"not JSON", "nothing"},
	{"another object", "{\"schema\":\"other\"}"},
	{"a schema without sections", "{\"schema\":\"cachetap-report/1\"}"},
};

static void
refuses(void **state)
{
	const struct refused *row = *state;
	struct report_sum *sum = report_sum_new("1");
	struct err err;

	assert_int_equal(
		report_sum_add(sum, slice_of(row->json, strlen(row->json)), "x", &err),
		-1);
	assert_int_equal(err.code, EXIT_INPUT);
	report_sum_free(&sum);
}

static void
refuses_findings_without_evidence(void **state)
{
	struct parts parts = {.findings = "{\"rule\":\"r\",\"count\":1,\"octets\":2,"
					  "\"resource\":\"u\",\"last_us\":1}"};
	struct report_sum *sum = report_sum_new("1");
	char text[TEXT_BYTES];
	struct err err;

	(void)state;
	fill(text, &parts);
	assert_int_equal(
		report_sum_add(sum, slice_of(text, strlen(text)), "x", &err), -1);
	report_sum_free(&sum);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_findings_without_evidence),
	};

	rows_filter(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL) + ROWS_RUN(rows, adds_up) +
	       ROWS_RUN(refusals, refuses);
}
