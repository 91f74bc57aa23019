# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# NPS offers MSCHAPv2 and nothing else.
NPS_OFFER=mschapv2
