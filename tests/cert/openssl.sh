# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# openssl.sh - our verdicts beside those of "openssl verify -crl_check_all
# -purpose sslclient" for every client certificate there is. Where they differ,
# the reason stands here; a difference without one fails, and so does a reason
# whose difference is gone.
# shellcheck disable=SC2154 # root, issuing: tests/cert/run

declare -A reason=(
	["user1 issuing-nocdp"]="openssl is given the CRLs and asks no CDP; NPS has only the CDP"
	["user1 issuing-unreachable"]="openssl is given the CRL that nobody can fetch"
	["user1 issuing-stale"]="openssl is given the root's fresh CRL, not the one that the CDP names"
	["user1-access issuing"]="openssl is given the CRL; NPS has only the CDP, and there is none by design"
	["user1-badsid issuing"]="strong mapping is Windows' alone"
	["user1-cloud issuing"]="strong mapping is Windows' alone"
	["user1-cloudsid issuing"]="strong mapping is Windows' alone"
	["user1-deadcdp issuing"]="openssl is given the CRL that nobody can fetch"
	["user1-noupn issuing"]="the name of an account is Windows' alone"
	["user1-sha1 issuing"]="at this level openssl takes SHA-1 of a leaf; what NPS's policy says cannot be known"
	["user1-sidsdiffer issuing"]="strong mapping is Windows' alone"
	["user1-weak issuing"]="at this level openssl takes RSA of 1024 bits; what NPS's policy says cannot be known"
	["user1-mismatch issuing"]="strong mapping is Windows' alone"
	["user1-nosid issuing"]="strong mapping is Windows' alone"
	["user1-nasty issuing"]="the SIDs are none; strong mapping is Windows' alone"
	["user1-device issuing"]="no SID; strong mapping is Windows' alone"
	["user1-othername issuing"]="no domain controller looks for a SID there"
	["user1-nocdp issuing"]="openssl is given the CRL; NPS has only the CDP"
	["user1-ocsp-revoked issuing"]="only OCSP knows that it is revoked, and openssl verify asks none"
	["user1-rogue issuing"]="its root is not at hand, and NPS may know it: openssl refuses what it does not know"
	["user1-stale issuing"]="openssl is given the fresh CRL, not the one that the CDP names"
	["user1-unreachable issuing"]="openssl is given the CRL that nobody can fetch"
	["user1-wrongcrl issuing"]="openssl is given the right CRL, not the one that the CDP names"
)

for crl in root issuing; do
	openssl crl -inform DER -in "$LAB_PKI/http/crls/$crl.crl"
done >"$DIR/crls.pem"

# compare NAME ISSUING: both verdicts, and whether the difference is explained.
compare() {
	local theirs=refused ours why=${reason["$1 $2"]:-} ok=no
	openssl verify -crl_check_all -purpose sslclient -CAfile "$root" \
		-untrusted "$(pki_cert "$2")" -CRLfile "$DIR/crls.pem" \
		"$(pki_cert "$1")" >/dev/null 2>&1 && theirs=accepted
	ours=$("$aovpn" cert check "$(pki_cert "$1")" --chain "$(pki_cert "$2")" \
		--root "$root" --json 2>/dev/null | jq -r .verdict)
	if [ "$ours" = "$theirs" ]; then
		[ -z "$why" ] && ok=yes
	else
		[ -n "$why" ] && ok=yes
	fi
	verdict "$1, $2: openssl $theirs, aovpn $ours${why:+: $why}" $ok \
		"unexpected"
}

for certificate in "$LAB_PKI"/certs/user*.pem; do
	# That one names a server on the Internet, which no test shall ask.
	[ "$certificate" = "$(pki_cert user1-cloudpki)" ] ||
		compare "$(basename "$certificate" .pem)" issuing
done
for ca in issuing-nocdp issuing-noclient issuing-stale issuing-unreachable; do
	compare user1 $ca
done
