# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# bus.sh - a system bus in the client's role, at its usual place in the role's own
# /run, and a stand-in for logind on it (logind/logind.c).

# bus_missing: print what is missing for it; 0: something is.
bus_missing() {
	command -v dbus-daemon >/dev/null || { echo "no dbus-daemon"; return 0; }
	return 1
}

# bus_up: start it, unless it runs. Everybody may do everything on it.
bus_up() {
	client_role || return
	bus_ctl list >/dev/null 2>&1 && return
	cat >"$LAB_DIR/client/dbus.conf" <<-END
		<busconfig>
			<type>system</type>
			<listen>unix:path=/run/dbus/system_bus_socket</listen>
			<auth>EXTERNAL</auth>
			<policy context="default">
				<allow user="*"/>
				<allow own="*"/>
				<allow send_destination="*" eavesdrop="true"/>
				<allow eavesdrop="true"/>
			</policy>
		</busconfig>
	END
	role_exec client mkdir -p /run/dbus &&
		role_spawn client dbus dbus-daemon --nofork --nopidfile --nosyslog \
			--config-file="$LAB_DIR/client/dbus.conf" &&
		wait_for 4 bus_ctl list
}

# bus_ctl ARG...: busctl, there.
bus_ctl() { role_exec client busctl --system "$@"; }

# logind_up SECONDS: as long as the machine will sleep (CLIENT_CLOCK=sleeps).
logind_up() {
	bus_up && role_spawn client logind "$AOVPN_BUILD/lab-logind" \
		"$LAB_DIR/slept" "$1" &&
		wait_for 4 bus_ctl status org.freedesktop.login1
}

# client_suspends: the machine goes to sleep, sleeps, and wakes.
client_suspends() {
	bus_ctl call org.freedesktop.login1 /org/freedesktop/login1 \
		org.freedesktop.login1.Manager Suspend b false >&2
}
