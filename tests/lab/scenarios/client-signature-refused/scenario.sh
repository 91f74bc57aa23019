# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The token's signatures do not verify from some time on: what the server gets is
# no proof that this client has the key, and it says so (decrypt_error 51).
NPS_KIND=alert
TOKEN_FAULT=signs-wrong
# Two prove the key before the dial: PKCS #1 v1.5 and PSS.
TOKEN_GOOD=2
PROFILE=(
	"Credential.Certificate=pkcs11:token=lab;object=user1?module-path=$(token_module)"
	Credential.PrivateKey= "Credential.PasswordFile=$LAB_DIR/client/pin")

scenario_requires() { tokens_missing; }
scenario_setup() { token_make user1 && token_pin_file; }
