# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The token does not do RSA-PSS: TLS is held to 1.2 and PKCS#1 v1.5, though NPS
# offers 1.3.
NPS_TLS_MAX=1.3
PROFILE=("Credential.Certificate=pkcs11:token=lab;object=user1"
	Credential.PrivateKey= "Credential.PasswordFile=$LAB_DIR/client/pin")

scenario_requires() { tokens_missing; }
scenario_setup() {
	token_make user1 && token_pin_file &&
		token_mechanisms CKM_RSA_PKCS,CKM_SHA256
}

scenario_check() {
	check "a packet crosses the tunnel" tunnel_works
	check "the record warns" warns "cannot sign by RSA-PSS"
	check "the log warns" grep -F "cannot sign by RSA-PSS" \
		"$LAB_DIR/log/aovpnd.log"
}
warns() { record '.candidates[0].warnings | join(" ")' | grep -F "$1"; }
