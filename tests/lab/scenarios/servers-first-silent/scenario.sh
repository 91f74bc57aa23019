# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The first server does not answer: the second is dialled within seconds, in the
# same dial, and the record lists both.
PROFILE=("Connection.Server=silent.contoso.test,vpn.contoso.test")

scenario_inject() { dns_set silent.contoso.test 203.0.113.20; }

scenario_check() {
	check "the record lists both" record_lists
	check "a packet crosses the tunnel" tunnel_works
}
record_lists() {
	record '[.tried[] | "\(.server) \(.ras_code)"] | join(",")' |
		grep -qx "silent.contoso.test 809,vpn.contoso.test 0"
}
