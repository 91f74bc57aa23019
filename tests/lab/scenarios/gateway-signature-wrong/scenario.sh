# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The signature by which the gateway proves its key does not verify under its
# certificate.
GATEWAY_SPOIL_AUTH=yes

scenario_requires() {
	gateway_has_rras_plugin || { echo "no libstrongswan-rras.so"; return 1; }
}
