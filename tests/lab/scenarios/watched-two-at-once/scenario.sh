# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Two stock connections to one gateway at once: one comes up, the other wants
# another name of NPS. Each is told by itself.
LAB_STOCK=1

scenario_inject() {
	stock_client_up good &&
		stock_client_up bad NPS.ServerNames=other.test &&
		wait_for 3 daemon_sees_charon
}

scenario_dial() {
	stock_watched_dial good >"$LAB_DIR/good" &
	stock_watched_dial bad
	local status=$?
	wait $!
	return $status
}

scenario_check() {
	check "the good one is up" good_is_up
	check "each has a record of its own" are_apart
}
good_is_up() { tail -n 1 "$LAB_DIR/good" | jq -e '.event_id == 20225'; }
are_apart() {
	jq -es 'map(select(.event_id == 20225 or .event_id == 20227) |
		[.connection, .event_id]) | sort ==
		[["bad", 20227], ["good", 20225]]' \
		"$LAB_DIR/client/state/events.jsonl"
}
