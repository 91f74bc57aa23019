# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Two certificates are on the token and the URI does not say which.
PROFILE=(Credential.Certificate=pkcs11:token=lab Credential.PrivateKey=)

scenario_requires() { tokens_missing; }
scenario_setup() { token_make user1 user1-ec; }
