# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Packets above 900 bytes vanish on the way without a word. IKE cuts its own
# messages into packets, of which only the small last one arrives.
scenario_inject() { router_swallow 900; }

scenario_check() {
	check "the evidence says that parts came" evidence_says_parts
}
evidence_says_parts() {
	record '.causes[0].evidence[]' | grep 'packets of IKE_AUTH answers'
}
