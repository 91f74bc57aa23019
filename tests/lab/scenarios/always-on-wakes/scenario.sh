# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The machine sleeps for an hour, and logind says so. The gateway has forgotten
# the tunnel by then: the connection does not wait for dead-peer detection.
PROFILE=(Connection.AlwaysOn=yes)
CLIENT_CLOCK=sleeps
LAB_NOT_STOCK="aovpnd dials"

scenario_requires() { ! bus_missing; }
scenario_setup() { logind_up 3600; }

scenario_dial() { kept_connects 8; }

scenario_check() {
	local before
	check "the gateway forgets the tunnel" gateway_restart
	before=$EPOCHREALTIME
	check "it sleeps and wakes" client_suspends
	check "aovpnd knows how long" wait_for 4 grep -q \
		"this machine slept for 3600 s" "$LAB_DIR/log/aovpnd.log"
	check "the tunnel ended with the sleep" \
		wait_for 4 kept_ended_with 833 suspended
	check "it is up again" wait_for 4 connected_times 2
	check "within two seconds of waking" took_less 2000 "$before"
	check "a packet crosses the tunnel" tunnel_works
	check "it sleeps again, for no time at all" client_suspends
	check "and comes back" wait_for 4 connected_times 3
}
connected_times() {
	kept_state connected && [ "$(lab_aovpn events --json |
		jq -s 'map(select(.event_id == 20225)) | length')" = "$1" ]
}
took_less() { [ $(((${EPOCHREALTIME/./} - ${2/./}) / 1000)) -lt "$1" ]; }
