# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# A link behind the router carries smaller packets than the client believes, the
# router says so, and the fragments that the client sends then are dropped.
scenario_inject() {
	router_mtu 900
	router_drop_fragments
}

scenario_check() {
	check "the evidence says what passes" evidence_names_mtu
}
evidence_names_mtu() {
	record '.causes[0].evidence[]' | grep 'it lets 900 bytes pass'
}
