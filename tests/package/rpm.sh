# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# rpm.sh - the rpm, for run: built, judged, installed into a root of its own. What
# that proves, and what not, is in packaging/README.md.

rpms=$made/rpm

build_rpm() {
	rm -rf "$rpms" && mkdir -p "$rpms" && make --no-print-directory BUILD="$BUILD" \
		STRONGSWAN_SRC="$(cat "$BUILD/strongswan.path")" \
		DIST="$rpms" rpm
}

# rpm_of NAME: the file of that package.
rpm_of() { echo "$rpms/$1-$version"-1*.[nx]*.rpm; }

lint_rpm() {
	rpmlint --config packaging/rpm/rpmlint.toml "$rpms"/*.rpm \
		"$rpms/aovpn.spec"
}

# has PACKAGE MODE PATH: does it have that file, of root's?
has() {
	rpm -qp --qf '[%{FILEMODES:perms} %{FILEUSERNAME}:%{FILEGROUPNAME} %{FILENAMES}\n]' \
		"$(rpm_of "$1")" 2>/dev/null | grep -Fx -e "$2 root:root $3"
}

rpm_files() {
	local lib=/usr/lib64/strongswan/plugins conf=/etc/strongswan/strongswan.d
	has aovpn -rwxr-xr-x /usr/sbin/aovpnd &&
		has aovpn -rwxr-xr-x /usr/bin/aovpn &&
		has aovpn -rwxr-xr-x /usr/libexec/aovpn/aovpn-loader &&
		has aovpn -rw-r--r-- /usr/lib/systemd/system/aovpnd.service &&
		has aovpn -rw-r--r-- /usr/lib/systemd/system-preset/80-aovpn.preset &&
		has aovpn -rw-r--r-- /usr/lib/systemd/user/aovpn-notify.service &&
		has aovpn -rw-r--r-- /usr/lib/systemd/user-preset/80-aovpn.preset &&
		has aovpn -rw-r--r-- /usr/lib/tmpfiles.d/aovpn.conf &&
		has aovpn -rw-r--r-- /usr/share/man/man1/aovpn.1 &&
		has aovpn -rw-r--r-- /usr/share/man/man8/aovpnd.8 &&
		has aovpn -rw-r--r-- /usr/share/man/man5/aovpn-profile.5 &&
		has aovpn -rw-r--r-- /usr/share/man/man7/aovpn-codes.7 &&
		has aovpn -rw-r--r-- /usr/share/polkit-1/actions/org.aovpn.policy &&
		has aovpn -rw-r--r-- /usr/share/doc/aovpn/examples/charon-nm.conf &&
		has aovpn drwxr-x--- /var/lib/aovpn &&
		has aovpn-plugin -rwxr-xr-x "$lib/libstrongswan-aovpn.so" &&
		has aovpn-plugin -rw-r--r-- "$conf/charon/aovpn.conf" &&
		has aovpn-selinux -rw-r--r-- \
			/usr/share/selinux/packages/targeted/aovpn.pp.bz2
}

rpm_keeps_configuration() {
	rpm -qp --configfiles "$(rpm_of aovpn-plugin)" |
		grep -x /etc/strongswan/strongswan.d/charon/aovpn.conf &&
		rpm -qp --qf '[%{FILEFLAGS:fflags} %{FILENAMES}\n]' \
			"$(rpm_of aovpn-plugin)" | grep -E '^cn .*aovpn.conf$'
}

# One upstream release of strongSwan, any revision of it.
rpm_wants_its_strongswan() {
	local release
	release=$(plugins/detect-abi --version) || return
	rpm -qp --requires "$(rpm_of aovpn-plugin)" >"$work/requires" &&
		grep -E "^strongswan.* >= $release\$" "$work/requires" &&
		grep -E "^strongswan.* < [0-9.]+\$" "$work/requires"
}

# Each unit is set up and taken down, the module loaded and unloaded, and no
# macro was left as it stood.
rpm_scriptlets() {
	local units
	units=$(cd packaging/systemd && printf '%s\n' *.service *.socket |
		grep -v @ | sort | paste -sd ' ')
	rpm -qp --scripts "$rpms"/aovpn*.rpm >"$work/scripts" || return
	cat "$work/scripts"
	grep "install-system-units $units" "$work/scripts" &&
		grep "remove-system-units $units" "$work/scripts" &&
		grep 'mark-restart-system-units aovpnd.service' "$work/scripts" &&
		grep 'systemctl --no-block start aovpnd.service' "$work/scripts" &&
		[ "$(grep -c 'try-restart strongswan.service' "$work/scripts")" = 2 ] &&
		grep 'install-user-units aovpn-notify.service' "$work/scripts" &&
		grep 'remove-user-units aovpn-notify.service' "$work/scripts" &&
		grep -E 'semodule .*-i .*/targeted/aovpn.pp.bz2' "$work/scripts" &&
		grep -E 'semodule .*-r aovpn' "$work/scripts" &&
		! grep '%' "$work/scripts"
}

# Fedora's paths are in the programs, this machine's are not.
rpm_knows_its_paths() {
	local tree=$work/unpacked-rpm
	mkdir "$tree" && (cd "$tree" &&
		rpm2cpio "$(rpm_of aovpn)" | cpio -id --quiet) || return
	grep -q 'unix:///run/strongswan/charon.vici' "$tree/usr/sbin/aovpnd" &&
		! grep -q '/usr/lib/ipsec' "$tree/usr/sbin/aovpnd" &&
		grep -x 'EnvironmentFile=-/etc/sysconfig/aovpnd' \
			"$tree/usr/lib/systemd/system/aovpnd.service" &&
		grep -q '/etc/sysconfig/aovpnd' "$tree/usr/share/man/man8/aovpnd.8" &&
		! grep -rq "$work" "$tree"
}

# By rpm itself, into an empty root; then verified, and erased without remains.
rpm_comes_and_goes() {
	local root=$work/rpm-root names="aovpn aovpn-plugin aovpn-selinux"
	local rpm=(rpm --root "$root" --dbpath /var/lib/rpm)
	mkdir -p "$root" && "${rpm[@]}" --initdb &&
		"${rpm[@]}" -i --nodeps --noscripts --nosignature \
			"$(rpm_of aovpn)" "$(rpm_of aovpn-plugin)" \
			"$(rpm_of aovpn-selinux)" &&
		[ -x "$root/usr/sbin/aovpnd" ] || return
	# shellcheck disable=SC2086
	"${rpm[@]}" -V --nodeps $names || return
	# shellcheck disable=SC2086
	"${rpm[@]}" -e --nodeps --noscripts $names || return
	! find "$root" -path "$root/var/lib/rpm" -prune -o -type f -print -o \
		-name '*aovpn*' -print | grep .
}

rpm_part() {
	local why
	give_way
	why=$(lacking rpmbuild rpmlint checkmodule cpio bzip2)
	[ -e /usr/share/selinux/devel/Makefile ] ||
		why="$why no selinux-policy-dev"
	if [ -n "$why" ]; then
		echo "SKIP the rpm: ${why//$'\n'/, }"
		return
	fi
	check "the rpm is built" build_rpm || return
	check "rpmlint is content" lint_rpm
	check "its files are where Fedora has them" rpm_files
	check "its settings survive an upgrade" rpm_keeps_configuration
	check "its plugin wants the strongSwan that it was built for" \
		rpm_wants_its_strongswan
	check "its scriptlets do what they must" rpm_scriptlets
	check "its programs know Fedora's paths" rpm_knows_its_paths
	check "rpm installs, verifies and erases it" rpm_comes_and_goes
	echo "SKIP the rpm on a Fedora: none can be made from what is reachable"
}
