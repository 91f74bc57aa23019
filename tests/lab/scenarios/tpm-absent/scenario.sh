# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# No TPM answers.
PROFILE=("Credential.Certificate=$(pki_cert user1)"
	Credential.PrivateKey=handle:0x81000001)

scenario_requires() { tpm_missing; }
