# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# NPS refuses by policy, but takes three seconds: from here that looks like a
# RADIUS server that does not answer.
NPS_KIND=alert
NPS_REJECT=identity
NPS_DELAY=3
