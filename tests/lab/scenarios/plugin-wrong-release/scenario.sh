# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# A plugin that was built for another strongSwan release: charon runs without
# it, its log says which release the plugin is for, and the daemon goes on.
LAB_NOT_STOCK='it is about our plugin'
scenario_inject() {
	process_stop charon-client KILL
	cp "$AOVPN_BUILD/tests/wrong-release/libstrongswan-aovpn.so" \
		"$LAB_DIR/client/plugins/"
	charon_launch client && client_ready
}

scenario_check() {
	check "charon's log says what is wrong" log_names_release
	check "no plugin is connected" plugin_is_absent
}
# The loader's own words from 6.0.3 on, ours before.
log_names_release() {
	grep -E "aovpn.*(built for strongSwan 5\.8\.0|version.* 5\.8\.0)" \
		"$LAB_DIR/log/charon-client.log"
}
plugin_is_absent() {
	lab_aovpn status --json | jq -e '.sources.plugin.state == "absent"'
}
