# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The TPM's key has another PIN: it is tried once.
PROFILE=("Credential.Certificate=$LAB_DIR/client/tpm-rsa.pem"
	"Credential.PrivateKey=$LAB_DIR/client/tpm-rsa.key"
	"Credential.PasswordFile=$LAB_DIR/client/pin")

scenario_requires() { tpm_missing; }
scenario_setup() {
	client_role && tpm_up && tpm_user rsa "$TPM_PIN" &&
		token_pin_file not-it
}

scenario_check() {
	check "the first try is one" said "tried once"
	check_fails "a second dial fails too" lab_dial
	check "the TPM was not asked again" last_said "not tried again"
}
said() { record '.causes[0].evidence | join(" ")' | grep -F "$1"; }
last_said() { lab_aovpn events --json | tail -1 | grep -F "$1"; }
