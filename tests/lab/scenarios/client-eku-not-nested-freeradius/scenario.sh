# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The issuing CA may not issue for clientAuth: its EKUs do not contain it.
NPS_KIND=freeradius
LAB_ISSUING=issuing-server-only
