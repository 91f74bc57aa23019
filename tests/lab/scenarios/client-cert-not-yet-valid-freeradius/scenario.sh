# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The client certificate becomes valid in decades: no clock is wrong by that much
# and this client is asked to show it all the same.
NPS_KIND=freeradius
CLIENT_CERT=user1-notyet
