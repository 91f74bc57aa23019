# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# charon is killed under a tunnel, and started again later: the end is told at
# once, and the connection is back as soon as charon is.
PROFILE=(Connection.AlwaysOn=yes)
LAB_NOT_STOCK="aovpnd dials"

scenario_dial() { kept_connects 8; }

scenario_check() {
	process_stop charon-client KILL
	check "the tunnel's end is told" wait_for 5 kept_ended_with 829 charon-absent
	check "charon starts again" start_charon
	check "it is up again" wait_for 8 kept_state connected
	check "a packet crosses the tunnel" wait_for 3 tunnel_works
}
start_charon() { charon_launch client && client_ready; }
