# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The gateway's RSA key has 1024 bits.
GATEWAY_CERT=gateway-weak
