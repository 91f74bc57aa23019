# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# A hint while waiting uses what is known: a router has refused.
scenario_inject() { router_reject_udp 500 admin-prohibited; }
scenario_check() { check "the hint names it" hinted icmp-prohibited; }
hinted() {
	jq -es --arg cause "$1" \
		'any(.[]; .event_id == 20298 and .cause == $cause)' \
		"$LAB_DIR/records"
}
