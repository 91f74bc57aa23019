# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The gateway gives a DNS server, and nothing uses it.
CLIENT_CHARON="plugins {
	resolve {
		file = /run/elsewhere
	}
}"
scenario_check() {
	check "a warning says so" wait_for 5 warned_of dns-not-applied
}
warned_of() {
	lab_aovpn events --json | jq -es --arg cause "$1" \
		'any(.[]; .event_id == 20299 and .cause == $cause)'
}
