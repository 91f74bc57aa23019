# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The network refuses packets to the first server by ICMP: the second is dialled.
PROFILE=("Connection.Server=closed.contoso.test,vpn.contoso.test")

scenario_inject() {
	# A host of the network, and nothing on it listens.
	dns_set closed.contoso.test 203.0.113.20
	net_nft router -f - <<-'END'
		table inet lab {
			chain at_forward {
				type filter hook forward priority 0
				ip daddr 203.0.113.20 udp dport 500 reject with icmp type port-unreachable
			}
		}
	END
}

scenario_check() {
	check "the record lists both, and why" record_lists
	check "a packet crosses the tunnel" tunnel_works
}
record_lists() {
	record '[.tried[] | "\(.server) \(.ras_code) \(.cause)"] | join(",")' |
		grep -qx "closed.contoso.test 809 icmp-port-unreachable,vpn.contoso.test 0 "
}
