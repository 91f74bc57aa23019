# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# No network policy matches: EAP-Failure right after the identity.
NPS_REJECT=identity
