# What tools/run, tools/test and tools/bench share: packages, configure, build.
# Sourced by bash with the repository's root as the working directory.

setup_say() {
	echo "${0##*/}: $*" >&2
}

setup_as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif [ -t 0 ]; then
		sudo "$@"
	else
		sudo -n "$@"
	fi
}

# Installing a server starts it, unless /usr/sbin/policy-rc.d says no.  One that is
# there already is the administrator's and stays in force.
setup_policy=/usr/sbin/policy-rc.d

setup_services_off() {
	[ -e "$setup_policy" ] && return
	setup_as_root sh -c "printf '#!/bin/sh\nexit 101\n' >$setup_policy && chmod 755 $setup_policy"
	trap setup_services_restore EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM
}

setup_services_restore() {
	setup_as_root rm -f "$setup_policy"
	trap - EXIT INT TERM
}

# setup_packages KIND...: installs those of tools/packages that are missing.
setup_packages() {
	local kinds=" $* " kind name command missing=()

	if ! command -v dpkg-query >/dev/null; then
		setup_say "not a Debian system: tools/packages lists what has to be there"
		return
	fi
	while read -r kind name command; do
		[[ $kinds == *" $kind "* ]] || continue
		[ -n "$command" ] && command -v "$command" >/dev/null && continue
		[ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] ||
			missing+=("$name")
	done < <(grep -v '^#' tools/packages)
	[ ${#missing[@]} = 0 ] && return
	if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
		setup_say "missing packages; as root: apt-get install ${missing[*]}"
		exit 1
	fi
	setup_say "installing ${missing[*]}"
	setup_services_off
	setup_as_root apt-get -q -o DPkg::Lock::Timeout=300 update >&2
	setup_as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
		-o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 \
		install --no-install-recommends "${missing[@]}" </dev/null >&2
	[ "$(trap -p EXIT)" ] && setup_services_restore
	# Nor is a server that only the tests want to start with the machine.
	for name in $(dpkg-query -L "${missing[@]}" | sed -n 's,^/etc/init\.d/,,p'); do
		setup_as_root update-rc.d "$name" disable >&2
	done
	setup_installed=yes
}

# setup_modules: what tests want of npm, in tests/npm; without it they are skipped.
setup_modules() {
	local folder=tests/npm

	command -v npm >/dev/null || return 0
	[ -e $folder/node_modules/.package-lock.json ] &&
		[ ! $folder/package.json -nt $folder/node_modules/.package-lock.json ] && return
	setup_say "installing the modules of $folder"
	npm install --prefix $folder --no-package-lock --no-audit --no-fund \
		--loglevel=error </dev/null >&2 ||
		setup_say "npm has no registry: tests that want a module are skipped"
}

# setup_build PRESET FOLDER [TARGET]: configures when that has not been done or packages
# came new, and compiles what has changed of the target, or of everything.
setup_build() {
	if [ -n "${setup_installed-}" ] || [ ! -e "$2/build.ninja" ]; then
		setup_say "configuring $2 (preset $1)"
		cmake --preset "$1" >&2
	fi
	setup_say "compiling $2"
	cmake --build "$2" ${3+--target "$3"} >&2
}
