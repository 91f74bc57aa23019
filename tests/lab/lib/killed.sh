# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# killed.sh - a dial is held in each of its stages, and something is killed then.
#
# A dial is held by losing one of the gateway's answers: those of IKE_SA_INIT (0),
# the gateway's identity (1), EAP's beginning (2), the TLS handshake (4), the last
# answer before the tunnel (the lab's dial has 9 or more). What follows of the
# stages is what the client has got to by then.
KILLED_HOLDS=(0 1 2 4 7)

# killed_dials VICTIM RESTART...: for each hold dial, kill VICTIM once the client
# waits, and start it again by RESTART. What each dial printed is kept.
killed_dials() {
	local victim=$1 hold
	shift
	mkdir -p "$LAB_DIR/killed"
	for hold in "${KILLED_HOLDS[@]}"; do
		_killed_dial "$victim" "$hold" "$@" >&2
	done
}

_killed_dial() {
	local victim=$1 hold=$2 file=$LAB_DIR/killed/$2 dial
	shift 2
	if [ "$hold" = 0 ]; then router_drop_udp 500; else
		router_drop_message in "$hold"
	fi
	lab_dial lab >"$file" 2>"$file.err" &
	dial=$!
	wait_for 5 _killed_waits
	sleep 0.5
	process_stop "$victim" KILL
	echo "$SECONDS" >"$file.begin"
	case $victim in
	charon-client | aovpnd) ;;
	*) faults_clear ;;
	esac
	wait "$dial"
	echo $? >"$file.status"
	echo $((SECONDS - $(cat "$file.begin"))) >"$file.seconds"
	faults_clear
	"$@" && wait_for 10 _daemon_sees_plugin
	echo $? >"$file.restarted"
	lab_aovpn hangup lab
	wait_for 12 no_ike_sa
}

_killed_waits() { charon_swanctl client --list-sas | grep -q CONNECTING; }

# killed_check CAUSES SECONDS: each dial ended in that time, by itself, with a
# record whose cause is one of CAUSES (a regular expression) or, where aovpnd is
# what was killed, an error; and what was killed came back.
killed_check() {
	local hold file
	for hold in "${KILLED_HOLDS[@]}"; do
		file=$LAB_DIR/killed/$hold
		check "held at $hold: the dial ended, within $2 s, not $(cat "$file.seconds")" \
			test "$(cat "$file.seconds")" -le "$2"
		check "held at $hold: it says why, not $(tail -n 1 "$file" | jq -c '[.ras_code, .cause, .error]')" \
			_killed_says "$file" "$1"
		check "held at $hold: all is as before" grep -qx 0 "$file.restarted"
	done
}

_killed_says() {
	[ "$(cat "$1.status")" != 0 ] || return
	tail -n 1 "$1" | jq -e --arg causes "$2" \
		'(.cause // .error) | test("^(" + $causes + ")")'
}
