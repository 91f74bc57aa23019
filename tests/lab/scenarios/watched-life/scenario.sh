# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# A connection of stock eap-tls, in a charon that has our plugin: aovpnd only
# watches, and tells how each of its tunnels came up and ended. One of ours in the
# same charon is told once.
LAB_NOT_STOCK='it brings a stock connection of its own'

scenario_inject() { stock_client_up && wait_for 3 daemon_sees_charon; }

scenario_dial() { stock_watched_dial stock; }

scenario_check() {
	check "the record has charon's words about the tunnel" tunnel_is_told
	check "the record says who told" record_says_charon
	check "status shows the tunnel and the source" status_shows_it
	check "a trace of it has charon's words" trace_has_it
	check "rekeying says nothing" rekeying_is_silent
	check "a hang-up by swanctl is the user's" ends_with 631 \
		charon_swanctl client --terminate --ike stock
	check "it comes up again" stock_watched_dial stock
	check "the gateway deletes it" ends_with 629 \
		charon_swanctl gateway --terminate --ike rras
	check "a dial of ours beside it is not watched" ours_is_told_once
	check "it comes up once more" stock_watched_dial stock
	check "charon is killed" ends_with 829 process_stop charon-client KILL
	check "aovpnd hears the next charon" next_charon_is_heard
	check "and watches it" stock_watched_dial stock
}
tunnel_is_told() {
	record '.tunnel | .addresses + " " + .networks + " " + .gateway_id' |
		grep -E '^10\.99\.0\.[0-9]+ 10\.80\.0\.0/24 CN=vpn.contoso.test$'
}
record_says_charon() {
	record '[.watched, .sources.charon, .sources.plugin, .user]' |
		jq -e '. == [true, "live", "absent", "user1@contoso.test"]'
}
status_shows_it() {
	lab_aovpn status --json | jq -e '.sources.charon.state == "live" and
		.sources.charon.lost_events == 0 and
		(.connections | any(.connection == "stock" and .watched and
			.state == "connected"))' &&
		lab_aovpn status | grep -E '^  charon +live$'
}
# Of the tunnel that is up now, and only of it.
trace_has_it() {
	local env lines=$LAB_DIR/trace
	mapfile -t env < <(client_environment)
	role_exec client env "${env[@]}" "$AOVPN_BUILD/aovpn" trace stock \
		--json --duration 3 >"$lines" &
	wait_for 2 grep -q '"begin"' "$lines"
	charon_swanctl client --terminate --ike stock
	wait $!
	stock_watched_dial stock >/dev/null
	jq -es 'map(select(.source == "charon")) |
		length > 0 and all(.connections == ["stock"])' "$lines"
}
# The IKE_SA has another number and other SPIs then.
rekeying_is_silent() {
	local before
	before=$(_stock_records stock | wc -l)
	charon_swanctl client --rekey --ike stock &&
		wait_for 3 grep -q "IKE_SA stock.* rekeyed between" \
			"$LAB_DIR/log/charon-client.log" && sleep 0.5 &&
		[ "$(_stock_records stock | wc -l)" = "$before" ]
}
# ends_with CODE COMMAND...: the last record is then of that end.
ends_with() {
	local code=$1
	shift
	"$@" && wait_for 3 last_is 20226 "$code"
}
last_is() {
	_stock_records stock | tail -n 1 |
		jq -e ".event_id == $1 and .ras_code == $2"
}
ours_is_told_once() {
	lab_aovpn dial lab && lab_aovpn hangup lab &&
		[ "$(jq -s 'map(select(.event_id == 20225 and
			(.connection | test("lab")))) | length' \
			"$LAB_DIR/client/state/events.jsonl")" = 1 ] &&
		[ -z "$(_stock_records aovpn-lab)" ]
}
next_charon_is_heard() {
	charon_launch client && client_ready && wait_for 5 daemon_sees_charon &&
		stock_client_up
}
