# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# A connection that is always on is dialled without anybody's asking; hung up it
# stays down, also when the network changes, until it is dialled.
PROFILE=(Connection.AlwaysOn=yes)
LAB_NOT_STOCK="aovpnd dials"

scenario_dial() { kept_connects 8; }

scenario_check() {
	check "a packet crosses the tunnel" tunnel_works
	check "it can be hung up" lab_aovpn hangup lab
	check "status says that it is held down" kept_is .paused
	net_exec client ip route add 203.0.113.0/24 via 192.0.2.1
	sleep 1 # time in which it would be dialled
	check "it stays down" kept_state disconnected
	check "who dials it has it back" lab_aovpn dial lab
	check "it is kept up again" kept_is '.paused | not'
}
