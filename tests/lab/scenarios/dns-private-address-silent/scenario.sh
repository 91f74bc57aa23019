# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The same, and no router says that it cannot be reached.
scenario_inject() {
	dns_set vpn.contoso.test 192.168.77.7 &&
		router_rule forward 0 "ip daddr 192.168.77.7 drop" &&
		net_exec router ip route add 192.168.77.0/24 via 198.51.100.10
}
