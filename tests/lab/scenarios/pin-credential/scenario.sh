# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The PIN is a systemd credential of aovpnd.
PROFILE=("Credential.Certificate=pkcs11:token=lab;object=user1"
	Credential.PrivateKey=
	Credential.PasswordCredential=vpn-pin)

scenario_requires() { tokens_missing; }
scenario_setup() {
	token_make user1 && mkdir -p "$LAB_DIR/client/credentials" &&
		echo "$TOKEN_PIN" >"$LAB_DIR/client/credentials/vpn-pin"
}

scenario_check() {
	check "a packet crosses the tunnel" tunnel_works
}
