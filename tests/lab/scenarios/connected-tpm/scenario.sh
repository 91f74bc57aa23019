# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# An RSA key that a TPM wraps, with a PIN; TLS 1.3.
PROFILE=("Credential.Certificate=$LAB_DIR/client/tpm-rsa.pem"
	"Credential.PrivateKey=$LAB_DIR/client/tpm-rsa.key"
	"Credential.PasswordFile=$LAB_DIR/client/pin"
	TLS.MinVersion=1.3)
NPS_TLS_MAX=1.3

scenario_requires() { tpm_missing; }
scenario_setup() {
	client_role && tpm_up && tpm_user rsa "$TPM_PIN" &&
		token_pin_file "$TPM_PIN"
}

scenario_check() {
	check "a packet crosses the tunnel" tunnel_works
	check_fails "the PIN is in no log" grep -rqw "$TPM_PIN" \
		"$LAB_DIR/log" "$LAB_DIR/client/state"
}
