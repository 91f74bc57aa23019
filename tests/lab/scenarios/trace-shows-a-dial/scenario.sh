# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# A dial that the client's own packet filter stops, watched by "aovpn trace": as
# JSON, as text, of the gateway only, of another address, of drops only, of
# another connection.

scenario_inject() {
	client_drop_out 500
	profile_write other
	trace json --json
	trace text
	trace gateway --json --peer "$NET_GATEWAY"
	trace nobody --json --peer 198.51.100.99
	trace drops --json --kind drops
	trace mine --json lab
	trace other --json other
	wait_for 5 all_trace
}

TRACES="json text gateway nobody drops mine other"

# trace NAME ARGUMENT...: in the background, into log/trace-NAME.log.
trace() {
	local name=$1 env
	shift
	mapfile -t env < <(client_environment)
	role_spawn client "trace-$name" env "${env[@]}" TZ=UTC \
		"$AOVPN_BUILD/aovpn" trace "$@"
}

log() { echo "$LAB_DIR/log/trace-$1.log"; }

# Does each say that it has begun?
all_trace() {
	local name
	for name in $TRACES; do [ -s "$(log "$name")" ] || return; done
}

# Ctrl-C for all, who then end by themselves.
interrupt() {
	local name pid
	for name in $TRACES; do
		pid=$(process_pid "trace-$name") && kill -INT "$pid"
	done
	wait_for 5 all_ended
}

all_ended() {
	local name
	for name in $TRACES; do
		process_pid "trace-$name" >/dev/null && return 1
	done
	return 0
}

# events NAME JQ_FILTER: true for the list of its events, begin and end too?
events() { jq -es "$2" "$(log "$1")"; }

scenario_check() {
	check "all traces end on Ctrl-C" interrupt
	check "every line is an object with kind and time" events json \
		'length > 3 and all(.kind and .time)'
	check "it begins with the sources" events json \
		'.[0] | .kind == "begin" and .sources.plugin == "live"
		 and .sources.kernel == "live"'
	check "the packet is seen on its way into the socket" events json \
		'any(.kind == "send" and .source == "kernel"
		 and .protocol == "udp" and .remote == "'"$NET_GATEWAY"'" and .remote_port == 500
		 and .connections == ["lab"])'
	check "its drop is seen, with the reason" events json \
		'any(.kind == "packet_dropped" and .reason == "NETFILTER_DROP"
		 and (.incoming | not) and .exchange == "IKE_SA_INIT"
		 and .connections == ["lab"])'
	check "so are charon's retransmissions" events json \
		'map(select(.kind == "retransmit" and .source == "plugin"
		 and .connection == "aovpn-lab") | .count) | length >= 4
		 and .[0:4] == [1, 2, 3, 4]'
	check "and what aovpnd itself found out" events json \
		'any(.kind == "resolved" and .name == "vpn.contoso.test"
		 and .connections == ["lab"])'
	check "nothing of it left" events json \
		'any(.kind == "packet" and (.incoming | not)) | not'
	check "the end has the sums" events json \
		'(map(select(.kind | IN("begin", "end", "lost") | not))
		  | length) as $shown | .[-1] | .kind == "end"
		 and .shown == $shown and .lost == {} and .unread == {}'

	check "--peer: only its packets" events gateway \
		'length > 3 and (.[1:-1] | all(.remote == "'"$NET_GATEWAY"'"))'
	check "--peer: nothing of another" events nobody \
		'map(.kind) == ["begin", "end"] and .[1].shown == 0'
	check "--kind: only such events" events drops \
		'length > 2 and (.[1:-1] | all(.kind == "packet_dropped"
		 or .kind == "send_failed"))'
	check "a connection's: all of its own" events mine \
		'length > 3 and (.[1:-1] | all(.connections == ["lab"]))
		 and any(.kind == "retransmit") and any(.kind == "resolved")'
	check "a connection's: nothing of another" events other \
		'map(.kind) == ["begin", "end"]'

	check "the text shows the drop" grep -Eq \
		'^[0-9:.]{12} kernel    -> 192\.0\.2\.10:500 > 198\.51\.100\.10:500  dropped here: NETFILTER_DROP in .*: IKE_SA_INIT message 0, [0-9]+ bytes  \[lab\]$' \
		"$(log text)"
	check "and the retransmissions" grep -Eq \
		' plugin    -> .*retransmission 1 of message 0' "$(log text)"
	check "and ends with the sums" grep -Eq \
		'^[1-9][0-9]* events shown; none lost$' "$(log text)"
}
