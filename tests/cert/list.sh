# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# list.sh - all that a connection could show. Goes on from import.sh.
# shellcheck disable=SC2154 # store, user1: tests/cert/import.sh

cp "$LAB_PKI/user1.p12" "$store/locked.p12"
says "list: which is chosen" 0 \
	"^corp: $store .*\* chosen .*CN=$PKI_USER it is the one that can be used" \
	"$aovpn" cert list corp
says "list: why the others are not" 0 \
	'expired +2024-06-01 .*it expired on 2024-06-01T' "$aovpn" cert list corp
says "list: one whose password is not there" 0 \
	'password unknown locked.p12 .*locked.p12: needs a password' \
	"$aovpn" cert list corp
list_verdicts() {
	"$aovpn" cert list "$1" --json | jq -c '[.candidates[].verdict] | sort'
}
says "list --json: the same" 0 '^\["chosen","expired","password"\]$' \
	list_verdicts corp
rm "$store/locked.p12"
if [ -n "$module" ]; then
	printf '0000\n' >"$DIR/pin"
	profile token "Certificate=pkcs11:token=cert;object=user" \
		"PasswordFile=$DIR/pin"
	for _ in 1 2 3 4; do "$aovpn" cert list token >/dev/null; done
	# SoftHSM tells by a flag that a PIN was wrong.
	wrong_pins() {
		pkcs11-tool --module "$module" -L 2>/dev/null |
			grep -ci 'count low\|final\|locked'
		true
	}
	says "list: a token is not logged in to, and that is said" 0 \
		'\* chosen .*doubtful: its key was not tried' "$aovpn" cert list token
	says "list: no wrong PIN was counted" 0 '^0$' wrong_pins
	judged "check of a connection on a token" 0 '.connection == "token"' token \
		--chain "$issuing"
else
	skip "list: a token is not logged in to" "p11-kit knows no SoftHSM"
fi
says "list: all connections; one that is broken hides no other" 1 \
	"corp: $store.*single: .*" "$aovpn" cert list
judged "check of a connection: what would be chosen" 0 \
	".connection == \"corp\" and .source == \"$user1\" and
	 (.chain | length) == 3 and .remarks != null" corp
mkdir "$DIR/old"
cp "$DIR/expired.pem" "$DIR/old"
profile old "CertificateDirectory=$DIR/old"
judged "check of a connection: the nearest miss, and why" 1 \
	'any(.remarks[]; contains("a dial would not use it") and contains("expired"))
	 and any(.predictions[]; .cause == "client-cert-expired")' old
cp "$DIR/user2.pem" "$DIR/corp"
check_here() {
	cd "$DIR" && "$aovpn" cert check corp --chain "$issuing" --chain "$root" --json
}
says "a file of a connection's name in the current directory wins" 0 \
	'"source":"corp"' check_here
