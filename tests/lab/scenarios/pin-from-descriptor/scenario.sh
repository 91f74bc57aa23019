# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The profile names no PIN; aovpn brings it by --password-fd.
PROFILE=("Credential.Certificate=pkcs11:token=lab;object=user1"
	Credential.PrivateKey=)

scenario_requires() { tokens_missing; }
scenario_setup() { token_make user1; }
scenario_dial() {
	lab_aovpn dial lab --json --password-fd 3 3<<<"$TOKEN_PIN"
}

scenario_check() {
	check "a packet crosses the tunnel" tunnel_works
	check_fails "the PIN is in no log" grep -rqw "$TOKEN_PIN" \
		"$LAB_DIR/log/aovpnd.log" "$LAB_DIR/client/state"
}
