# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# memory.sh - the client's charon with our plugin under valgrind, through dials
# of every kind. For NPS_KIND=hostile.
#
# memory_settings goes at the top of a scenario, before lab_start.

# Each is one dial; see memory_dial. Names without ":" are plays.
MEMORY_DIALS=(honest honest-13 failure-certificate profile:untrusted
	identity-again md5 hang-up success-certificate fragments-endless
	finished-wrong alert-13 garbage start-twice profile:weak
	success-unconfirmed ack-data certificate-der data-13 failure-success
	chain-60k)

memory_settings() {
	CHARON_START=60
	CLIENT_UNDER=(valgrind --leak-check=full --keep-debuginfo=yes
		--num-callers=30 --error-limit=no
		--log-file="$LAB_DIR/log/valgrind.log")
}

# memory_profiles: profiles "untrusted", whose names NPS does not have, and
# "weak", whose certificate NPS refuses.
memory_profiles() {
	profile_write untrusted NPS.ServerNames=other.contoso.test
	profile_write weak "Credential.Certificate=$(pki_cert user1-rogue)" \
		"Credential.PrivateKey=$(pki_key user1-rogue)"
}

# memory_dial NAME: a play; profile:NAME, another profile; hang-up, given up
# while NPS is silent. Prints "connected", "failed" or "given-up".
memory_dial() {
	local profile=lab play=$1 dial
	case $1 in
	profile:*) profile=${1#*:} play=honest ;;
	hang-up) play=silence ;;
	esac
	nps_play "$play"
	if [ "$1" = hang-up ]; then
		lab_dial "$profile" >/dev/null 2>&1 &
		dial=$!
		sleep 2
		lab_aovpn hangup "$profile" >/dev/null 2>&1
		wait "$dial"
		echo given-up
	elif lab_dial "$profile" >/dev/null 2>&1; then
		lab_aovpn hangup "$profile" >/dev/null 2>&1
		echo connected
	else
		echo failed
	fi
}

# memory_dials COUNT: so many, in turn; how they ended, one a line.
memory_dials() {
	local i
	for ((i = 0; i < $1; i++)); do
		memory_dial "${MEMORY_DIALS[i % ${#MEMORY_DIALS[@]}]}"
	done
}

# memory_end: end charon in order and wait for valgrind's verdict.
memory_end() {
	local pid
	pid=$(process_pid charon-client) || return 1
	kill -TERM "$pid"
	wait_for 60 memory_has_verdict
}

memory_has_verdict() {
	grep -q "ERROR SUMMARY" "$LAB_DIR/log/valgrind.log"
}

# memory_findings: valgrind's errors and definite leaks that have our plugin in
# the stack, a paragraph each.
memory_findings() {
	sed 's/^==[0-9]*== \?//' "$LAB_DIR/log/valgrind.log" |
		awk -v RS= '/aovpn_[a-z_]*\.c:|libaovpn|libstrongswan-aovpn/ &&
			!/(possibly lost|still reachable|indirectly lost) in/ {
			print $0 "\n" }'
}

# memory_line: charon's own figures, for the summary.
memory_line() {
	sed -n 's/^==[0-9]*== *\(definitely lost:.*\)/whole charon \1/p' \
		"$LAB_DIR/log/valgrind.log"
}
