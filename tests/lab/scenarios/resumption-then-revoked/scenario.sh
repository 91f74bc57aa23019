# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# NPS learns between two dials that the client certificate is revoked. It refuses
# the resumed session without a word; the second try brings out why.
CLIENT_CERT=user1-revoked
NPS_KIND=alert
NPS_RESUME=yes
NPS_REGISTRY="NoRevocationCheck=1"

scenario_dial() { lab_dial_again nps_registry_set NoRevocationCheck 0; }

scenario_check() {
	check "NPS resumed the session before it refused" \
		grep -q "resumed a session" "$LAB_DIR/log/nps.log"
	check "NPS refused twice" \
		test "$(nps_events | grep -c 'event 6273 reason 256')" = 2
	check "the record tells of the first try" \
		test "$(record .resumption_refused)" = true
	check "no IKE_SA is left behind" wait_for 3 no_ike_sa
}
