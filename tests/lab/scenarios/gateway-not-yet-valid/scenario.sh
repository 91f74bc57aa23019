# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The gateway's certificate becomes valid in decades.
GATEWAY_CERT=gateway-notyet
