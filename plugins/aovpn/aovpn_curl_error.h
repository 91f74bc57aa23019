/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * Reads what libcurl says when it fails.
 *
 * Knows neither curl nor charon, so that the plugin and the unit tests run the
 * same code.
 */

#ifndef AOVPN_CURL_ERROR_H_
#define AOVPN_CURL_ERROR_H_

#include <stdbool.h>
#include <stddef.h>

/**
 * Which name could libcurl not resolve?
 *
 * @param code			CURLcode
 * @param text			what libcurl wrote into its CURLOPT_ERRORBUFFER
 * @param ret			receives the name, escaped and cut: whoever made a
 *						certificate may have chosen it
 * @param size			size of ret, not 0
 * @return				FALSE if it failed for another reason, or does not say
 *						the name
 */
bool aovpn_curl_error_name(int code, const char *text, char *ret, size_t size);

#endif /** AOVPN_CURL_ERROR_H_ */
