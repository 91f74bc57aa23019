# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# kept.sh - connections that are always on: the profile "lab" with
# Connection.AlwaysOn=yes is dialled by aovpnd itself.

# kept_state STATE: does status say that of "lab"?
kept_state() {
	lab_aovpn status --json | jq -e --arg state "$1" \
		'.connections[] | select(.connection == "lab") | .state == $state'
}

# kept_is JQ_FILTER: does it hold of .keep of "lab"?
kept_is() {
	lab_aovpn status --json | jq -e \
		".connections[] | select(.connection == \"lab\") | .keep | $1"
}

# kept_outcome: print the last outcome of "lab" as a dial would.
kept_outcome() {
	lab_aovpn events --json | jq -c 'select(.connection == "lab" and
		(.event_id == 20225 or .event_id == 20227))' | tail -n 1
}

# kept_dials: how many dials were there?
kept_dials() {
	lab_aovpn events --json | jq -s 'map(select(.event_id == 20221)) | length'
}

# kept_connects SECONDS: wait until it is up, and print its outcome.
kept_connects() {
	wait_for "$1" kept_state connected
	kept_outcome
}

# kept_ended_with CODE CAUSE: is that how the last tunnel ended?
kept_ended_with() {
	lab_aovpn events --json | jq -es --argjson code "$1" --arg cause "$2" \
		'map(select(.event_id == 20226)) | last |
		 .ras_code == $code and .cause == $cause'
}
