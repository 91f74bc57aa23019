# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Packets for the gateway run out of hops on the way, as in a loop of routes.
scenario_inject() { router_hops 500; }

scenario_check() {
	check "the evidence names the kind" evidence_names_kind
}
evidence_names_kind() {
	record '.causes[0].evidence[]' | grep 'ICMP type 11 code 0 (too many hops'
}
