# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# parts.sh - for scripts that run several test programs and add up: part, aside
# and join, and the sums passed, failed and skipped.

passed=0 failed=0 skipped=0

# part NAME COMMAND...: run one part and add its last line to the sums. A part
# that ends without such a line, or with a status that its line does not
# explain, has failed.
part() {
	local name=$1 log status begin=$SECONDS
	shift
	log=$(mktemp)
	printf '\n=== %s\n' "$name"
	"$@" 2>&1 | tee "$log"
	status=${PIPESTATUS[0]}
	_part_count "$name" "$status" "$log" $((SECONDS - begin))
	rm -f "$log"
}

# aside NAME COMMAND...: begin one part, beside those that follow; join: wait until
# it has ended, print what it printed and add to the sums. One at a time.
aside() {
	aside_name=$1 aside_begin=$SECONDS
	shift
	aside_log=$(mktemp)
	printf '\n... %s: begins, beside what follows\n' "$aside_name"
	"$@" >"$aside_log" 2>&1 &
	aside_pid=$!
	trap 'kill "$aside_pid" 2>/dev/null; rm -f "$aside_log"' EXIT
}

join() {
	local status
	wait "$aside_pid"
	status=$?
	trap - EXIT
	printf '\n=== %s\n' "$aside_name"
	cat "$aside_log"
	_part_count "$aside_name" $status "$aside_log" \
		$((SECONDS - aside_begin))
	rm -f "$aside_log"
}

# _part_count NAME STATUS LOG SECONDS: add the last line of the log.
_part_count() {
	local name=$1 status=$2 last p f s
	echo "($name: $4 s)"
	last=$(grep -E '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "$3" |
		tail -n 1)
	if [ -z "$last" ]; then
		echo "$name ended without a result (status $status)"
		failed=$((failed + 1))
		return
	fi
	read -r p _ f _ s _ <<<"${last//,/}"
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
	if [ "$status" -ne 0 ] && [ "$f" -eq 0 ]; then
		echo "$name ended with status $status"
		failed=$((failed + 1))
	fi
}
