# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The SID is sound, and another account's: nothing here can show that.
NPS_KIND=alert
NPS_ACCOUNTS="$PKI_USER=$PKI_SID"
CLIENT_CERT=user1-othersid
