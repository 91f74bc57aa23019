# shellcheck shell=bash disable=SC2034
# The CRL of the client's issuing CA is past its nextUpdate: reason 259. What the
# daemon fetched of it while the dial ran is the evidence.
NPS_KIND=freeradius

scenario_setup() { cdp_stale issuing; }

scenario_check() {
	check "NPS logs reason 259" grep -q "reason 259" \
		"$LAB_DIR/nps/events.log"
	check "the evidence names the date" evidence_has "next update was due on"
}
