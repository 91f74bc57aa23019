# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# A directory with one certificate that fits, as PKCS#12, among an expired one,
# one without clientAuth, one of a foreign CA (the newest) and what is none.
PROFILE=(Credential.Certificate= Credential.PrivateKey=
	"Credential.CertificateDirectory=$LAB_DIR/client/candidates"
	"Selection.IssuerThumbprints=$(pki_thumbprint root)")

scenario_setup() {
	local dir=$LAB_DIR/client/candidates
	candidate_add user1-expired user1-noeku user1-rogue
	cp "$LAB_PKI/user1.p12" "$dir/user1.p12"
	cp "$LAB_PKI/user1.password" "$dir/user1.p12.password"
	echo "not a certificate" >"$dir/note.txt"
}

scenario_check() {
	check "a packet crosses the tunnel" tunnel_works
	check "the one that fits is chosen" verdict user1.p12 chosen
	check "the expired one is named so" verdict user1-expired.pem expired
	check "the one without clientAuth is named so" \
		verdict user1-noeku.pem no-client-auth
	check "the foreign one is filtered" \
		verdict user1-rogue.pem issuer-filtered
	check "the note is no certificate" verdict note.txt unreadable
	check "there are no other candidates" \
		[ "$(record '.candidates | length')" = 5 ]
	check "the thumbprint is recorded" \
		[ "$(record '.candidates[] | select(.verdict == "chosen")
			.thumbprint')" = "$(thumbprint user1)" ]
}

# verdict FILE WORD: is this what the record says of that candidate?
verdict() {
	[ "$(record ".candidates[] | select(.file | endswith(\"/$1\"))
		.verdict")" = "$2" ]
}
thumbprint() { pki_thumbprint "$1" | tr -d : | tr '[:upper:]' '[:lower:]'; }
