# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# aovpnd is stopped while the connection is up.
scenario_check() {
	daemon_down
	check "it ended with 834" ended_with 834 service-stopped
}
ended_with() {
	jq -es --argjson code "$1" --arg cause "$2" \
		'map(select(.event_id == 20226)) | last |
		 .ras_code == $code and .cause == $cause' \
		"$LAB_DIR/client/state/events.jsonl"
}
