# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The certificate names no account; the identity comes from the profile.
NPS_KIND=freeradius
NPS_ACCOUNTS="$PKI_USER=$PKI_SID"
CLIENT_CERT=user1-noupn
PROFILE=("Credential.EAPIdentity=$PKI_USER")
