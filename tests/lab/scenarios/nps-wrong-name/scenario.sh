# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The certificate of NPS is for a name that the profile does not list.
NPS_CERT=nps-wrong-name
