# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# A trace whose reader has stopped, and refused dials that fill it until events
# are lost. A real dial meanwhile connects, and at the end every event of the
# refused dials is either shown or counted.
REFUSED=2500

scenario_inject() {
	local env
	mapfile -t env < <(client_environment)
	role_spawn client trace env "${env[@]}" "$AOVPN_BUILD/aovpn" \
		trace --json
	wait_for 5 test -s "$(log)" && kill -STOP "$(process_pid trace)" &&
		role_exec client "$HERE/../cli/bus_client.py" \
			"$LAB_DIR/client/aovpn/bus.sock" dials "$REFUSED" &&
		process_pid aovpnd >"$LAB_DIR/daemon-before"
}

log() { echo "$LAB_DIR/log/trace.log"; }

# The reader goes on, and has enough.
read_on() {
	local pid
	pid=$(process_pid trace) && kill -CONT "$pid" && kill -INT "$pid" &&
		wait_for 5 ended
}
ended() { ! process_pid trace; }

same_daemon() { [ "$(process_pid aovpnd)" = "$(cat "$LAB_DIR/daemon-before")" ]; }

trace_of() { jq -es --argjson refused "$REFUSED" "$1" "$(log)"; }

scenario_check() {
	check "the daemon lives" same_daemon
	check "the tunnel works" tunnel_works
	check "the trace ends once it is read" read_on
	check "losses are told before the end" trace_of \
		'any(.kind == "lost" and .unread.daemon > 100)'
	check "what the dial showed was lost, too, and counted" trace_of \
		'.[-1] | .kind == "end" and .unread.plugin > 0
		 and .unread.kernel > 0'
	check "what is told adds up to the end's sums" trace_of \
		'(map(select(.kind == "lost") | .unread.daemon // 0) | add)
		 == .[-1].unread.daemon'
	# The real dial adds a few facts of aovpnd's own: its name resolved, what
	# IPsec counted, that the tunnel is up where the plugin was late.
	check "no event is missing without being counted" trace_of \
		'(map(select(.kind == "local_failure")) | length) as $shown
		 | .[-1].unread.daemon as $unread
		 | $shown + $unread - $refused | . >= 0 and . <= 4'
}
