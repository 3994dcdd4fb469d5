/*
 * analyzer/report/html_asset.h - the page's style and script, built in
 *
 * html/embed.cmake makes them of html/page.css and html/page.js at build time.
 */
#ifndef ANALYZER_REPORT_HTML_ASSET_H
#define ANALYZER_REPORT_HTML_ASSET_H

#include "parsers/slice.h"

struct html_asset {
	struct slice octets;
	const char *hash; /* as a Content-Security-Policy names it */
};

extern const struct html_asset html_style, html_script;

#endif
