/* Prints docs/WASTE.md; with an argument the table of classes of docs/METRICS.md. */
#include "analyzer/rules/explain_waste.h"

int
main(int argc, char **argv)
{
	(void)argv;
	if (argc > 1)
		explain_waste_table(stdout);
	else
		explain_waste_markdown(stdout);
	return 0;
}
