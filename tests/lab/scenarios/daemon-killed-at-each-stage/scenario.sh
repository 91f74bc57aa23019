# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# aovpnd is killed in each stage of a dial and started again: aovpn says so at
# once, charon keeps nothing of ours, and afterwards a dial connects.
LAB_NOT_STOCK="aovpnd dials"

scenario_dial() {
	killed_dials aovpnd daemon_up
	lab_dial
}

scenario_check() {
	killed_check "aovpnd|connection to aovpnd|.*aovpnd" 3
	check "every line of the events is whole" events_are_whole
	check "a packet crosses the tunnel" tunnel_works
}
events_are_whole() { jq -c . "$LAB_DIR/client/state/events.jsonl"; }
