# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# A CA issued the client's certificate that its own issuing CA may not have below
# it (pathlen:0).
NPS_KIND=freeradius
CLIENT_CERT=user1-sub
CLIENT_CHAIN=sub-chain
