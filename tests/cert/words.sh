# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# words.sh - wrong words, and the report for people.
# shellcheck disable=SC2154 # root, issuing: tests/cert/run

says "cert alone: usage" 2 'usage: aovpn cert COMMAND' "$aovpn" cert
says "cert --help" 0 'exit status of check: 0 NPS would accept' \
	"$aovpn" cert --help
says "an unknown command is named" 2 'unknown command "cert chekc"' \
	"$aovpn" cert chekc x
says "a missing argument is named" 2 'cert check needs an argument' \
	"$aovpn" cert check
says "an argument too many is named" 2 'unexpected argument "b"' \
	"$aovpn" cert check a b
says "no command with --json" 2 '^\{"error":"unknown command' \
	"$aovpn" cert --json
says "what is neither file nor connection" 2 \
	'"nosuch" is neither a file here nor a connection' "$aovpn" cert check nosuch
says "a file that is not there" 2 '/nosuch.pem: No such file' \
	"$aovpn" cert check ./nosuch.pem
says "the same with --json" 2 '^\{"error":".*nosuch.pem.*","exit_status":2\}$' \
	"$aovpn" cert check ./nosuch.pem --json
says "a file that holds no certificate" 2 'holds no certificate' \
	"$aovpn" cert check "$(pki_key user1)"
says "--root with a key in it" 2 '--root .*only certificates may stand' \
	"$aovpn" cert check "$(pki_cert user1)" --root "$(pki_key user1)"
says "--chain that is not there" 2 '/none: No such file' \
	"$aovpn" cert check "$(pki_cert user1)" --chain "$DIR/none"
says "--offline and --refresh exclude each other" 2 'exclude each other' \
	"$aovpn" cert check "$(pki_cert user1)" --offline --refresh
says "no profile at all" 2 'holds no profile' "$aovpn" cert list

says "the report: its last line is the verdict" 0 \
	'Verdict: NPS would accept this certificate\.$' \
	"$aovpn" cert check "$(pki_cert user1)" --chain "$issuing" --chain "$root"
says "the report of a refusal: reason, code, fix, verdict" 1 \
	'1\. client-cert-revocation-unknown .*certificate \[1\].*on NPS: event 6273 reason 258: .*here: 853 ERROR_EAP_USER_CERT_INVALID.*fix: .*Verdict: NPS would REFUSE this certificate\.$' \
	"$aovpn" cert check "$(pki_cert user1)" --chain "$(pki_cert issuing-nocdp)" \
	--chain "$root"
says "the report says what certutil says: leaf checked, CA passed over" 1 \
	'leaf: revocation was checked, and it is not revoked CAs: \[1\] "CN=Contoso Cloud PKI Issuing CA,O=Contoso": it names no CRL' \
	"$aovpn" cert check "$(pki_cert user1)" --chain "$(pki_cert issuing-nocdp)" \
	--chain "$root"
says "the report shows CRL number, dates, size and time" 0 \
	'CDP http://127.0.0.1:[0-9]+/crls/issuing.crl ok: [0-9]+ bytes in [0-9]+ ms; number [0-9a-f]+, [0-9]+ entries, 20' \
	"$aovpn" cert check "$(pki_cert user1)" --chain "$issuing" --chain "$root" \
	--refresh
lines=$("$aovpn" cert check "$(pki_cert user1)" --chain "$issuing" \
	--chain "$root" | wc -l)
echo "     the report of a sound chain of three has $lines lines"

"$aovpn" cert schema >"$DIR/schema.json"
says "cert schema prints the schema that is in the tree" 0 '^$' \
	diff "$DIR/schema.json" client/aovpn/cert-check.schema.json
