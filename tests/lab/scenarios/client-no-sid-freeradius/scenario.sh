# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The certificate carries no SID: no strong mapping (NPS reason 16).
NPS_KIND=freeradius
NPS_ACCOUNTS="$PKI_USER=$PKI_SID"
CLIENT_CERT=user1-nosid
