# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# checks.sh - how tests/cert/run checks and counts.
# shellcheck disable=SC2154 # aovpn: tests/cert/run

# verdict MESSAGE OK DETAIL: count and print.
verdict() {
	if [ "$2" = yes ]; then
		passed=$((passed + 1))
		echo "ok   $1"
	else
		failed=$((failed + 1))
		echo "FAIL $1: $3"
	fi
}

skip() { # message reason
	skipped=$((skipped + 1))
	echo "SKIP $1: $2"
}

# says MESSAGE STATUS PATTERN COMMAND...: the command must end with STATUS and
# its output, stderr included, on one line, must match the extended regular
# expression.
says() {
	local message=$1 status=$2 pattern=$3 output got ok=yes
	shift 3
	# A function bounds itself.
	declare -F "$1" >/dev/null || set -- timeout 60 "$@"
	output=$("$@" 2>&1 </dev/null)
	got=$?
	output=$(tr '\n' ' ' <<<"$output" | tr -s ' ' | sed 's/ $//')
	[ "$got" -eq "$status" ] || ok=no
	grep -Eq -- "$pattern" <<<"$output" || ok=no
	verdict "$message" $ok "status $got, output: ${output: -400}"
}

# judged MESSAGE STATUS JQ-FILTER ARGUMENT...: aovpn cert check --json ends with
# STATUS and its object fits the filter; kept for the schema.
judged() {
	local message=$1 status=$2 filter=$3 got ok=yes file
	shift 3
	file=$DIR/json/$((passed + failed)).json
	timeout 60 "$aovpn" cert check --json "$@" >"$file" 2>"$DIR/err" </dev/null
	got=$?
	[ "$got" -eq "$status" ] || ok=no
	[ -s "$DIR/err" ] && ok=no
	jq -e "$filter" "$file" >/dev/null 2>&1 || ok=no
	verdict "$message" $ok "status $got, $(head -c 300 "$DIR/err")$(jq -c \
		'[.verdict, .unknown, (.predictions | map([.cause, .nps_reason,
		.confidence, .depth])), (.chain | map(.revocation.state))]' \
		"$file" 2>&1 | head -c 900)"
}

# predicted CAUSE REASON DEPTH: a jq filter: refused for this.
predicted() {
	printf '.verdict == "refused" and any(.predictions[]; .cause == "%s" and
		.nps_reason == %s and .depth == %s and .confidence != "possible"
		and (.evidence | length) > 0 and .fix != "")' "$@"
}

count_lines() { # PATTERN FILE: how many lines match, and the last of them
	echo "$(grep -c "$1" "$2") $(grep "$1" "$2" | tail -n 1)"
}
