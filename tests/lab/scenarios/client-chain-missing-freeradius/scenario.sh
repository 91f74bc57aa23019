# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# NPS lacks the issuing CA's certificate, and the client does not send it.
NPS_KIND=freeradius
CLIENT_CHAIN=none
NPS_STORE=none
