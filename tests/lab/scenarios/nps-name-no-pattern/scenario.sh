# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# ServerNames are patterns, and the NPS server's name matches none.
PROFILE=('NPS.ServerNames=ldap.*\.contoso\.test;*.other.test')
