/* SPDX-License-Identifier: GPL-2.0-or-later */
/* profile_item.c - see profile_item.h. */
#include "profile_item.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

#include "certificate.h"
#include "proposal.h"
#include "server_name.h"
#include "token.h"
#include "tpm.h"

#define DNS_NAME_MAX 253 /* RFC 1035 2.3.4, as text */

/* Digits with colons (IPv6) or dots. */
bool aovpn_item_is_address(const char *text)
{
	unsigned char address[16];

	return inet_pton(AF_INET, text, address) == 1 ||
	       inet_pton(AF_INET6, text, address) == 1;
}

/* RFC 1123 2.1, and "_", which Windows admits. */
static bool is_label(const char *text, size_t length)
{
	size_t i;

	if (length < 1 || length > 63)
		return false;
	for (i = 0; i < length; i++)
		if (!isalnum((unsigned char)text[i]) && text[i] != '-' &&
		    text[i] != '_')
			return false;
	return text[0] != '-' && text[length - 1] != '-';
}

/* A DNS name or an address. A last label of digits alone is a mistyped IPv4
 * address, for no top-level domain is numeric. */
bool aovpn_item_is_host(const char *text)
{
	const char *label = text;
	size_t length;

	if (aovpn_item_is_address(text))
		return true;
	if (strlen(text) > DNS_NAME_MAX)
		return false;
	for (;;) {
		length = strcspn(label, ".");
		if (!is_label(label, length))
			return false;
		if (label[length] == '\0')
			break;
		label += length + 1;
	}
	return strspn(label, "0123456789") < length;
}

bool aovpn_item_is_network(const char *text)
{
	char address[INET6_ADDRSTRLEN];
	unsigned char bytes[16];
	size_t length = strcspn(text, "/"), digits;
	unsigned int prefix = 0, i;

	if (length >= sizeof(address) || text[length] != '/')
		return false;
	memcpy(address, text, length);
	address[length] = '\0';
	text += length + 1;
	digits = strspn(text, "0123456789");
	if (digits < 1 || digits > 3 || text[digits] != '\0')
		return false;
	for (i = 0; i < digits; i++)
		prefix = prefix * 10 + (unsigned int)(text[i] - '0');
	if (inet_pton(AF_INET, address, bytes) == 1)
		return prefix <= 32;
	return inet_pton(AF_INET6, address, bytes) == 1 && prefix <= 128;
}

bool aovpn_item_is_proposal(const char *text)
{
	return text[0] != '\0' &&
	       text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-")] ==
		       '\0';
}

/* Number of digits of an arc without leading zeros at text, or 0. */
static size_t arc_length(const char *text)
{
	size_t digits = strspn(text, "0123456789");

	return text[0] == '0' && digits > 1 ? 0 : digits;
}

/* An OID in digits (X.660: two arcs at least, the first of which is 0, 1 or 2),
 * of which ".*" may stand for the rest. */
bool aovpn_item_is_usage(const char *text)
{
	size_t length = arc_length(text);

	if (strlen(text) >= AOVPN_OID_MAX || length != 1 || text[0] > '2')
		return false;
	text++;
	do {
		if (text[0] != '.')
			return false;
		if (strcmp(text, ".*") == 0)
			return true;
		length = arc_length(text + 1);
		text += 1 + length;
	} while (length > 0 && text[0] != '\0');
	return length > 0;
}

/* A SHA-1 thumbprint: 20 bytes, which Windows shows as "AA BB ..." and OpenSSL
 * with colons. */
bool aovpn_item_is_thumbprint(const char *text)
{
	size_t digits = 0;

	for (; *text != '\0'; text++) {
		if (isxdigit((unsigned char)*text))
			digits++;
		else if ((*text != ' ' && *text != ':') || digits == 0 ||
			 digits % 2 != 0 || !isxdigit((unsigned char)text[1]))
			return false;
	}
	return digits == 40;
}

bool aovpn_item_is_domain(const char *text)
{
	return strcmp(text, ".") == 0 ||
	       (aovpn_item_is_host(text) && !aovpn_item_is_address(text));
}

bool aovpn_item_is_server_name(const char *text)
{
	if (aovpn_server_name_is_pattern(text))
		return aovpn_server_name_pattern_valid(text);
	return aovpn_item_is_host(text);
}

bool aovpn_item_is_weak_algorithm(const char *text)
{
	return aovpn_proposal_weak_mask(text) != 0;
}

/* Digits alone would be taken for a number of one by some and for a name by
 * others. */
bool aovpn_item_is_account(const char *text)
{
	return text[0] != '\0' && text[0] != '-' && !strpbrk(text, ":/") &&
	       strspn(text, "0123456789") < strlen(text);
}

bool aovpn_item_is_path(const char *text)
{
	return text[0] == '/';
}

/* A file name, as systemd.exec(5) has it for LoadCredential=. */
bool aovpn_item_is_credential(const char *text)
{
	return text[0] != '.' && !strpbrk(text, "/:");
}

bool aovpn_item_is_certificate(const char *text)
{
	if (aovpn_token_is_uri(text))
		return aovpn_token_check_uri(text, NULL) == 0;
	return aovpn_item_is_path(text);
}

bool aovpn_item_is_private_key(const char *text)
{
	if (aovpn_tpm_is_handle(text))
		return aovpn_tpm_handle_valid(text);
	return aovpn_item_is_certificate(text);
}
