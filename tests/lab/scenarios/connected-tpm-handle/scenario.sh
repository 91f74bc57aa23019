# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# A persistent RSA key of a TPM, named by its handle.
PROFILE=("Credential.Certificate=$LAB_DIR/client/tpm-handle.pem"
	Credential.PrivateKey=handle:0x81000001)

scenario_requires() { tpm_missing && _keys_need tpm2_evictcontrol; }
scenario_setup() {
	client_role && tpm_up && tpm_persist 0x81000001 &&
		tpm_certify tpm-handle handle:0x81000001
}

scenario_check() {
	check "a packet crosses the tunnel" tunnel_works
}
