# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The token that the profile names is not there.
PROFILE=("Credential.Certificate=pkcs11:token=other;object=user1"
	Credential.PrivateKey=)

scenario_requires() { tokens_missing; }
scenario_setup() { token_make user1; }

scenario_check() {
	check "the URI is named" said "pkcs11:token=other;object=user1"
	check "the verdict says it" \
		[ "$(record '.candidates[0].verdict')" = token-absent ]
}
said() { record '.causes[0].evidence | join(" ")' | grep -F "$1"; }
