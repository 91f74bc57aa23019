# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# NPS offers PEAP and nothing else.
NPS_KIND=alert
NPS_OFFER=peap
