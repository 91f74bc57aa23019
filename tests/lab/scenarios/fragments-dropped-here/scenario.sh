# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The gateway's answer comes in whole, by fragments, and the client's packet
# filter drops it once it is put together.
GATEWAY_FRAGMENTATION=no

scenario_inject() { client_drop_in 4500; }

scenario_check() {
	check "the evidence says that every fragment came" \
		evidence_says_complete
}
evidence_says_complete() {
	record '.causes[0].evidence[]' | grep 'came in complete by IP fragments'
}
