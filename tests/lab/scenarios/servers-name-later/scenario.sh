# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# A connection that is always on waits for a resolver that does not answer. When
# the network changes it is asked anew: the first question would have waited for
# as long as the dial may take.
PROFILE=(Connection.AlwaysOn=yes)
LAB_NOT_STOCK="aovpnd dials"

scenario_setup() {
	role_up client "$CLIENT_PLUGIN" &&
		role_exec client sed -i 's/timeout:[0-9]*/timeout:30/' \
			/etc/resolv.conf &&
		dns_silent
}

scenario_dial() {
	wait_for 5 kept_state connecting
	sleep 1.5
	faults_clear
	net_exec client ip address add 192.0.2.11/24 dev c0
	net_exec client ip route replace default via 192.0.2.1 src 192.0.2.11
	kept_connects 8
}

scenario_check() { check "a packet crosses the tunnel" tunnel_works; }
