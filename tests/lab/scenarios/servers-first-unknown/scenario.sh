# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The first server's name does not exist: the second is dialled at once.
PROFILE=("Connection.Server=absent.contoso.test,vpn.contoso.test")

scenario_check() {
	check "the record lists both" record_lists
	check "a packet crosses the tunnel" tunnel_works
	lab_aovpn hangup lab
	lab_aovpn dial lab -v >"$LAB_DIR/log/text"
	check "-v lists both" grep -q \
		"tried:       absent.contoso.test: 868 dns-no-such-name, " \
		"$LAB_DIR/log/text"
	check "and how the second ended" grep -q \
		"vpn.contoso.test at $NET_GATEWAY: 0 connected, " "$LAB_DIR/log/text"
}
record_lists() {
	record '[.tried[] | "\(.server) \(.ras_code)"] | join(",")' |
		grep -qx "absent.contoso.test 868,vpn.contoso.test 0"
}
