/*
 * tests/bench/spend.c - what a command spends
 *
 *	spend FILE COMMAND [ARGUMENTS...]
 *
 * Runs the command and writes its CPU microseconds and its peak memory in KiB to FILE.
 * A small program on purpose: the kernel's figure of peak memory begins with that of
 * the process that started the command.
 */
#define _DEFAULT_SOURCE /* wait4() */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static long long
spend_us(struct timeval time)
{
	return time.tv_sec * 1000000ll + time.tv_usec;
}

int
main(int argc, char **argv)
{
	struct rusage usage;
	FILE *file;
	pid_t child;
	int status;

	if (argc < 3)
		return 2;
	child = fork();
	if (child == 0) {
		execvp(argv[2], argv + 2);
		perror(argv[2]);
		_exit(127);
	}
	if (child < 0 || wait4(child, &status, 0, &usage) != child)
		return 126;
	file = fopen(argv[1], "w");
	if (!file)
		return 126;
	fprintf(file, "%lld %ld\n", spend_us(usage.ru_utime) + spend_us(usage.ru_stime),
		usage.ru_maxrss);
	if (fclose(file))
		return 126;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
