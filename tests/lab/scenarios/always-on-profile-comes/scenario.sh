# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# A profile that comes while the daemon runs is kept up; one that is not to be
# kept up any more stays up, and is not dialled again.
LAB_NOT_STOCK="aovpnd dials"

scenario_dial() {
	profile_write lab Connection.AlwaysOn=yes
	kept_connects 8
}

scenario_check() {
	profile_write lab Connection.AlwaysOn=no
	check "it is not kept up any more" wait_for 5 kept_is '.always_on | not'
	check "it stays up" kept_state connected
	check "the gateway ends the tunnel" gateway_closes
	check "it is down" wait_for 5 kept_state disconnected
	sleep 2 # time in which it would be dialled
	check "it stays down" kept_state disconnected
}
gateway_closes() { charon_swanctl gateway --terminate --ike rras --timeout 3; }
