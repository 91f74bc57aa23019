# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The token does not do RSA-PSS and the profile allows TLS 1.3 only.
NPS_TLS_MAX=1.3
PROFILE=("Credential.Certificate=pkcs11:token=lab;object=user1"
	Credential.PrivateKey= "Credential.PasswordFile=$LAB_DIR/client/pin"
	TLS.MinVersion=1.3)

scenario_requires() { tokens_missing; }
scenario_setup() {
	token_make user1 && token_pin_file &&
		token_mechanisms CKM_RSA_PKCS,CKM_SHA256
}
