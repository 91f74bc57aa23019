/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * download.h - one HTTP exchange with its redirects.
 */
#ifndef AOVPN_FETCH_DOWNLOAD_H
#define AOVPN_FETCH_DOWNLOAD_H

#include <stddef.h>

#include <openssl/asn1.h>

#include "fetch.h"

struct download {
	const char *url;
	const ASN1_VALUE *post; /* what is posted, or NULL: GET */
	const ASN1_ITEM *post_item;
	const char *post_type;  /* its media type */
	size_t limit;           /* bytes of a body */
	const char *limit_text; /* "32 MiB" */
};

struct body {
	unsigned char *data;
	size_t size;
};

/*
 * Do it. Sets http_status and size of out, and state, error and text where
 * there is no body. The caller frees ret->data with free. Returns 0 or -EIO.
 */
int download(const struct download *wanted, struct body *ret,
	     struct aovpn_fetched *out);

#endif
