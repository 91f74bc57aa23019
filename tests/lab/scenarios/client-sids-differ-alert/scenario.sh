# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The extension has the account's SID, the SAN URI another.
NPS_KIND=alert
NPS_ACCOUNTS="$PKI_USER=$PKI_SID"
CLIENT_CERT=user1-sidsdiffer
