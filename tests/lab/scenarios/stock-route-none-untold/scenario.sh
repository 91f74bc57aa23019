# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# What charon cannot send for a connection that is not ours is not reported. The
# daemon is stopped meanwhile, so that a report would wait in its socket.

scenario_requires() {
	command -v ss >/dev/null || { echo "no program ss"; return 1; }
}

scenario_inject() { stock_client_up && client_route_none; }

scenario_dial() {
	local status
	kill -STOP "$(process_pid aovpnd)"
	stock_dial
	status=$?
	waiting_bytes >"$LAB_DIR/waiting"
	kill -CONT "$(process_pid aovpnd)"
	return $status
}

scenario_check() {
	check "the kernel refused the packets" grep -q \
		"error writing to socket" "$LAB_DIR/log/charon-client.log"
	check "the plugin said nothing" nothing_waited
	check "it does for a connection of ours" ours_is_told
}
# What the daemon has not read of its connection with the plugin.
waiting_bytes() {
	role_exec client ss -Hxn state established src \
		"$LAB_DIR/client/aovpn/plugin.sock" | awk '{ print $2 }'
}
nothing_waited() { [ "$(cat "$LAB_DIR/waiting")" = 0 ]; }
ours_is_told() { lab_dial | tail -n 1 | grep -F "ENETUNREACH"; }
