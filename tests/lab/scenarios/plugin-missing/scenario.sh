# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# charon runs without our plugin: the daemon says so and goes on.
LAB_NOT_STOCK='it is about our plugin'
scenario_inject() {
	sed -i '/^[[:space:]]*aovpn {/,/}/s/load = .*/load = no/' \
		"$LAB_DIR/client/strongswan.conf"
	process_stop charon-client KILL
	charon_launch client && client_ready
}

scenario_check() {
	check "status says that the plugin is absent" plugin_is_absent
	check "the record says so too" record_says_absent
}
plugin_is_absent() {
	lab_aovpn status --json | jq -e '.sources.plugin.state == "absent"'
}
record_says_absent() { [ "$(record .sources.plugin)" = absent ]; }
