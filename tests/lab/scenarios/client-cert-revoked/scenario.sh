# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The client certificate is in the CRL; NPS says so in a TLS alert.
CLIENT_CERT=user1-revoked
NPS_KIND=alert
