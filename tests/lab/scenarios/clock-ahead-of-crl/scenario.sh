# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The clock is ten days ahead, so that the CRL of the gateway's CA looks out of
# date, and the profile insists on it.
PROFILE=(Gateway.Revocation=hard)
CLIENT_CLOCK=+10d
