# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The gateway's certificate is revoked: refused also by the soft policy.
GATEWAY_CERT=gateway-revoked
