# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Two hundred dials at once, of four kinds in turn: two connect, one finds another
# NPS than its profile names, one a gateway whose root it does not know. Each record
# tells of its own; on a slow machine some may tell that NPS did not answer in time.
LAB_NOT_STOCK="aovpnd dials"
DIALS=${LAB_DIALS:-200}
GATEWAY_POOL=10.99.0.0/22
# Neither side hurries: all share two processors or less.
GATEWAY_CHARON="cookie_threshold = 10000
	cookie_threshold_ip = 10000
	block_threshold = 10000
	half_open_timeout = 120"
# Each dial that waits holds one of charon's threads, of which it has 16 else.
CLIENT_CHARON="threads = 256
	retransmit_tries = 5
	retransmit_timeout = 10.0"

kind() { local kinds=(good other good untrusted); echo "${kinds[$1 % 4]}"; }

scenario_inject() {
	local i
	for ((i = 0; i < DIALS; i++)); do
		case $(kind "$i") in
		good) profile_write "dial-$i" ;;
		other) profile_write "dial-$i" NPS.ServerNames=other.contoso.test ;;
		untrusted) profile_write "dial-$i" \
			"Gateway.TrustedRoots=$(pki_cert rogue)" ;;
		esac
	done
}

# By one client of the bus: aovpn would be two hundred, and aovpnd takes 32.
dial_all() {
	role_exec client /usr/bin/python3 - "$HERE/../cli" \
		"$LAB_DIR/client/aovpn/bus.sock" "$DIALS" <<-'END'
		import sys
		sys.path.insert(0, sys.argv[1])
		from bus_client import Bus
		bus, count = Bus(sys.argv[2]), int(sys.argv[3])
		for i in range(count):
		    bus.call("Dial", f"dial-{i}")
		for i in range(count):
		    kind, body = bus.answer()
		    if kind != 2:
		        sys.exit(f"dial {i} is refused: {body!r}")
	END
}

outcomes() {
	lab_aovpn events --json | jq -c 'select((.connection | startswith("dial-"))
		and (.event_id == 20225 or .event_id == 20227))'
}
all_have_ended() { [ "$(outcomes | wc -l)" -ge "$DIALS" ]; }

scenario_dial() {
	local i
	dial_all >&2 && wait_for 120 all_have_ended
	outcomes >"$LAB_DIR/outcomes"
	jq -r '"\(.ras_code) \(.cause)"' "$LAB_DIR/outcomes" | sort | uniq -c >&2
	for ((i = 0; i < DIALS; i += 2)); do lab_aovpn hangup "dial-$i"; done >&2
	wait_for 20 no_ike_sa
	lab_dial
}

scenario_check() {
	check "each of $DIALS records is its own, not $(wrong | head -n 3 | tr '\n' ' ')" \
		all_right
	check "nine of ten in time" in_time
	check "a packet crosses the tunnel" tunnel_works
}
all_right() {
	[ "$(wc -l <"$LAB_DIR/outcomes")" = "$DIALS" ] && [ -z "$(wrong)" ]
}
in_time() {
	[ "$(grep -c eap-stalled "$LAB_DIR/outcomes")" -le $((DIALS / 10)) ]
}
wrong() {
	jq -c '(.connection | ltrimstr("dial-") | tonumber % 4) as $kind |
		select(.cause != "eap-stalled" and [.ras_code, .cause] != [[0, ""],
			[864, "nps-cert-name-mismatch"], [0, ""],
			[13801, "gateway-cert-untrusted"]][$kind]) |
		[.connection, .ras_code, .cause]' "$LAB_DIR/outcomes"
}
