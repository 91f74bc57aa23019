# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Certificate and RSA key are on a PKCS#11 token; TLS 1.3.
PROFILE=("Credential.Certificate=pkcs11:token=lab;object=user1"
	Credential.PrivateKey= "Credential.PasswordFile=$LAB_DIR/client/pin"
	TLS.MinVersion=1.3)
NPS_TLS_MAX=1.3

scenario_requires() { tokens_missing; }
scenario_setup() { token_make user1 user1-ec && token_pin_file; }

scenario_check() {
	check "a packet crosses the tunnel" tunnel_works
	check_fails "charon has not loaded the token's module" charon_has_module
	check_fails "the PIN is in no log" grep -rqw "$TOKEN_PIN" \
		"$LAB_DIR/log" "$LAB_DIR/client/state"
}
charon_has_module() { grep -q softhsm "/proc/$(process_pid charon-client)/maps"; }
