# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# NPS is killed in each stage of a dial and started again: the dial fails. What the
# gateway makes of it in the middle of EAP-TLS looks like a refusal by NPS, so no
# cause is certain; and afterwards one connects.
LAB_NOT_STOCK="aovpnd dials"

scenario_dial() {
	killed_dials nps nps_restart
	lab_dial
}

scenario_check() {
	killed_check ".+" 25
	check "no cause is certain" none_is_certain
	check "a packet crosses the tunnel" tunnel_works
}
none_is_certain() {
	tail -qn 1 "$LAB_DIR"/killed/? |
		jq -se 'map(.causes[]) | all(.confidence != "certain")'
}
