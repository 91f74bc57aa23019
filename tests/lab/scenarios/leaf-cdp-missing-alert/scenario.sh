# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The client certificate itself has no CRL distribution point.
NPS_KIND=alert
CLIENT_CERT=user1-nocdp
