# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Certificate in a file, EC key on a token, named by a URI of its own.
PROFILE=("Credential.Certificate=$(pki_cert user1-ec)"
	"Credential.PrivateKey=pkcs11:token=lab;object=user1-ec;type=private"
	"Credential.PasswordFile=$LAB_DIR/client/pin")

scenario_requires() { tokens_missing; }
scenario_setup() { token_make user1 user1-ec && token_pin_file; }

scenario_check() {
	check "a packet crosses the tunnel" tunnel_works
}
