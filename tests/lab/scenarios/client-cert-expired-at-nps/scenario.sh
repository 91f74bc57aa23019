# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# NPS's clock is two years ahead: to it the client certificate has expired.
NPS_KIND=alert
NPS_CLOCK=+2y
