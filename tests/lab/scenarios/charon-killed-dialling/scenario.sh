# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# charon is killed in the middle of a dial and started again: the dial ends with
# an error at once, and the next one connects.
scenario_dial() {
	router_drop_udp 500
	lab_dial lab >"$LAB_DIR/log/first-dial" 2>&1 &
	wait_for 5 dialling
	process_stop charon-client KILL
	wait_for 3 first_ended
	wait $!
	faults_clear
	charon_launch client && client_ready &&
		wait_for 5 plugin_is_live && lab_dial
}

scenario_check() {
	check "the first dial says that charon went away" first_failed
	check "a packet crosses the tunnel" tunnel_works
}
dialling() { charon_swanctl client --list-sas | grep -q CONNECTING; }
plugin_is_live() {
	lab_aovpn status --json | jq -e '.sources.plugin.state == "live"'
}
first_ended() { [ -s "$LAB_DIR/log/first-dial" ]; }
first_failed() { jq -e '.cause == "charon-absent"' "$LAB_DIR/log/first-dial"; }
