# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The client certificate comes from a CA that NPS does not know.
NPS_KIND=alert
CLIENT_CERT=user1-rogue CLIENT_CHAIN=none
