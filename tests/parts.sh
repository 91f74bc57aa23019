# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# parts.sh - for scripts that run several test programs and add up: part, and the
# sums passed, failed and skipped.

passed=0 failed=0 skipped=0

# part NAME COMMAND...: run one part and add its last line to the sums. A part
# that ends without such a line, or with a status that its line does not
# explain, has failed.
part() {
	local name=$1 log last status begin=$SECONDS
	shift
	log=$(mktemp)
	printf '\n=== %s\n' "$name"
	"$@" 2>&1 | tee "$log"
	status=${PIPESTATUS[0]}
	echo "($name: $((SECONDS - begin)) s)"
	last=$(grep -E '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "$log" |
		tail -n 1)
	rm -f "$log"
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
