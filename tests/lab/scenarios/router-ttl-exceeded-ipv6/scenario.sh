# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# As router-ttl-exceeded, by IPv6.
LAB_GATEWAY_FAMILY=ipv6

scenario_inject() { router_hops 500; }

scenario_check() {
	check "the evidence names the kind" evidence_names_kind
}
evidence_names_kind() {
	record '.causes[0].evidence[]' | grep 'ICMPv6 type 3 code 0 (too many hops'
}
