// room: ct_http
/*
 * Conversations read as exchanges.  Each row is read whole, cut in two at every octet,
 * and octet by octet; the log must be the same.
 */
#include "analyzer/config.h"
#include "tests/lib/rows.h"
#include "tests/lib/talk.h"

enum {
	TURNS = 12
};

struct row {
	const char *name;
	struct turn turns[TURNS];
	const char *log;
};

#define GET(path, ...) "GET " path " HTTP/1.1\r\nHost: h\r\n" __VA_ARGS__ "\r\n"
#define OK(length, ...)                                                                  \
	"HTTP/1.1 200 OK\r\nContent-Length: " length "\r\n" __VA_ARGS__ "\r\n"
#define NOT_MODIFIED(...) "HTTP/1.1 304 Not Modified\r\n" __VA_ARGS__ "\r\n"
#define CHUNKED "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

static const struct row framing[] = {
	{"length", {{'c', GET("/a")}, {'s', OK("5") "hello"}}, "GET /a 200 content=5\n"},
	{"a length of zero is a whole message",
		{{'c', GET("/a") GET("/b")}, {'s', OK("0") OK("1") "x"}},
		"GET /a 200\nGET /b 200 content=1\n"},
	{"a 304 ends with its head, whatever it announces",
		{{'c', GET("/a")}, {'s', NOT_MODIFIED("Content-Length: 500\r\n")},
			{'c', GET("/b")}, {'s', OK("1") "x"}},
		"GET /a 304\nGET /b 200 content=1\n"},
	{"a 304 that announces chunks has none",
		{{'c', GET("/a")}, {'s', NOT_MODIFIED("Transfer-Encoding: chunked\r\n")},
			{'c', GET("/b")}, {'s', OK("1") "x"}},
		"GET /a 304\nGET /b 200 content=1\n"},
	{"HEAD has no body",
		{{'c', "HEAD /a HTTP/1.1\r\n\r\n"}, {'s', OK("500")}, {'c', GET("/b")},
			{'s', OK("1") "x"}},
		"HEAD /a 200\nGET /b 200 content=1\n"},
	{"HEAD in a pipeline",
		{{'c', "HEAD /a HTTP/1.1\r\n\r\n" GET("/b")},
			{'s', OK("500") OK("1") "x"}},
		"HEAD /a 200\nGET /b 200 content=1\n"},
	{"chunks with extension and trailer",
		{{'c', GET("/a")},
			{'s', CHUNKED "5;x=\"y\"\r\nhello\r\n0\r\nT: 1\r\n\r\n"},
			{'c', GET("/b")}, {'s', OK("1") "x"}},
		"GET /a 200 content=5 framing=22\nGET /b 200 content=1\n"},
	{"chunked overrides length",
		{{'c', GET("/a")}, {'s', "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n"
					 "Transfer-Encoding: "
					 "chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"}},
		"GET /a 200 content=5 framing=10\n"},
	{"equal lengths are one",
		{{'c', GET("/a")}, {'s', OK("5, 5", "Content-Length: 5\r\n") "hello"},
			{'c', GET("/b")}, {'s', OK("1") "x"}},
		"GET /a 200 content=5\nGET /b 200 content=1\n"},
	{"until close, by FIN",
		{{'c', GET("/a")}, {'s', "HTTP/1.1 200 OK\r\n\r\nhello"}, {'.', NULL}},
		"GET /a 200 content=5\n"},
	{"until close, but the capture ended",
		{{'c', GET("/a")}, {'s', "HTTP/1.1 200 OK\r\n\r\nhello"}},
		"GET /a 200 content=5 incomplete\n"},
	{"shorter than announced",
		{{'c', GET("/a")}, {'s', OK("9") "hello"}, {'.', NULL}},
		"GET /a 200 content=5 incomplete\n"},
	{"request bodies",
		{{'c', "POST /a HTTP/1.1\r\nContent-Length: 3\r\n\r\nq=1"},
			{'s', OK("0")},
			{'c', "POST /b HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
			      "3\r\nabc\r\n0\r\n\r\n"},
			{'s', OK("0")}},
		"POST /a 200 q=3\nPOST /b 200 q=3\n"},
	{"bare LF ends lines",
		{{'c', "GET /a HTTP/1.1\nHost: h\n\n"},
			{'s', "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello"}},
		"GET /a 200 content=5\n"},
	{"a folded line continues its field",
		{{'c', GET("/a")},
			{'s', "HTTP/1.1 200 OK\r\nContent-Length:\r\n 5\r\n\r\nhello"},
			{'c', GET("/b")}, {'s', OK("1") "x"}},
		"GET /a 200 content=5\nGET /b 200 content=1\n"},
	{"a blank before the first field hides that line only",
		{{'c', "GET /a HTTP/1.1\r\n Host: no\r\n\tX: 1\r\nHost: h\r\n\r\n"},
			{'s', "HTTP/1.1 200 OK\r\n Content-Length: 9\r\nContent-Length: "
			      "5\r\n\r\nhello"},
			{'c', GET("/b")}, {'s', OK("0")}},
		"GET /a 200 content=5\nGET /b 200\n"},
	{"nothing but a blank line",
		{{'c', "GET /a HTTP/1.1\r\n \r\n\r\n"}, {'s', OK("0")}}, "GET /a 200\n"},
	{"message text in a body is content",
		{{'c', GET("/a")}, {'s', OK("26") "HTTP/1.1 304 No\r\nETag: \"x\""},
			{'c', GET("/b")}, {'s', OK("1") "x"}},
		"GET /a 200 content=26\nGET /b 200 content=1\n"},
	{"empty lines before a request",
		{{'c', "\r\n\r\n" GET("/a")}, {'s', OK("1") "x"}},
		"GET /a 200 content=1\n"},
};

static const struct row stray[] = {
	{"octets after a 304 are stray, the next answer is found",
		{{'c', GET("/a")}, {'s', NOT_MODIFIED("Content-Length: 5\r\n") "hello"},
			{'c', GET("/b")}, {'s', OK("1") "x"}},
		"GET /a 304 stray=5\nGET /b 200 content=1\n"},
	{"a last chunk after a 304",
		{{'c', GET("/a")},
			{'s', NOT_MODIFIED("Transfer-Encoding: chunked\r\n") "0\r\n\r\n"},
			{'c', GET("/b")}, {'s', OK("1") "x"}},
		"GET /a 304 stray=5\nGET /b 200 content=1\n"},
	{"the next answer follows announced stray octets at once",
		{{'c', GET("/a") GET("/b")},
			{'s', NOT_MODIFIED("Content-Length: 5\r\n") "hello" OK("1") "x"}},
		"GET /a 304 stray=5\nGET /b 200 content=1\n"},
	{"the end of a chunked body comes before as many octets as announced",
		{{'c', "HEAD /a HTTP/1.1\r\n\r\n" GET("/b")},
			{'s', OK("8") "0\r\n\r\n" OK("1") "x"}},
		"HEAD /a 200 stray=5\nGET /b 200 content=1\n"},
	{"the answer behind a body after HEAD may bend its version",
		{{'c', "HEAD /a HTTP/1.1\r\n\r\n"}, {'s', OK("5") "hello"},
			{'c', GET("/b")},
			{'s', "HTTP/2.1 200 OK\r\nContent-Length: 1\r\n\r\nx"}},
		"HEAD /a 200 stray=5\nGET /b 200 content=1\n"},
	{"a body after HEAD",
		{{'c', "HEAD /a HTTP/1.1\r\n\r\n"}, {'s', OK("5") "hello"},
			{'c', GET("/b")}, {'s', OK("1") "x"}},
		"HEAD /a 200 stray=5\nGET /b 200 content=1\n"},
};

static const struct row dialogue[] = {
	{"interim responses belong to the exchange",
		{{'c', "POST /a HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: "
		       "2\r\n\r\n"},
			{'s', "HTTP/1.1 100 Continue\r\n\r\n"}, {'c', "ok"},
			{'s', "HTTP/1.1 103 Early Hints\r\n\r\n" OK("1") "x"}},
		"POST /a 200 content=1 q=2 interim=2\n"},
	{"the answer comes before the request's end",
		{{'c', "POST /a HTTP/1.1\r\nContent-Length: 4\r\n\r\nab"},
			{'s', OK("1") "x"}, {'c', "cd"}, {'c', GET("/b")},
			{'s', OK("0")}},
		"POST /a 200 content=1 q=4\nGET /b 200\n"},
	{"unanswered", {{'c', GET("/a") GET("/b")}, {'s', OK("0")}, {'.', NULL}},
		"GET /a 200\nGET /b -\n"},
	{"nothing is asked behind the last",
		{{'c', GET("/a") GET("/b")}, {'s', OK("0") OK("1") "x"}, {'.', NULL}},
		"GET /a 200\nGET /b 200 content=1 last\n"},
	{"something may be asked still where the capture ends",
		{{'c', GET("/a")}, {'s', OK("0")}}, "GET /a 200\n"},
	{"an answer to nothing is an orphan",
		{{'c', GET("/a")}, {'s', OK("0")},
			{'s', "HTTP/1.1 408 Timeout\r\nContent-Length: "
			      "0\r\n\r\n"}},
		"GET /a 200\n- - 408\n"},
	{"101 ends HTTP",
		{{'c', GET("/a", "Upgrade: x\r\n")},
			{'s', "HTTP/1.1 101 Switching\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"},
			{'c', GET("/no")}},
		"GET /a 101\n"},
	{"CONNECT opens a tunnel",
		{{'c', "CONNECT h:443 HTTP/1.1\r\n\r\n"},
			{'s', "HTTP/1.1 200 OK\r\n\r\n"}, {'c', "\x16\x03\x01"},
			{'s', "\x16\x03\x03"}},
		"CONNECT h:443 200\n"},
	{"a refused CONNECT opens none",
		{{'c', "CONNECT h:443 HTTP/1.1\r\n\r\n"},
			{'s', "HTTP/1.1 407 No\r\nContent-Length: 2\r\n\r\nno"},
			{'c', GET("/b")}, {'s', OK("0")}},
		"CONNECT h:443 407 content=2\nGET /b 200\n"},
	{"another protocol",
		{{'s', "220 mx\r\n"}, {'c', "HELO x\r\n"}, {'s', "250 ok\r\n"}}, ""},
	{"SSH", {{'s', "SSH-2.0-OpenSSH\r\n"}, {'c', "SSH-2.0-x\r\n"}}, ""},
	{"RTSP looks alike",
		{{'c', "OPTIONS rtsp://h/ RTSP/1.0\r\nCSeq: 1\r\n\r\n"},
			{'s', "RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n"}},
		""},
	{"SIP looks alike",
		{{'c', "INVITE sip:a@h SIP/2.0\r\n\r\n"},
			{'s', "SIP/2.0 200 OK\r\n\r\n"}},
		""},
	{"ICY answers", {{'c', GET("/a")}, {'s', "ICY 200 OK\r\n\r\n"}}, "GET /a -\n"},
	{"a simple request of HTTP/0.9", {{'c', "GET /old\r\n"}, {'s', "<html>"}}, ""},
	{"the proxy's form of a target",
		{{'c', "GET http://h/a?b HTTP/1.1\r\nHost: x\r\n\r\n"}, {'s', OK("0")}},
		"GET http://h/a?b 200\n"},
	{"a target that is a star", {{'c', "OPTIONS * HTTP/1.1\r\n\r\n"}, {'s', OK("0")}},
		"OPTIONS * 200\n"},
	{"HTTP/1.0 that stays",
		{{'c', "GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"},
			{'s', "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx"},
			{'c', GET("/b")}, {'s', OK("0")}},
		"GET /a 200 content=1\nGET /b 200\n"},
	{"one request, three answers",
		{{'c', GET("/a")}, {'s', OK("1") "1" OK("2") "22" OK("3") "333"},
			{'c', GET("/b")}, {'s', OK("0")}},
		"GET /a 200 content=1\n- - 200 content=2\n- - 200 content=3\nGET /b "
		"200\n"},
	{"HTTP/2 with prior knowledge",
		{{'c', "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"}, {'s', "\1\2\3"},
			{'c', GET("/no")}},
		""},
	{"an answer that bends its version and its spaces",
		{{'c', GET("/a") GET("/b")},
			{'s', "HTTP/2.0 200 ok\r\nContent-Length: 2\r\n\r\nok"
			      "HTTP/1.01 \t404 no\r\nContent-Length: 0\r\n\r\n"}},
		"GET /a 200 content=2\nGET /b 404\n"},
	{"an answer without a status of three digits is none",
		{{'c', GET("/a")}, {'s', "HTTP/1.1 2040 ok\r\n\r\n"}}, "GET /a -\n"},
	{"what another protocol says first is no answer",
		{{'s', "HTTP/2.0 200 ok\r\n\r\n"}, {'c', "\1\2\3"}}, ""},
	{"a request of a version to come",
		{{'c', "GET /a HTTP/3.0\r\n\r\n"}, {'s', "HTTP/1.1 505 No\r\n"
							 "Content-Length: 0\r\n\r\n"}},
		"GET /a 505\n"},
	{"methods nobody knows",
		{{'c', "x!#$%&'*+.^_`|~ /a HTTP/1.1\r\n\r\n"}, {'s', OK("0")}},
		"x!#$%&'*+.^_`|~ /a 200\n"},
};

static void
assert_read(const struct row *row, size_t first, size_t cut, bool midstream)
{
	static struct talk talk;
	const struct counters *c = &talk.counters;

	talk_run(&talk, row->turns, first, cut, midstream);
	assert_string_equal(talk.log, row->log);
	assert_int_equal(
		talk.fed_octets, c->http_octets + c->not_http_octets + c->pending_octets);
	assert_int_equal(c->http_octets, talk.exchange_octets + c->unparsed_octets);
	assert_int_equal(talk.held_bytes, 0);
}

static void
test_any_cut(void **state)
{
	const struct row *row = *state;

	for (size_t first = 0; first < 160; first++)
		assert_read(row, first, 0, false);
	assert_read(row, 1, 1, false);
	assert_read(row, 3, 7, false);
}

/* Where a hole is, only whole segments mean the same each time. */
static const struct row lost[] = {
	{"in a body of known length",
		{{'c', GET("/a")}, {'s', OK("9") "123"}, {'S', "456"}, {'s', "789"},
			{'c', GET("/b")}, {'s', OK("0")}},
		"GET /a 200 content=9 gap=3\nGET /b 200\n"},
	{"the end of a body and no more",
		{{'c', GET("/a")}, {'s', OK("9") "123"}, {'S', "456789"},
			{'c', GET("/b")}, {'s', OK("0")}},
		"GET /a 200 content=9 gap=6\nGET /b 200\n"},
	{"inside a chunk",
		{{'c', GET("/a")}, {'s', CHUNKED "9\r\n123"}, {'S', "456"},
			{'s', "789\r\n0\r\n\r\n"}, {'c', GET("/b")}, {'s', OK("0")}},
		"GET /a 200 content=9 framing=10 gap=3\nGET /b 200\n"},
	{"over a chunk's edge",
		{{'c', GET("/a")}, {'s', CHUNKED "3\r\n123"}, {'S', "\r\n3\r\n456"},
			{'s', "789\r\n0\r\n\r\n"}, {'c', GET("/b")}, {'s', OK("0")},
			{'c', GET("/c")}, {'s', OK("0")}},
		"GET /a 200 content=3 framing=3 incomplete\nGET /b 200 inferred\nGET /c "
		"200\n"},
	{"a whole answer",
		{{'c', GET("/a")}, {'S', OK("0")}, {'c', GET("/b")}, {'s', OK("0")},
			{'c', GET("/c")}, {'s', OK("0")}},
		"GET /a -\nGET /b 200 inferred\nGET /c 200\n"},
	{"a whole request",
		{{'C', GET("/a")}, {'s', OK("0")}, {'c', GET("/b")}, {'s', OK("0")}},
		"- - 200\nGET /b 200\n"},
	{"both of an exchange",
		{{'c', GET("/a")}, {'s', OK("0")}, {'C', GET("/b")}, {'S', OK("0")},
			{'c', GET("/c")}, {'s', OK("0")}, {'c', GET("/d")},
			{'s', OK("0")}},
		"GET /a 200\nGET /c 200 inferred\nGET /d 200\n"},
	{"the end of a request's head",
		{{'c', "GET /a HTTP/1.1\r\nHost: h\r\n"},
			{'C', "If-None-Match: \"x\"\r\n\r\n"}, {'s', NOT_MODIFIED()},
			{'c', GET("/b")}, {'s', OK("0")}},
		"GET /a 304 incomplete cut inferred\nGET /b 200\n"},
	{"the start of a request's head",
		{{'C', "GET /a HT"}, {'c', "TP/1.1\r\nHost: h\r\n\r\n"}, {'s', OK("0")},
			{'c', GET("/b")}, {'s', OK("0")}},
		"- - 200\nGET /b 200\n"},
	{"the end of a status line",
		{{'c', GET("/a")}, {'s', "HTTP/1.1 200 O"},
			{'S', "K\r\nContent-Length: 0\r\n\r\n"}, {'c', GET("/b")},
			{'s', OK("0")}},
		"GET /a 200 incomplete cut\nGET /b 200 inferred\n"},
	{"all behind a status",
		{{'c', GET("/a")}, {'s', "HTTP/1.1 304"}, {'S', " \r\n\r\n"},
			{'c', GET("/b")}, {'s', OK("0")}},
		"GET /a 304 incomplete cut\nGET /b 200 inferred\n"},
	{"a digit of a status",
		{{'c', GET("/a")}, {'s', "HTTP/1.1 30"}, {'S', "4 \r\n\r\n"},
			{'c', GET("/b")}, {'s', OK("0")}},
		"GET /a -\nGET /b 200 inferred\n"},
	{"what is no status",
		{{'c', GET("/a")}, {'s', "HTTP/1.1 304x"}, {'S', " \r\n\r\n"},
			{'c', GET("/b")}, {'s', OK("0")}},
		"GET /a -\nGET /b 200 inferred\n"},
	{"all behind an interim status",
		{{'c', GET("/a")}, {'s', "HTTP/1.1 100 Con"},
			{'S', "tinue\r\n\r\n" OK("0")}, {'c', GET("/b")}, {'s', OK("0")}},
		"GET /a -\nGET /b 200 inferred\n"},
	{"what the snapshot length cut",
		{{'c', "GET /a HTTP/1.1\r\nHo"}, {'d', "st: h\r\n\r\n"},
			{'s', "HTTP/1.1 200 O"},
			{'t', "K\r\nContent-Length: 9\r\n\r\n123456789"},
			{'c', "GET /b HTTP/1.1\r\nHo"}, {'d', "st: h\r\n\r\n"},
			{'s', "HTTP/1.1 304"}, {'t', " Not Modified\r\n\r\n"}},
		"GET /a 200 incomplete cut inferred\nGET /b 304 incomplete cut "
		"inferred\n"},
	{"and the question is not known",
		{{'c', "GET /a HT"}, {'d', "TP/1.1\r\nHost: h\r\n\r\n"},
			{'s', "HTTP/1.1 200 O"}, {'t', "K\r\n\r\n"},
			{'c', "GET /b HTTP/1.1\r\nHo"}, {'d', "st: h\r\n\r\n"},
			{'s', "HTTP/1.1 304"}, {'t', " Not Modified\r\n\r\n"}},
		"GET /b 304 incomplete cut inferred\n"},
	{"a line in the content of an answer that is known",
		{{'c', "GET /a HTTP/1.1\r\nHo"}, {'d', "st: h\r\n\r\n"},
			{'s', "HTTP/1.1 200 OK\r\nCont"}, {'t', "ent-Length: 90\r\n\r\n"},
			{'s', "HTTP/1.1 404 N"}, {'t', "ot Found, and so on"},
			{'c', "GET /b HTTP/1.1\r\nHo"}, {'d', "st: h\r\n\r\n"},
			{'s', "HTTP/1.1 304"}, {'t', " Not Modified\r\n\r\n"}},
		"GET /a 200 incomplete cut inferred\nGET /b 304 incomplete cut "
		"inferred\n"},
	{"the start of an answer",
		{{'c', GET("/a")}, {'S', OK("9")}, {'s', "123456789"}, {'c', GET("/b")},
			{'s', OK("0")}},
		"GET /a -\nGET /b 200 inferred\n"},
	{"an answer, and the request after it",
		{{'c', GET("/a")}, {'S', OK("0")}, {'C', GET("/b")}, {'s', OK("0")},
			{'c', GET("/c")}, {'s', OK("0")}, {'c', GET("/d")},
			{'s', OK("0")}},
		"- - 200\nGET /a -\nGET /c 200 inferred\nGET /d 200\n"},
	{"and then text that begins like an answer",
		{{'c', GET("/a")}, {'S', OK("90")},
			{'s', "HTTP/1.1 200 OK\r\nand so on in the text"},
			{'c', GET("/b")}, {'s', OK("0")}},
		"GET /a -\nGET /b 200 inferred\n"},
	{"and then a whole answer in its content",
		{{'c', GET("/a")}, {'S', OK("90")}, {'s', OK("3") "abc"}, {'s', "text"},
			{'c', GET("/b")}, {'s', OK("0")}},
		"GET /a -\nGET /b 200 inferred\n"},
	{"and then an answer that text follows, in its content, and one sent at once",
		{{'c', GET("/a") GET("/b")}, {'S', OK("90")}, {'s', OK("3") "abctext"},
			{'c', GET("/c")}, {'s', OK("0")}},
		"GET /a -\nGET /b -\nGET /c 200 inferred\n"},
	{"the start of a request, and a request that text follows, in its content",
		{{'C', "POST /a HTTP/1.1\r\nContent-Length: 99\r\n\r\n"},
			{'c', GET("/x") "text, and so on"}, {'s', OK("0")},
			{'c', GET("/b")}, {'s', OK("0")}},
		"- - 200\nGET /b 200\n"},
	{"the start of a request, and lines of text that end like a request line",
		{{'C', "POST /a HTTP/1.1\r\nContent-Length: 99\r\n\r\n"},
			{'c', "and " GET("/x")}, {'s', OK("0")}, {'c', GET("/b")},
			{'s', OK("0")}},
		"- - 200\nGET /b 200\n"},
	{"and then an answer whose first field is broken",
		{{'c', GET("/a")}, {'S', OK("9")}, {'s', "123456789"}, {'c', GET("/b")},
			{'s', "HTTP/1.1 200 OK\r\nno field\r\nContent-Length: "
			      "0\r\n\r\n"}},
		"GET /a -\nGET /b 200 inferred\n"},
	{"of requests sent at once a tag tells which was answered",
		{{'c', GET("/a", "If-None-Match: \"a\"\r\n")
				 GET("/b", "If-None-Match: \"b\"\r\n")},
			{'S', OK("0")}, {'s', NOT_MODIFIED("ETag: W/\"b\"\r\n")},
			{'c', GET("/c")}, {'s', OK("0")}},
		"GET /a -\nGET /b 304 inferred\nGET /c 200\n"},
	{"a tag that two of them named tells nothing",
		{{'c', GET("/a", "If-None-Match: \"x\"\r\n")
				 GET("/b", "If-None-Match: \"x\"\r\n")},
			{'S', OK("0")}, {'s', NOT_MODIFIED("ETag: \"x\"\r\n")}},
		"- - 304\nGET /a -\nGET /b -\n"},
	{"of requests sent at once the lost answer is not known",
		{{'c', GET("/a") GET("/b")}, {'S', OK("0")}, {'s', OK("0")},
			{'c', GET("/c")}, {'s', OK("0")}},
		"- - 200\nGET /a -\nGET /b -\nGET /c 200 inferred\n"},
};

static void
test_lost(void **state)
{
	assert_read(*state, 0, 0, false);
}

static const struct row midstream[] = {
	{"in a body",
		{{'s', "the rest of a body"}, {'c', GET("/a")}, {'s', OK("0")},
			{'c', GET("/b")}, {'s', OK("0")}},
		"GET /a 200 inferred\nGET /b 200\n"},
	{"at an answer", {{'s', OK("3") "123"}, {'c', GET("/a")}, {'s', OK("0")}},
		"- - 200 content=3\nGET /a 200\n"},
	{"at a request of several",
		{{'c', GET("/a") GET("/b")}, {'s', OK("1") "x" OK("2") "xy"},
			{'c', GET("/c")}, {'s', OK("0")}},
		"GET /a 200 content=1 inferred\nGET /b 200 content=2 inferred\nGET /c "
		"200\n"},
	{"between a request and its answer, and another was sent at once",
		{{'c', "1\r\n\r\n"}, {'c', GET("/b")}, {'s', OK("1") "x"},
			{'s', OK("2") "xy"}, {'c', GET("/c")}, {'s', OK("0")}},
		"- - 200 content=1\n- - 200 content=2\nGET /b -\nGET /c 200 inferred\n"},
	{"in a request whose answer comes before the next one",
		{{'c', "1\r\n\r\n"}, {'s', OK("1") "x"}, {'c', GET("/b")},
			{'s', OK("0")}},
		"- - 200 content=1\nGET /b 200\n"},
	{"in an answer's lost first part, its rest is seen",
		{{'c', GET("/a")}, {'s', "the rest of a body"}, {'c', GET("/b")},
			{'s', OK("0")}, {'c', GET("/c")}, {'s', OK("0")}},
		"GET /a -\nGET /b 200 inferred\nGET /c 200\n"},
	{"at a keep-alive probe", {{'c', "\1"}, {'c', GET("/a")}, {'s', OK("0")}},
		"GET /a 200 inferred\n"},
	{"at a request line with a space too many, a question mark behind a space",
		{{'c', "GET  /a  HTTP/1.1\r\nHost: h\r\n\r\n"}, {'s', OK("0")},
			{'c', "GET /b ?c d HTTP/1.1\r\nHost: h\r\n\r\n"}, {'s', OK("0")}},
		"GET /a 200 inferred\nGET /b ?c d 200\n"},
	{"at what only looks like a request line",
		{{'c', "T / HTTP/1.1\r"}, {'c', "\n"}, {'c', "\1\r\n\r\n"}}, ""},
	{"in another protocol", {{'s', "\1\2\3"}, {'c', "hello world\r\n"}}, ""},
};

static void
test_midstream(void **state)
{
	assert_read(*state, 0, 0, true);
}

/* Requests sent at once, as many as the table of waiting ones holds, and more. */
static void
test_pipeline(void **state)
{
	enum {
		DEPTH = 2000,
		ROOM = 80
	};
	static char asked[DEPTH * ROOM], answered[DEPTH * ROOM];
	struct turn turns[] = {{'c', asked}, {'s', answered}, {0, NULL}};
	static struct talk talk;
	size_t a = 0, b = 0;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		a += (size_t)snprintf(asked + a, ROOM, "GET /%d HTTP/1.1\r\n\r\n", i);
		b += (size_t)snprintf(answered + b, ROOM,
			"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n%d", i % 10);
	}
	talk_run(&talk, turns, 0, 1400, false);
	assert_int_equal(talk.fed_octets, talk.counters.http_octets);
	assert_int_equal(talk.counters.unparsed_octets, 0);
	assert_non_null(strstr(talk.log, "GET /0 200 content=1\nGET /1 200 content=1\n"));
	for (int i = 1000; i < DEPTH; i++)
		a += (size_t)snprintf(asked + a, ROOM, "GET /%d HTTP/1.1\r\n\r\n", i);
	talk_run(&talk, turns, 0, 1400, false);
	/* Those beyond the limit are given up, and no later answer goes to a wrong one.
	 */
	assert_non_null(strstr(talk.log, "GET /0 -\n"));
	assert_int_equal(talk.counters.http_octets,
		talk.exchange_octets + talk.counters.unparsed_octets);
}

/* A head of a megabyte: counted, framed by what is within the limit. */
static void
test_head_beyond_the_limit(void **state)
{
	enum {
		LONG_BYTES = 1 << 20
	};
	static const char begin[] = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: ";
	static char head[LONG_BYTES + 64];
	struct turn turns[] = {{'c', GET("/a")}, {'s', head}, {'c', GET("/b")},
		{'s', OK("0")}, {0, NULL}};
	static struct talk talk;
	size_t n = sizeof begin - 1;

	(void)state;
	memcpy(head, begin, n);
	memset(head + n, 'x', LONG_BYTES);
	memcpy(head + n + LONG_BYTES, "\r\n\r\nhello", 10);
	for (size_t cut = 0; cut < 100000; cut = cut * 10 + 1000) {
		talk_run(&talk, turns, 0, cut, false);
		assert_string_equal(talk.log, "GET /a 200 content=5 cut\nGET /b 200\n");
		assert_int_equal(talk.fed_octets, talk.counters.http_octets);
		assert_int_equal(talk.counters.http_octets, talk.exchange_octets);
	}
	head[n + LONG_BYTES] = '\0'; /* and one that never ends */
	talk_run(&talk, turns, 0, 1000, false);
	assert_int_equal(talk.fed_octets,
		talk.counters.http_octets + talk.counters.pending_octets);
}

/* Line ends before a head, one octet at a time; they belong to it. */
static void
test_many_line_ends(void **state)
{
	enum {
		LINE_ENDS_BYTES = 200000
	};
	static char head[LINE_ENDS_BYTES + 64];
	struct turn turns[] = {{'c', head}, {'s', OK("0")}, {0, NULL}};
	static struct talk talk;

	(void)state;
	memset(head, '\n', LINE_ENDS_BYTES);
	memcpy(head + LINE_ENDS_BYTES, GET("/a"), sizeof GET("/a"));
	talk_run(&talk, turns, 0, 1, false);
	assert_string_equal(talk.log, "GET /a 200\n");
	assert_int_equal(talk.fed_octets, talk.counters.http_octets);
}

/* What the limit gives up is counted. */
static void
test_pipeline_beyond_the_limit(void **state)
{
	enum {
		BEYOND = 3
	};
	static const char get[] = GET("/a");
	static char pipeline[(CONFIG_PIPELINE + BEYOND) * sizeof get];
	struct turn turns[] = {{'c', pipeline}, {0, NULL}};
	static struct talk talk;

	(void)state;
	for (size_t i = 0; i < CONFIG_PIPELINE + BEYOND; i++)
		memcpy(pipeline + i * (sizeof get - 1), get, sizeof get);
	talk_run(&talk, turns, 0, 0, false);
	assert_int_equal(talk.counters.requests_given_up, BEYOND);
}

int
main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_head_beyond_the_limit),
		cmocka_unit_test(test_pipeline),
		cmocka_unit_test(test_many_line_ends),
		cmocka_unit_test(test_pipeline_beyond_the_limit),
	};

	rows_filter(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL) +
	       ROWS_RUN(framing, test_any_cut) + ROWS_RUN(stray, test_any_cut) +
	       ROWS_RUN(dialogue, test_any_cut) + ROWS_RUN(lost, test_lost) +
	       ROWS_RUN(midstream, test_midstream);
}
