# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The gateway knows no IKE fragmentation and its answer is larger than a packet:
# a router lets only the first fragment of it pass. The record says which bytes
# came.
LAB_NOT_STOCK='charon knows the issuing CA, so the answer fits one packet'
GATEWAY_FRAGMENTATION=no

scenario_inject() { router_drop_later_fragments; }

scenario_check() {
	check "the evidence names the bytes that came, and that did not" \
		evidence_names_bytes
	check "status says that fragments are seen" fragments_are_live
}
evidence_names_bytes() {
	record '.causes[0].evidence[0]' | grep -E \
		'UDP port 4500 .* bytes 0 to 1479 were here, bytes 1480 to [0-9]+'
}
fragments_are_live() {
	lab_aovpn status --json | jq -e '.sources.fragments |
		.state == "live" and .lost_events == 0'
}
