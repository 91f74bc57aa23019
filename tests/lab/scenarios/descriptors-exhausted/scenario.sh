# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# aovpnd may open a few files more, from none to twelve: each dial ends with a
# record or an error, aovpnd lives and leaks no descriptor, and once it may open
# files again a dial connects.
LAB_NOT_STOCK="aovpnd dials"
MORE=12

open_files() { find "/proc/$(process_pid aovpnd)/fd" -mindepth 1 | wc -l; }
# limit MORE: so many descriptors are free, and no more.
limit() {
	local free=$1 number=0 pid
	pid=$(process_pid aovpnd)
	while [ -e "/proc/$pid/fd/$number" ] || [ $((free--)) -gt 0 ]; do
		number=$((number + 1))
	done
	prlimit --pid "$pid" --nofile=$number:
}

scenario_dial() {
	local more soft
	lab_aovpn dial lab >&2 && lab_aovpn hangup lab >&2
	sleep 1
	process_pid aovpnd >"$LAB_DIR/pid"
	open_files >"$LAB_DIR/open"
	soft=$(prlimit --pid "$(process_pid aovpnd)" --nofile --noheadings -o SOFT)
	for ((more = 0; more <= MORE; more++)); do
		limit $more
		lab_dial lab >"$LAB_DIR/dial-$more" 2>&1
		echo "$more $?" >>"$LAB_DIR/statuses"
		prlimit --pid "$(process_pid aovpnd)" --nofile="$soft":
		lab_aovpn hangup lab >&2
		wait_for 8 no_ike_sa
	done
	lab_dial
}

scenario_check() {
	check "the same aovpnd lives" test "$(process_pid aovpnd)" = \
		"$(cat "$LAB_DIR/pid")"
	check "some dials failed, some connected: $(tr '\n' ' ' <"$LAB_DIR/statuses")" \
		both_ways
	check "each that failed says why" each_says_why
	lab_aovpn hangup lab >&2
	check "no descriptor is left open: $(open_files), before $(cat "$LAB_DIR/open")" \
		wait_for 5 none_is_left
}
both_ways() {
	grep -q ' 0$' "$LAB_DIR/statuses" && grep -qv ' 0$' "$LAB_DIR/statuses"
}
each_says_why() {
	local more status
	while read -r more status; do
		[ "$status" = 0 ] || tail -n 1 "$LAB_DIR/dial-$more" |
			jq -e '.cause // .error | length > 0' || return
	done <"$LAB_DIR/statuses"
}
none_is_left() { [ "$(open_files)" -le "$(($(cat "$LAB_DIR/open") + 1))" ]; }
