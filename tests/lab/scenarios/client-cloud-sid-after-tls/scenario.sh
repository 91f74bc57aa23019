# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# As client-no-sid-after-tls, with an Entra SID.
NPS_KIND=alert
NPS_MAPPING=account
NPS_ACCOUNTS="$PKI_USER=$PKI_SID"
CLIENT_CERT=user1-cloudsid
