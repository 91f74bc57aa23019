# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Client and gateway have no IKE proposal in common.
GATEWAY_IKE=aes256-sha384-ecp384
