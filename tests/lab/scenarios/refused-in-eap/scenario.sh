# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The gateway ends EAP by AUTHENTICATION_FAILED after the identity, without an
# EAP-Failure: that is not "before any EAP".
GATEWAY_NOTIFY=24@2
