# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The issuing CA's certificate has no CDP; NPS refuses with a TLS alert.
LAB_ISSUING=issuing-nocdp
NPS_KIND=alert

scenario_check() {
	check "NPS logs reason 258" grep -q "reason 258" \
		"$LAB_DIR/nps/events.log"
}
