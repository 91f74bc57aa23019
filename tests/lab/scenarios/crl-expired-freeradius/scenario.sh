# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The CRL of the issuing CA is outdated: NPS refuses with reason 259.
NPS_KIND=freeradius

scenario_inject() { cdp_stale issuing; }

scenario_check() {
	check "NPS logs reason 259" grep -q "reason 259" \
		"$LAB_DIR/nps/events.log"
	check "the evidence names the date" evidence_has "next update was due on"
}
