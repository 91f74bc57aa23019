/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fetch_text.h - what the parsers of what was fetched share: how they tell a
 * failure, and values of ASN.1 as plain ones.
 */
#ifndef AOVPN_FETCH_TEXT_H
#define AOVPN_FETCH_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include <openssl/x509.h>

#include "fetch.h"

/* Set state and text, escaped, and take back the status: there is no answer. */
void fetch_fail(struct aovpn_fetched *out, enum aovpn_fetch_state state,
		const char *format, ...) __attribute__((format(printf, 3, 4)));

/* A time as seconds since 1970; false: it is none, or of a year beyond 9999. */
bool fetch_time(const ASN1_TIME *time, time_t *ret);

/* "keyCompromise", ...: of CRLReason (RFC 5280 5.3.1); "" for none. */
const char *fetch_reason_name(long reason);

/* The signature algorithms that nobody should trust: those by MD2, MD4, MD5.
 * Names it, or NULL. */
const char *fetch_weak_signature(const X509_ALGOR *algorithm);

/* A number in lower-case hexadecimal digits, "" where it does not fit. */
void fetch_hex(const ASN1_INTEGER *number, char *out, size_t size);

/* A name by RFC 2253, escaped. */
void fetch_name(const X509_NAME *name, char *out, size_t size);

/* What is it that is not what it should be: "a web page", "nothing", ... */
const char *fetch_describe(const unsigned char *data, size_t size);

/* Does it begin as a page in HTML does? */
bool fetch_is_web_page(const unsigned char *data, size_t size);

#endif
