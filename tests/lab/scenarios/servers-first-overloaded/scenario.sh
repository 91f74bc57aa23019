# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The first server only demands cookies: it is told as overloaded, and the second
# is dialled.
PROFILE=("Connection.Server=busy.contoso.test,vpn.contoso.test")

scenario_inject() {
	dns_set busy.contoso.test 203.0.113.20
	role_spawn nps init-server /usr/bin/python3 -B \
		"$LAB_HOME/rras/init_server.py" 203.0.113.20 16390 \
		00112233445566778899aabbccddeeff &&
		wait_for 5 grep -q ready "$LAB_DIR/log/init-server.log"
}

scenario_check() {
	check "the record lists both, and why" record_lists
	check "a packet crosses the tunnel" tunnel_works
}
record_lists() {
	record '[.tried[] | "\(.server) \(.cause)"] | join(",")' |
		grep -qx "busy.contoso.test gateway-overloaded,vpn.contoso.test "
}
