# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The CRL at the CDP has the issuing CA's name, and another key signed it.
scenario_inject() {
	local ca=$LAB_DIR/other-ca
	openssl req -x509 -new -key "$(pki_key rogue)" -out "$ca.pem" \
		-subj "/O=Contoso/CN=Contoso Cloud PKI Issuing CA" &&
		sed "s|^private_key.*|private_key = $(pki_key rogue)|
			s|^certificate.*|certificate = $ca.pem|
			/^authorityKeyIdentifier/d" \
			"$LAB_PKI/ca-issuing/ca.cnf" >"$ca.cnf" &&
		openssl ca -config "$ca.cnf" -gencrl -out "$ca.crl" &&
		openssl crl -in "$ca.crl" -outform DER \
			-out "$LAB_DIR/nps/http/crls/issuing.crl"
}
