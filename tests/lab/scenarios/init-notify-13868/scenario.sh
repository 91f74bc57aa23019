# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The first answer holds Windows' code 13868 alone. No tunnel was up and no group
# was asked for; and nobody has proved yet who he is.
scenario_inject() { gateway_answers 12345 0000362c; }
scenario_check() {
	check_fails "it is not certain" test \
		"$(record '.causes[0].confidence')" = certain
}
