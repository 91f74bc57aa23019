# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Nobody answers at first: the connection is dialled again by itself, and
# connects when the gateway is there. A gateway that closes is dialled again.
PROFILE=(Connection.AlwaysOn=yes)
LAB_NOT_STOCK="aovpnd dials"

scenario_setup() { router_drop_udp 500; }

scenario_dial() {
	wait_for 15 failed_once
	kept_outcome >"$LAB_DIR/log/first-outcome"
	faults_clear
	kept_connects 15
}

scenario_check() {
	check "a dial before that failed of silence" \
		test -s "$LAB_DIR/log/first-outcome"
	check "the gateway ends the tunnel" gateway_closes
	check "the end is told" wait_for 5 kept_ended_with 629 peer-closed
	check "it is up again" wait_for 8 kept_state connected
	check "a packet crosses the tunnel" wait_for 3 tunnel_works
}
failed_once() { kept_outcome | jq -e '.ras_code == 809'; }
gateway_closes() { charon_swanctl gateway --terminate --ike rras --timeout 3; }
