/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tunnel_facts.c - see tunnel_facts.h. */
#include "tunnel_facts.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct network {
	uint8_t family;
	uint8_t address[16];
	unsigned int prefix;
};

static size_t item_length(const char *list)
{
	return strcspn(list, ", ");
}

static const char *next_item(const char *item)
{
	item += item_length(item);
	return item + strspn(item, ", ");
}

/* "10.80.0.0/24", or an address alone; with [protocol/port] behind it, too. */
static bool parse_network(const char *text, size_t length, struct network *ret)
{
	char copy[INET6_ADDRSTRLEN + 8];
	char *slash;

	length = length < strcspn(text, "[") ? length : strcspn(text, "[");
	if (length >= sizeof(copy))
		return false;
	memcpy(copy, text, length);
	copy[length] = '\0';
	slash = strchr(copy, '/');
	if (slash)
		*slash = '\0';
	ret->family = strchr(copy, ':') ? AF_INET6 : AF_INET;
	ret->prefix = slash ? (unsigned int)strtoul(slash + 1, NULL, 10)
			    : (ret->family == AF_INET ? 32 : 128);
	return inet_pton(ret->family, copy, ret->address) == 1;
}

static bool same_bits(const uint8_t *a, const uint8_t *b, unsigned int bits)
{
	const unsigned int bytes = bits / 8, rest = bits % 8;

	if (bits > 128 || memcmp(a, b, bytes) != 0)
		return false;
	return rest == 0 || (a[bytes] ^ b[bytes]) >> (8 - rest) == 0;
}

void tunnel_overlap(const char *networks, uint8_t family,
		    const uint8_t address[16], unsigned int prefix, char *out,
		    size_t size)
{
	struct network n;
	const char *item;

	out[0] = '\0';
	for (item = networks; *item; item = next_item(item)) {
		if (!parse_network(item, item_length(item), &n) ||
		    n.family != family || n.prefix == 0)
			continue;
		if (!same_bits(n.address, address,
			       n.prefix < prefix ? n.prefix : prefix))
			continue;
		snprintf(out, size, "%.*s", (int)item_length(item), item);
		return;
	}
}

bool tunnel_in_list(const char *list, const char *address)
{
	const char *item;

	for (item = list; *item; item = next_item(item))
		if (strlen(address) == item_length(item) &&
		    strncmp(item, address, strlen(address)) == 0)
			return true;
	return false;
}

static bool is_stub(const char *address)
{
	return strncmp(address, "127.", 4) == 0 ||
	       strncmp(address, "::1", 3) == 0;
}

/* One nameserver after the other; NULL behind the last. */
static const char *next_nameserver(const char **rest, char *out, size_t size)
{
	static const char key[] = "nameserver";
	const char *line = *rest;
	size_t length;

	for (; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		if (strncmp(line, key, sizeof(key) - 1) != 0)
			continue;
		line += sizeof(key) - 1;
		line += strspn(line, " \t");
		length = strcspn(line, " \t\r\n#");
		snprintf(out, size, "%.*s", (int)length, line);
		*rest = line;
		return out;
	}
	*rest = line;
	return NULL;
}

static bool resolv_conf_has(const char *resolv_conf, const char *server,
			    size_t length)
{
	char found[INET6_ADDRSTRLEN];

	while (next_nameserver(&resolv_conf, found, sizeof(found)))
		if (is_stub(found) || (strlen(found) == length &&
				       strncmp(found, server, length) == 0))
			return true;
	return false;
}

void tunnel_dns_missing(const char *servers, const char *resolv_conf, char *out,
			size_t size)
{
	const char *item;
	size_t used = 0;

	out[0] = '\0';
	for (item = servers; *item && used < size; item = next_item(item))
		if (!resolv_conf_has(resolv_conf, item, item_length(item)))
			used += (size_t)snprintf(out + used, size - used,
						 "%s%.*s", used ? ", " : "",
						 (int)item_length(item), item);
}
