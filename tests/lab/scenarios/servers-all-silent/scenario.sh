# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Two servers, and neither answers: the dial fails as that of one does, and lists
# both.
PROFILE=("Connection.Server=vpn.contoso.test,vpn2.contoso.test")

scenario_inject() {
	dns_set vpn2.contoso.test 198.51.100.20
	router_drop_udp 500
}

scenario_check() {
	check "the record lists both" record_lists
}
record_lists() {
	record '[.tried[] | "\(.server) \(.ras_code)"] | join(",")' |
		grep -qx "vpn.contoso.test 809,vpn2.contoso.test 809"
}
