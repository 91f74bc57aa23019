# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# "aovpn events --follow" shows a record as it is made.
scenario_inject() {
	local env
	mapfile -t env < <(client_environment)
	role_spawn client follow env "${env[@]}" "$AOVPN_BUILD/aovpn" \
		events --follow --json
}

scenario_check() {
	check "the record came to the follower" wait_for 3 followed
}
followed() { grep -q '"event_id":20225' "$LAB_DIR/log/follow.log"; }
