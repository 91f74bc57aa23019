# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# aovpn-fetch cannot be started: aovpnd resolves the name itself, and says so
# once.
LAB_NOT_STOCK="aovpnd dials"

scenario_inject() { daemon_down && AOVPN_FETCH=/nonexistent daemon_up; }

scenario_dial() { lab_dial_again; }

scenario_check() {
	check "it is said, once" said_once
	check "a packet crosses the tunnel" tunnel_works
}
said_once() {
	[ "$(grep -c 'names are resolved by aovpnd itself: cannot start "/nonexistent"' \
		"$LAB_DIR/log/aovpnd.log")" = 1 ]
}
