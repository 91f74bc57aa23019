# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The disk of aovpnd's state is full, a page more of it for each dial: the dials
# connect, what was written stays, nothing is half-written, aovpnd says what it
# could not write, and once there is room it writes again.
LAB_NOT_STOCK="aovpnd dials"
PAGES=8

state() { echo "$LAB_DIR/client/state"; }

scenario_inject() {
	daemon_down
	role_exec client mount -t tmpfs -o size=512k,mode=700 state "$(state)" &&
		daemon_up && lab_aovpn dial lab >&2 && lab_aovpn hangup lab >&2
}

# in_state COMMAND...: the client's mount is not ours.
in_state() { role_exec client "$@"; }

# leave PAGES: so much room, and no more.
leave() {
	in_state sh -c "rm -f '$(state)/filler'
		head -c 1M /dev/zero >'$(state)/filler' 2>/dev/null
		truncate -s -$((4096 * $1)) '$(state)/filler'"
}

# whole: every file is JSON, line for line; prints one that is not.
whole() {
	in_state find "$(state)" -type f \( -name '*.json' -o -name '*.jsonl' \) |
		while read -r file; do
			in_state jq -c . "$file" >/dev/null || echo "$file"
		done
}

scenario_dial() {
	local pages
	in_state cat "$(state)/events.jsonl" >"$LAB_DIR/events-before"
	for ((pages = 0; pages < PAGES; pages++)); do
		leave $pages
		lab_dial >"$LAB_DIR/dial-$pages" 2>&1
		echo $? >>"$LAB_DIR/statuses"
		whole >>"$LAB_DIR/half"
		in_state find "$(state)" -name '*.new' >>"$LAB_DIR/left"
		lab_aovpn hangup lab >&2
		wait_for 3 no_ike_sa
	done
	in_state rm "$(state)/filler"
	lab_dial
	local status=$?
	# For those who read from outside of the client's mount namespace.
	in_state tar -C "$(state)" -c attempts | tar -C "$(state)" -x
	return $status
}

scenario_check() {
	check "each dial connects" test "$(sort -u "$LAB_DIR/statuses")" = 0
	check "nothing is half-written: $(head -n 1 "$LAB_DIR/half")" \
		test ! -s "$LAB_DIR/half"
	check "nothing is left beside it" test ! -s "$LAB_DIR/left"
	check "what was written is there" events_kept
	check "aovpnd says that there is no room" grep -q \
		"No space left on device" "$LAB_DIR/log/aovpnd.log"
	check "with room again the dial is recorded" \
		written_again
	check "a packet crosses the tunnel" tunnel_works
}
events_kept() {
	in_state cat "$(state)/events.jsonl" |
		head -c "$(stat -c %s "$LAB_DIR/events-before")" |
		cmp - "$LAB_DIR/events-before"
}
written_again() {
	in_state tail -n 1 "$(state)/events.jsonl" | jq -e '.event_id == 20225'
}
