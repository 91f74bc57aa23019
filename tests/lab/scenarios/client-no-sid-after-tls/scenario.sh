# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The mapping is looked for after the handshake: EAP-Failure follows a TLS that was
# through.
NPS_KIND=alert
NPS_MAPPING=account
NPS_ACCOUNTS="$PKI_USER=$PKI_SID"
CLIENT_CERT=user1-nosid
