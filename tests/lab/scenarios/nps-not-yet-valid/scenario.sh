# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# NPS's certificate becomes valid in decades.
NPS_CERT=nps-notyet
