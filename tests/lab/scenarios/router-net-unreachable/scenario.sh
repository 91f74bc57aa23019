# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# A router answers that it has no route to the gateway's network.
scenario_inject() { router_reject_udp 500 net-unreachable; }

scenario_check() {
	check "the evidence names the kind" evidence_names_kind
}
evidence_names_kind() {
	record '.causes[0].evidence[]' | grep 'type 3 code 0 (network unreachable)'
}
