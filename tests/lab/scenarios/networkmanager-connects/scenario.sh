# shellcheck shell=bash disable=SC2034
# SPDX-License-Identifier: GPL-2.0-or-later
# NetworkManager's own charon connects, and NetworkManager ends the tunnel.
LAB_STOCK=1

scenario_requires() { ! nm_missing; }
scenario_inject() { nm_up && wait_for 4 daemon_sees_charon_nm; }
scenario_dial() { nm_dial nm; }

scenario_check() {
	check "status shows the tunnel" tunnel_is_shown
	check "that it is ended is the user's doing" ends_by_user
}
tunnel_is_shown() {
	lab_aovpn status --json | jq -e '.connections | any(.connection == "nm"
		and .watched and .state == "connected")'
}
ends_by_user() {
	nm_disconnect && wait_for 3 last_is 20226 631
}
last_is() {
	_stock_records nm | tail -n 1 |
		jq -e ".event_id == $1 and .ras_code == $2"
}
