# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# As fragments-dropped, by IPv6, where only the gateway itself makes fragments.
LAB_NOT_STOCK='charon knows the issuing CA, so the answer fits one packet'
LAB_GATEWAY_FAMILY=ipv6
GATEWAY_FRAGMENTATION=no

scenario_inject() { router_drop_later_fragments; }

scenario_check() {
	check "the evidence names the bytes that came, and that did not" \
		evidence_names_bytes
}
evidence_names_bytes() {
	record '.causes[0].evidence[0]' | grep -E \
		'UDP port 4500 .* bytes 0 to 1447 were here, bytes 1448 to [0-9]+'
}
