# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# watch.sh - what ends soon. The CRLs last for years here, so that the clock of
# aovpn alone can be moved. Goes on from import.sh.
# shellcheck disable=SC2154 # root, user1: tests/cert/import.sh

# In days from now: user1 lasts for 365.
at() { # days command...
	local days=$1
	shift
	faketime -f "+${days}d" timeout 60 "$@"
}

says "watch: nothing is due" 0 '^$' "$aovpn" cert watch corp
says "watch -v says so" 0 '^corp: nothing is due$' "$aovpn" cert watch corp -v
for days in 336 352 359 364; do
	says "watch: $((365 - days)) days before the end" 1 \
		"corp: the certificate \"CN=$PKI_USER\" expires (in $((364 - days)) days?|within a day), on 20" \
		at $days "$aovpn" cert watch corp
done
says "watch: 31 days before the end nothing is due" 0 '^$' \
	at 333 "$aovpn" cert watch corp
says "watch: when it has expired" 1 \
	"the certificate \"CN=$PKI_USER\" expired on 20" at 366 "$aovpn" cert watch corp
says "watch --json" 1 '"kind":"certificate","depth":0,.*"days_left":4,' \
	at 360 "$aovpn" cert watch corp --json

cat "$(pki_cert user1-week)" "$(pki_key user1)" "$issuing" >"$DIR/week.pem"
profile week "Certificate=$DIR/week.pem"
says "watch: a CRL of a week is fine for six days" 0 '^$' \
	at 5 "$aovpn" cert watch week
says "watch: it goes stale within a day" 1 \
	'week: the CRL at http://.*/crls/issuing-week.crl, which NPS needs for ".*", goes stale within a day' \
	at 6.5 "$aovpn" cert watch week
says "watch: it is stale" 1 'issuing-week.crl, .* went stale on 20' \
	at 8 "$aovpn" cert watch week

cat "$(pki_cert user1-unreachable)" "$(pki_key user1)" "$issuing" >"$DIR/away.pem"
profile away "Certificate=$DIR/away.pem"
says "watch: a CRL that cannot be had: cannot tell" 3 \
	'away: the CRL for "CN=.*" could not be had' "$aovpn" cert watch away
profile gone "Certificate=$DIR/gone.pem"
says "watch: no certificate: cannot tell" 3 'gone.pem: No such file' \
	"$aovpn" cert watch gone

# --- the daemon ------------------------------------------------------------------
cat "$(pki_cert user1-soon)" "$(pki_key user1)" "$issuing" >"$DIR/soon.pem"
rm "$AOVPN_CONFIG_DIR"/profiles/*
profile soon "Certificate=$DIR/soon.pem"
asked=$(wc -l <"$DIR/server.log")
AOVPN_WATCH_INTERVAL=1 AOVPN_VICI=unix://$DIR/no-charon.vici "$BUILD/aovpnd" \
	2>"$DIR/aovpnd.log" &
daemon=$!
# Each look asks for the leaf's CRL and for its issuer's.
for _ in $(seq 200); do
	[ "$(wc -l <"$DIR/server.log")" -ge $((asked + 8)) ] && break
	sleep 0.1
done
kill "$daemon"
ended=no
wait "$daemon" && ended=yes
verdict "aovpnd looked several times" \
	"$([ "$(wc -l <"$DIR/server.log")" -ge $((asked + 8)) ] && echo yes)" \
	"$(tail -n 3 "$DIR/aovpnd.log")"
says "and warned once" 0 \
	"^1 aovpnd: soon: the certificate \"CN=$PKI_USER\" expires in 5 days, on 20" \
	count_lines 'expires' "$DIR/aovpnd.log"
verdict "it ended with status 0, also while it looked" $ended \
	"$(tail -n 3 "$DIR/aovpnd.log")"
says "an interval that is none is named" 1 'AOVPN_WATCH_INTERVAL="1h" is not' \
	env AOVPN_WATCH_INTERVAL=1h "$BUILD/aovpnd"
