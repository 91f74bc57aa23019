# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Certificate and encrypted PKCS#8 key in DER.
PROFILE=("Credential.Certificate=$LAB_DIR/client/user1.der"
	"Credential.PrivateKey=$LAB_DIR/client/user1.p8"
	"Credential.PasswordFile=$LAB_PKI/user1.password")

scenario_setup() {
	mkdir -p "$LAB_DIR/client" &&
		openssl x509 -in "$(pki_cert user1)" -outform DER \
			-out "$LAB_DIR/client/user1.der" &&
		openssl pkcs8 -topk8 -in "$(pki_key user1)" -outform DER \
			-passout "pass:$PKI_PASSWORD" \
			-out "$LAB_DIR/client/user1.p8"
}

scenario_check() {
	check "a packet crosses the tunnel" tunnel_works
}
