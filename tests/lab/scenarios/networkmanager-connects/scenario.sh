# shellcheck shell=bash disable=SC2034
# SPDX-License-Identifier: GPL-2.0-or-later
# NetworkManager's own charon connects, and NetworkManager ends the tunnel. The
# other charon has a connection of that name, too, and gives it the same number.
LAB_STOCK=1

scenario_requires() { ! nm_missing; }
scenario_inject() { nm_up && wait_for 4 daemon_sees_charon_nm; }
scenario_dial() { nm_dial nm; }

scenario_check() {
	check "status shows the tunnel" tunnel_is_shown
	check "its namesake in the other charon is told apart" namesake_connects
	check "and so is its end" namesake_ends
	check "that it is ended is the user's doing" ends_by_user
}
records_are() {
	[ "$(_stock_records nm | jq -s "map(select(.event_id == $1)) | length")" \
		= "$2" ]
}
# Of another user: the gateway replaces a user's older tunnel (unique=replace).
namesake_connects() {
	CLIENT_CERT=user2 stock_client_up nm && charon_swanctl client --initiate --child nm &&
		wait_for 3 records_are 20225 2
}
namesake_ends() {
	charon_swanctl client --terminate --ike nm &&
		wait_for 3 records_are 20226 1 && tunnel_is_shown
}
tunnel_is_shown() {
	lab_aovpn status --json | jq -e '.connections | any(.connection == "nm"
		and .watched and .state == "connected")'
}
ends_by_user() {
	nm_disconnect && wait_for 3 records_are 20226 2 &&
		_stock_records nm | tail -n 1 | jq -e '.ras_code == 631'
}
