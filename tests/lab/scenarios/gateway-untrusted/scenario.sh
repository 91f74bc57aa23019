# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The gateway's certificate comes from a root that nobody trusts.
GATEWAY_CERT=gateway-rogue
