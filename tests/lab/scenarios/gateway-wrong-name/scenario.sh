# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The gateway's certificate is for another name.
LAB_NOT_STOCK='with remote.id %any stock strongSwan checks no name'
GATEWAY_CERT=gateway-wrong-name
