# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The account is found and its SID is in the certificate.
NPS_ACCOUNTS="$PKI_USER=$PKI_SID"
