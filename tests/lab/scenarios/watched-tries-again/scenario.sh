# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# charon itself dials twice (keyingtries): each try is told.
LAB_STOCK=1
CLIENT_CHARON="retransmit_tries = 2"

scenario_inject() {
	stock_client_up && sed -i 's/keyingtries = 1/keyingtries = 2/' \
		"$LAB_DIR/client/swanctl/conf.d/stock.conf" &&
		stock_load && wait_for 3 daemon_sees_charon &&
		router_drop_udp 500
}

scenario_dial() { stock_watched_dial stock; }

scenario_check() {
	check "both tries have a record" wait_for 5 both_are_told
	check "of silence nothing is certain" is_not_certain
}
both_are_told() {
	_stock_records stock | jq -es 'map(.event_id) ==
		[20221, 20227, 20221, 20227]'
}
is_not_certain() { [ "$(record '.causes[0].confidence')" != certain ]; }
