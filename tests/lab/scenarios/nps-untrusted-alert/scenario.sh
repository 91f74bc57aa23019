# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# NPS's certificate comes from a root that the profile does not name.
NPS_KIND=alert
NPS_CERT=nps-rogue
