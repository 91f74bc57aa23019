# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The client certificate is signed with SHA-1, which NPS does not take.
NPS_KIND=freeradius
CLIENT_CERT=user1-sha1
