# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The answers to IKE_SA_INIT have a notify that charon cannot read, so that it
# goes on asking: that is no silence.
scenario_inject() { gateway_answers 5 20; }
