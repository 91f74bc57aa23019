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

# aside NAME COMMAND...: begin one part, beside those that follow. join [NAME...]:
# wait until these have ended, or all that were begun, print what they printed and
# add to the sums.
aside() {
	local name=$1
	shift
	aside_names+=("$name")
	aside_log[$name]=$(mktemp)
	aside_begin[$name]=$EPOCHSECONDS
	printf '\n... %s: begins, beside what follows\n' "$name"
	"$@" >"${aside_log[$name]}" 2>&1 &
	aside_pid[$name]=$!
	trap _aside_abandon EXIT
}

join() {
	local name status
	[ $# -gt 0 ] || set -- "${aside_names[@]}"
	for name; do
		[ -n "${aside_pid[$name]:-}" ] || continue
		wait "${aside_pid[$name]}"
		status=$?
		unset "aside_pid[$name]"
		printf '\n=== %s\n' "$name"
		cat "${aside_log[$name]}"
		_part_count "$name" $status "${aside_log[$name]}" \
			$(($(stat -c %Y "${aside_log[$name]}") -
				aside_begin[$name]))
		rm -f "${aside_log[$name]}"
	done
}

aside_names=()
declare -A aside_pid aside_log aside_begin

_aside_abandon() {
	local name
	for name in "${!aside_pid[@]}"; do
		kill "${aside_pid[$name]}" 2>/dev/null
		rm -f "${aside_log[$name]}"
	done
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
