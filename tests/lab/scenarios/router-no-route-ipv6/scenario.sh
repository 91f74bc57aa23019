# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# A router answers by IPv6 that it has no route to the gateway.
LAB_GATEWAY_FAMILY=ipv6

scenario_inject() { router_reject_udp6 500 no-route; }

scenario_check() {
	check "the evidence names the kind" evidence_names_kind
}
evidence_names_kind() {
	record '.causes[0].evidence[]' | grep 'ICMPv6 type 1 code 0 (no route)'
}
