# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# import.sh - a certificate with its key into the store of a connection.
# shellcheck disable=SC2154 # root, issuing: tests/cert/run

store=$DIR/store
mkdir -p "$AOVPN_CONFIG_DIR/profiles" "$store"
chmod 755 "$store"

# profile NAME LINE...: a profile whose credential the lines say.
profile() {
	local name=$1
	shift
	printf '%s\n' '[Connection]' Server=vpn.contoso.test '[Gateway]' \
		"TrustedRoots=$root" '[Credential]' "$@" \
		>"$AOVPN_CONFIG_DIR/profiles/$name.conf"
}

# import PASSWORD ARGUMENT...: with the password on descriptor 7.
import() {
	local password=$1
	shift
	"$aovpn" cert import "$@" --password-fd 7 7<<<"$password"
}

thumbprint() { # name: as files are named
	pki_thumbprint "$1" | tr -d : | tr A-F a-f
}

# is_private FILE: mode 0600, and nobody else can read it.
is_private() {
	[ "$(stat -c %a "$1")" = 600 ] &&
		! setpriv --reuid 65534 --regid 65534 --clear-groups cat "$1" \
			>/dev/null 2>&1
}

profile corp "CertificateDirectory=$store"
user1=$store/$(thumbprint user1).pem

says "a wrong password: nothing is written" 2 'the password is wrong' \
	import wrong "$LAB_PKI/user1.p12"
says "no password and no terminal" 2 'give it by --password-fd' \
	setsid -w "$aovpn" cert import "$LAB_PKI/user1.p12"
verdict "the store is still empty" "$([ -z "$(ls -A "$store")" ] && echo yes)" \
	"$(ls -A "$store")"

umask 000
says "PKCS#12, into the only connection there is" 0 \
	"imported: $user1 \* chosen .*it is the one that can be used" \
	import "$PKI_PASSWORD" "$LAB_PKI/user1.p12"
umask 022
says "only its owner can read it, whatever the umask" 0 '^$' is_private "$user1"
blocks() { # file: which PEM blocks are in it
	sed -n 's/^-----BEGIN \(.*\)-----$/\1/p' "$1"
}
says "it is certificate, issuer and key, in PEM" 0 \
	'^CERTIFICATE CERTIFICATE PRIVATE KEY$' blocks "$user1"
says "the key is the right one" 0 '^$' diff \
	<(openssl pkey -in "$user1" -pubout) \
	<(openssl x509 -in "$(pki_cert user1)" -noout -pubkey)
before=$(stat -c '%i %Y' "$user1")
says "once more: it is there already" 0 "there already: $user1" \
	import "$PKI_PASSWORD" "$LAB_PKI/user1.p12"
says "also from an old export with RC2-40 and 3DES" 0 "there already: $user1" \
	import "$PKI_PASSWORD" "$LAB_PKI/user1-legacy.p12"
verdict "it was left as it was" \
	"$([ "$(stat -c '%i %Y' "$user1")" = "$before" ] && echo yes)" "it changed"

rm "$user1"
says "an old export with RC2-40 and 3DES, JSON" 0 \
	'"imported":true,"candidate":\{.*"verdict":"chosen"' \
	import "$PKI_PASSWORD" "$LAB_PKI/user1-legacy.p12" corp --json
cat "$(pki_cert user1-expired)" "$(pki_key user1)" >"$DIR/expired.pem"
says "PEM; why it would not be chosen is said" 0 \
	'imported: .* expired .*it expired on 2024-06-01' \
	"$aovpn" cert import "$DIR/expired.pem"

# --- what is refused --------------------------------------------------------------
cat "$(pki_cert user1)" "$(pki_key user2)" >"$DIR/stranger.pem"
says "a key of another certificate" 2 'does not belong to the certificate' \
	"$aovpn" cert import "$DIR/stranger.pem"
cat "$issuing" "$(pki_key issuing)" >"$DIR/ca.pem"
says "a CA" 1 "is a CA's, not a client's" "$aovpn" cert import "$DIR/ca.pem"
says "a certificate without a key" 2 'holds no private key' \
	"$aovpn" cert import "$(pki_cert user2)"
says "a file that is not there" 2 'No such file' "$aovpn" cert import "$DIR/none"
says "a connection that is not there" 2 'nosuch' \
	"$aovpn" cert import "$DIR/expired.pem" nosuch

profile single "Certificate=$DIR/single.pem"
cat "$(pki_cert user2)" "$(pki_key user2)" >"$DIR/user2.pem"
says "two connections: which one?" 2 'which connection\? There are 2, "corp"' \
	"$aovpn" cert import "$DIR/user2.pem"
says "into Certificate=, which is not there yet" 0 "imported: $DIR/single.pem" \
	"$aovpn" cert import "$DIR/user2.pem" single
says "only its owner can read that, too" 0 '^$' is_private "$DIR/single.pem"
says "another one does not overwrite it" 1 'it is not overwritten' \
	"$aovpn" cert import "$DIR/expired.pem" single
says "the same one is there already" 0 'there already' \
	"$aovpn" cert import "$DIR/user2.pem" single
profile token "Certificate=pkcs11:token=cert;object=user"
says "a key on a token: no place to import to" 1 'has its key elsewhere' \
	"$aovpn" cert import "$DIR/user2.pem" token
profile nowhere "CertificateDirectory=$DIR/nowhere"
says "a directory that is not there is named" 1 "$DIR/nowhere: No such file" \
	"$aovpn" cert import "$DIR/user2.pem" nowhere

mkdir "$DIR/crowd"
for i in $(seq 64); do : >"$DIR/crowd/$i"; done
profile crowd "CertificateDirectory=$DIR/crowd"
says "one too many for a dial to look at" 1 'holds 64 files already' \
	"$aovpn" cert import "$DIR/user2.pem" crowd

# --- whose it is, and a full disk -------------------------------------------------
mkdir -m 700 "$DIR/owned" && chown 65534:65534 "$DIR/owned"
profile owned "CertificateDirectory=$DIR/owned"
import_owned() {
	"$aovpn" cert import "$DIR/user2.pem" owned >/dev/null &&
		stat -c '%u %g %a' "$DIR"/owned/*
}
says "it belongs to whom the directory belongs" 0 '^65534 65534 600$' import_owned

mkdir "$DIR/full"
if mount -t tmpfs -o size=8k,mode=755 aovpn-cert "$DIR/full" 2>"$DIR/err"; then
	# Of two pages one is left, and it takes two.
	head -c 4096 /dev/zero >"$DIR/full/.filler"
	profile full "CertificateDirectory=$DIR/full"
	says "a full disk: clear, and nothing is left" 1 \
		'cannot write ".*/full/.*pem": No space left on device' \
		import "$PKI_PASSWORD" "$LAB_PKI/user1.p12" full
	verdict "nothing is left of it" \
		"$([ "$(ls -A "$DIR/full")" = .filler ] && echo yes)" \
		"$(ls -A "$DIR/full")"
	umount "$DIR/full"
else
	skip "a full disk" "no small file system can be mounted: $(cat "$DIR/err")"
fi
