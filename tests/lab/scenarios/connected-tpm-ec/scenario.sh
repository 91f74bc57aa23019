# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# An EC key that a TPM wraps, without a PIN, in one file with its certificate.
PROFILE=("Credential.Certificate=$LAB_DIR/client/both.pem"
	Credential.PrivateKey=)

scenario_requires() { tpm_missing; }
scenario_setup() {
	local base=$LAB_DIR/client/tpm-ec
	client_role && tpm_up && tpm_user ec &&
		cat "$base.pem" "$base.key" >"$LAB_DIR/client/both.pem"
}

scenario_check() {
	check "a packet crosses the tunnel" tunnel_works
}
