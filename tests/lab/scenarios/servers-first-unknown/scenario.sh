# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The first server's name does not exist: the second is dialled at once.
PROFILE=("Connection.Server=absent.contoso.test,vpn.contoso.test")

scenario_check() {
	check "the record lists both" record_lists
	check "a packet crosses the tunnel" tunnel_works
}
record_lists() {
	record '[.tried[] | "\(.server) \(.ras_code)"] | join(",")' |
		grep -qx "absent.contoso.test 868,vpn.contoso.test 0"
}
