#define _GNU_SOURCE /* setresuid, setgroups, syscall */

#include "analyzer/capture/privilege.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define DEFAULT_USER "nobody"

enum {
	CAPABILITY_MAX = 63
};

static int
privilege_error(struct err *err, const char *step)
{
	err_set(err, EXIT_CAPTURE, "privileges cannot be dropped: %s: %s", step,
		strerror(errno));
	return err_hint(err, "-Z USER names a user that the program can become");
}

static const struct passwd *
user_find(const char *user, struct err *err)
{
	const struct passwd *entry;

	errno = 0;
	entry = getpwnam(user);
	if (entry)
		return entry;
	switch (errno) {
	case EMFILE:
	case ENFILE:
		err_set(err, EXIT_CAPTURE,
			"privileges cannot be dropped: user %s cannot be looked up: %s",
			user, strerror(errno));
		err_hint(err, "ulimit -n with more than the number of files");
		break;
	case ENOMEM:
	case EIO:
	case EINTR:
		err_set(err, EXIT_CAPTURE,
			"privileges cannot be dropped: user %s cannot be looked up: %s",
			user, strerror(errno));
		break;
	default: /* many codes say that there is none  [getpwnam(3)] */
		err_set(err, EXIT_USAGE, "-Z %s: no such user", user);
		err_hint(err, "-Z " DEFAULT_USER);
	}
	return NULL;
}

/* The kernel says EINVAL for the first capability that it does not know. */
static int
bounding_set_drop(struct err *err)
{
	for (unsigned long capability = 0; capability <= CAPABILITY_MAX; capability++)
		if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)) {
			if (errno == EINVAL)
				break;
			return privilege_error(err, "capability bounding set");
		}
	return 0;
}

static int
capabilities_drop(struct err *err)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {{0}};

	if (syscall(SYS_capset, &header, none))
		return privilege_error(err, "capabilities");
	return 0;
}

static int
identity_drop(const struct passwd *entry, struct err *err)
{
	uid_t uid = entry->pw_uid;
	gid_t gid = entry->pw_gid;

	if (setgroups(0, NULL))
		return privilege_error(err, "groups");
	if (setresgid(gid, gid, gid))
		return privilege_error(err, "group id");
	if (setresuid(uid, uid, uid))
		return privilege_error(err, "user id");
	return 0;
}

static int
limits_set(struct err *err)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return privilege_error(err, "no_new_privs");
	if (setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0}))
		return privilege_error(err, "core file limit");
#ifdef __SANITIZE_ADDRESS__
	/* The leak check at exit attaches to the process, which a change of ids forbids.
	 */
	prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
#endif
	return 0;
}

int
privilege_drop(const char *user, struct err *err)
{
	const struct passwd *entry;

	if (geteuid() != 0)
		return capabilities_drop(err);
	entry = user_find(user ? user : DEFAULT_USER, err);
	if (!entry)
		return -1;
	if (entry->pw_uid == 0)
		return 0;
	if (bounding_set_drop(err) || identity_drop(entry, err) ||
		capabilities_drop(err) || limits_set(err))
		return -1;
	if (setuid(0) == 0) {
		errno = EPERM;
		return privilege_error(err, "root came back");
	}
	return 0;
}
