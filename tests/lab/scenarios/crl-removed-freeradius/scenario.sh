# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The CRL of the client's issuing CA is not where its CDP says: reason 259, also
# where NPS looks.
NPS_KIND=freeradius

scenario_inject() { cdp_remove issuing; }

scenario_check() {
	check "NPS logs reason 259" grep -q "reason 259" \
		"$LAB_DIR/nps/events.log"
	check "the evidence names the URL" evidence_has "issuing.crl"
	check "it is not certain" \
		[ "$(record '.causes[0].confidence')" != certain ]
}
