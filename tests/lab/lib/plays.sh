# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# plays.sh - many dials in one lab, each against another play of the hostile NPS
# (NPS_KIND=hostile).
#
# A file of plays has a line a play: NAME CODE CAUSES STAGE, as in expect; "-"
# stands for nothing expected. Lines that begin with # are comments.

# plays_run FILE: dial once for each play and check code, first cause and stage,
# that charon is the same process without an IKE_SA left, and that a dial to an
# honest server connects right after. Prints the record of the last dial.
plays_run() {
	local name code causes stage charon
	charon=$(process_pid charon-client)
	while read -r name code causes stage; do
		case $name in '' | '#'*) continue ;; esac
		_play_one "$name" "$code" "$causes" "$stage" "$charon"
		_play_honest "$name"
	done <"$1"
	cat "$LAB_DIR/play.json"
	jq -e '.event_id == 20225' "$LAB_DIR/play.json" >/dev/null
}

# _play_dial NAME: the record goes to $LAB_DIR/play.json.
_play_dial() {
	nps_play "$1"
	lab_dial </dev/null 2>>"$LAB_DIR/log/plays.log" | tail -n 1 \
		>"$LAB_DIR/play.json"
}

_play_one() {
	local got
	_play_dial "$1"
	got=$(jq -r '"\(if .event_id == 20225 then 0 else .ras_code end)" +
		" \(.causes[0].cause // "-") \(.stage // "-")"' \
		"$LAB_DIR/play.json" 2>/dev/null)
	echo "$1: $got" >>"$LAB_DIR/log/plays.log"
	check "$1: got ${got:-no record}, expected $2 $3 $4" \
		_play_fits "$2" "$3" "$4" "$got"
	[ "${got%% *}" != 0 ] || lab_aovpn hangup lab >/dev/null 2>&1
	check "$1: no IKE_SA is left" wait_for 2 no_ike_sa
	check "$1: charon is the same" \
		[ "$(process_pid charon-client)" = "$5" ]
}

# _play_fits CODE CAUSES STAGE "CODE CAUSE STAGE"
_play_fits() {
	local code cause stage
	read -r code cause stage <<<"$4"
	_among "$1" '|' "$code" && _among "$2" , "$cause" &&
		{ [ "$3" = - ] || _among "$3" '|' "$stage"; }
}

_play_honest() {
	_play_dial honest
	check "$1: an honest server connects right after" \
		jq -e '.event_id == 20225' "$LAB_DIR/play.json"
	lab_aovpn hangup lab >/dev/null 2>&1
}
