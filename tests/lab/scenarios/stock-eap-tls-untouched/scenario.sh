# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# A connection that is not ours uses stock eap-tls, with our plugin loaded.

scenario_inject() { stock_client_up; }

scenario_dial() { stock_dial; }

plugin_is_loaded() {
	charon_swanctl client --stats | grep -q '^loaded plugins:.* aovpn'
}

scenario_check() {
	check "our plugin is loaded" plugin_is_loaded
	check "a packet crosses the tunnel" tunnel_works
}
