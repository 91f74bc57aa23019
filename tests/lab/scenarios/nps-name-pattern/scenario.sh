# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# ServerNames is a pattern that the NPS server's name matches.
PROFILE=('NPS.ServerNames=radius.contoso.test;nps.*\.contoso\.test')
