/* Prints docs/RULES.md. */
#include "analyzer/rules/explain.h"

int
main(void)
{
	explain_markdown(stdout);
	return 0;
}
