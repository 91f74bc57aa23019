# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# aovpnd is killed in the middle of a dial and started again: charon's plugin
# finds it, what the first left in charon does not disturb, and a dial connects.
scenario_dial() {
	router_drop_udp 500
	lab_dial lab >"$LAB_DIR/log/first-dial" 2>&1 &
	wait_for 5 dialling
	process_stop aovpnd KILL
	wait $!
	faults_clear
	daemon_up && lab_dial
}

scenario_check() {
	check "the first dial ended with an error" grep -q . "$LAB_DIR/log/first-dial"
	check "charon has one IKE_SA of ours" one_ike_sa
	check "a packet crosses the tunnel" tunnel_works
}
dialling() { charon_swanctl client --list-sas | grep -q CONNECTING; }
one_ike_sa() {
	[ "$(charon_swanctl client --list-sas | grep -c 'IKEv2')" = 1 ]
}
