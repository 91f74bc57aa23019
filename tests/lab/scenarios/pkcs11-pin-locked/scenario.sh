# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The token says that its PIN is locked: it is not tried.
TOKEN_FAULT=locked
PROFILE=(
	"Credential.Certificate=pkcs11:token=lab;object=user1?module-path=$(token_module)"
	Credential.PrivateKey= "Credential.PasswordFile=$LAB_DIR/client/pin")

scenario_requires() { tokens_missing; }
scenario_setup() { token_make user1 && token_pin_file; }
