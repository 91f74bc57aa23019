# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# aovpnd is in another network namespace than charon, whose packets the filter
# there drops. The plugin's hello tells, and the loader looks where charon is.
scenario_inject() {
	local env
	daemon_down
	mapfile -t env < <(client_environment)
	exec {router}<"$(net_path router)"
	role_spawn client aovpnd nsenter "--net=/proc/self/fd/$router" \
		env "${env[@]}" "$AOVPN_BUILD/aovpnd" &&
		daemon_ready && client_drop_out 500
}

scenario_check() {
	check "aovpnd is not where charon is" apart
	check "the drop is one of charon's own namespace" \
		evidence_has "this machine's kernel dropped"
	check "nothing is said of another namespace" here_only
	check "ICMP and fragments are live, too" record_is \
		'.sources | .icmp == "live" and .fragments == "live"'
}

net_of() { readlink "/proc/$(process_pid "$1")/ns/net"; }
apart() { [ "$(net_of aovpnd)" != "$(net_of charon-client)" ]; }
here_only() { ! evidence_has "another network namespace"; }
record_is() { record "$1" | grep -qx true; }
