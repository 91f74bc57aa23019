# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# aovpnd is killed under a tunnel that is always on, then in the middle of its
# dial: the tunnel is found again, the dial is made anew.
PROFILE=(Connection.AlwaysOn=yes)
LAB_NOT_STOCK="aovpnd dials"

scenario_dial() { kept_connects 8; }

scenario_check() {
	local before
	before=$(kept_dials)
	process_stop aovpnd KILL
	check "aovpnd starts again" daemon_up
	check "the tunnel is found" wait_for 5 kept_state connected
	check "nothing was dialled for it" test "$before" = "$(kept_dials)"

	router_drop_udp 500
	router_drop_udp 4500
	check "the tunnel is lost" force_down
	check "it is dialled" wait_for 5 dialling
	process_stop aovpnd KILL
	faults_clear
	check "aovpnd starts again" daemon_up
	check "it is up again" wait_for 10 kept_state connected
	check "charon has one IKE_SA" one_ike_sa
	check "a packet crosses the tunnel" wait_for 3 tunnel_works
}
force_down() {
	charon_swanctl client --terminate --ike aovpn-lab --force --timeout 1
	wait_for 5 kept_ended
}
kept_ended() {
	lab_aovpn events --json | jq -es 'any(.[]; .event_id == 20226)'
}
dialling() { charon_swanctl client --list-sas | grep -q CONNECTING; }
one_ike_sa() { [ "$(charon_swanctl client --list-sas | grep -c 'IKEv2')" = 1 ]; }
