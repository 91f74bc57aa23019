# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# There is no network at the start: the connection waits for one, without
# dialling. When the network comes it connects; when it goes and comes back
# after the tunnel was given up, again.
PROFILE=(Connection.AlwaysOn=yes)
LAB_NOT_STOCK="aovpnd dials"

scenario_setup() { client_network_down; }

scenario_dial() {
	wait_for 5 kept_is '.waits_for == "a network"'
	kept_dials >"$LAB_DIR/log/dials-before"
	faults_clear
	kept_connects 8
}

scenario_check() {
	check "nothing was dialled without a network" \
		grep -qx 0 "$LAB_DIR/log/dials-before"
	check "the gateway is gone with the network" gateway_stop KILL
	client_network_down
	check "charon gives the tunnel up" force_down
	check "it waits for a network" wait_for 5 kept_is '.waits_for == "a network"'
	check "the gateway is back" gateway_restart
	faults_clear
	check "it is up again" wait_for 8 kept_state connected
	check "a packet crosses the tunnel" wait_for 3 tunnel_works
}
client_network_down() {
	net_exec client ip link set c0 down
}
# As dead-peer detection does half a minute later.
force_down() {
	charon_swanctl client --terminate --ike aovpn-lab --force --timeout 3
	wait_for 5 kept_state disconnected
}
