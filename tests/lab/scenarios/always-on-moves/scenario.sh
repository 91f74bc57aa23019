# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The network changes under a tunnel, and the gateway does not follow (its state
# is gone): the connection is dialled anew as soon as that shows, not when charon
# gives up.
PROFILE=(Connection.AlwaysOn=yes)
LAB_NOT_STOCK="aovpnd dials"

scenario_inject() {
	net_exec client sysctl -qw net.ipv4.conf.c0.promote_secondaries=1 \
		net.ipv6.conf.c0.disable_ipv6=1
}

scenario_dial() { kept_connects 8; }

scenario_check() {
	gateway_stop KILL
	check "the gateway starts anew" gateway_restart
	net_exec client ip address add 192.0.2.11/24 dev c0
	net_exec client ip address del 192.0.2.10/24 dev c0
	net_exec client ip route replace default via 192.0.2.1
	check "the end is told" wait_for 5 kept_ended_with 829 network-changed
	check "it is up again" wait_for 8 kept_state connected
	check "a packet crosses the tunnel" wait_for 3 tunnel_works
}
