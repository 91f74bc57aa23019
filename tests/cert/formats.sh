# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# formats.sh - what a certificate may come in, and the network or not.
# shellcheck disable=SC2154 # root, issuing: tests/cert/run

same=".chain[0].subject == \"CN=$PKI_USER\" and (.chain | length) == 3"
formats=$DIR/formats
mkdir "$formats"
openssl x509 -in "$(pki_cert user1)" -outform DER -out "$formats/user.der"
for form in PEM DER; do
	openssl crl2pkcs7 -nocrl -certfile "$(pki_cert user1)" -certfile "$issuing" \
		-certfile "$root" -outform $form -out "$formats/user.p7.$form"
	openssl crl2pkcs7 -nocrl -certfile "$issuing" -certfile "$root" \
		-outform $form -out "$formats/chain.p7.$form"
	judged "PKCS#7 in $form, with its chain" 0 "$same" "$formats/user.p7.$form"
	judged "--chain in PKCS#7, $form" 0 "$same" "$formats/user.der" \
		--chain "$formats/chain.p7.$form"
done
openssl x509 -in "$issuing" -outform DER -out "$formats/issuing.der"
judged "DER, and --chain in DER" 0 "$same" "$formats/user.der" \
	--chain "$formats/issuing.der" --chain "$root"

exec 7<<<"$PKI_PASSWORD"
judged "PKCS#12, its password from a descriptor" 0 "$same" "$LAB_PKI/user1.p12" \
	--password-fd 7 --chain "$root"
exec 7<<<"$PKI_PASSWORD"
judged "PKCS#12 with RC2-40" 0 "$same" "$LAB_PKI/user1-legacy.p12" \
	--password-fd 7 --chain "$root"
exec 7<<<wrong
says "a wrong password: 2, and which file" 2 'user1.p12: the password is wrong' \
	"$aovpn" cert check "$LAB_PKI/user1.p12" --password-fd 7
exec 7<&-
says "no password and no terminal: 2, and what helps" 2 'give it by --password-fd' \
	setsid -w "$aovpn" cert check "$LAB_PKI/user1.p12"

cat "$root" "$issuing" "$(pki_cert user1)" "$(pki_key user1)" >"$formats/all.pem"
judged "PEM in any order, with a key that is not touched" 0 "$same" \
	"$formats/all.pem"

# --- a token --------------------------------------------------------------------
module=$(sed -n 's/^module: *//p' /usr/share/p11-kit/modules/softhsm2.module \
	2>/dev/null)
if [ -n "$module" ]; then
	mkdir "$DIR/tokens"
	printf 'directories.tokendir = %s\nobjectstore.backend = file\n' \
		"$DIR/tokens" >"$DIR/softhsm.conf"
	export SOFTHSM2_CONF=$DIR/softhsm.conf
	softhsm2-util --init-token --free --label cert --pin 1234 \
		--so-pin 87654321 >/dev/null
	softhsm2-util --import "$(pki_key user1)" --token cert --label key --id 01 \
		--pin 1234 >/dev/null
	pkcs11-tool --module "$module" --token-label cert --login --pin 1234 \
		--write-object "$formats/user.der" --type cert --label user --id 01 \
		>/dev/null 2>&1
	judged "a certificate on a token, without a PIN" 0 \
		".source == \"pkcs11:token=cert;object=user\" and $same" \
		"pkcs11:token=cert;object=user" --chain "$issuing" --chain "$root"
	says "a token that is not there: 2" 2 'pkcs11:token=none' \
		"$aovpn" cert check "pkcs11:token=none;object=user"
else
	skip "a certificate on a token" "p11-kit knows no SoftHSM"
fi

# --- the cache, --offline, --refresh --------------------------------------------
judged "a second check takes the CRLs from the cache" 0 \
	'all(.chain[].fetches[]; .from_cache)' \
	"$(pki_cert user1)" --chain "$issuing" --chain "$root"
judged "--refresh does not" 0 'all(.chain[].fetches[]; .from_cache | not)' \
	"$(pki_cert user1)" --chain "$issuing" --chain "$root" --refresh
asked=$(wc -l <"$DIR/server.log")
judged "--offline with a cache tells" 0 'all(.chain[].fetches[]; .from_cache)' \
	"$(pki_cert user1)" --chain "$issuing" --chain "$root" --offline
export AOVPN_CACHE_DIR=$DIR/no-cache
judged "--offline without one cannot tell" 3 \
	'.chain[0].fetches[0].state == "offline" and .verdict == "unknown" and
	 .chain[0].revocation.state == "offline" or
	 .chain[0].revocation.state == "not-checked"' \
	"$(pki_cert user1)" --chain "$issuing" --chain "$root" --offline
judged "--offline still refuses what needs no network" 1 \
	"$(predicted client-cert-expired 268 0)" \
	"$(pki_cert user1-expired)" --chain "$issuing" --chain "$root" --offline
export AOVPN_CACHE_DIR=$DIR/cache
verdict "--offline asked nobody" \
	"$([ "$(wc -l <"$DIR/server.log")" -eq "$asked" ] && echo yes)" \
	"$(tail -n 3 "$DIR/server.log")"
