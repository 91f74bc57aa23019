/* SPDX-License-Identifier: GPL-2.0-or-later */
/* network_request.c - see network_request.h. */
#include "network_request.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "profile.h"
#include "profile_item.h"

static unsigned int bits_of(uint8_t family)
{
	return family == AF_INET ? 32 : 128;
}

/* --- check ------------------------------------------------------------------
 */

/* Bits beyond the length are none of the network's. */
static void clear_host(struct network_prefix *p)
{
	unsigned int i;

	for (i = p->length; i < 128; i++)
		p->address[i / 8] &= (uint8_t) ~(0x80u >> i % 8);
}

static bool is_prefix(const struct network_prefix *p)
{
	struct network_prefix clear = *p;

	if ((p->family != AF_INET && p->family != AF_INET6) ||
	    p->length > bits_of(p->family))
		return false;
	clear_host(&clear);
	return memcmp(clear.address, p->address, sizeof(p->address)) == 0;
}

static bool are_prefixes(const struct network_prefix *list, uint32_t count,
			 uint32_t max)
{
	uint32_t i;

	for (i = 0; i < count && i < max; i++)
		if (!is_prefix(&list[i]))
			return false;
	return count <= max;
}

static bool is_domain(const struct network_domain *domain)
{
	return memchr(domain->name, '\0', sizeof(domain->name)) &&
	       aovpn_item_is_domain(domain->name) && domain->search <= 1 &&
	       !(domain->search && strcmp(domain->name, ".") == 0);
}

static bool are_domains(const struct network_request *request)
{
	uint32_t i;

	if (request->domain_count > NETWORK_DOMAINS_MAX)
		return false;
	for (i = 0; i < request->domain_count; i++)
		if (!is_domain(&request->domains[i]))
			return false;
	return true;
}

static const char *wrong_in_body(const struct network_request *r)
{
	if (r->slot < 1 || r->slot > NETWORK_SLOTS)
		return "slot";
	if (r->own_link > 1 || r->force > 1 || r->dns > 1)
		return "flag";
	if (r->gateway.family != 0 && !is_prefix(&r->gateway))
		return "gateway";
	if (!are_prefixes(r->addresses, r->address_count,
			  NETWORK_ADDRESSES_MAX))
		return "address";
	if (!are_prefixes(r->routes, r->route_count, NETWORK_ROUTES_MAX))
		return "route";
	if (!are_prefixes(r->excluded, r->excluded_count, NETWORK_ROUTES_MAX))
		return "excluded route";
	if (!are_prefixes(r->servers, r->server_count, NETWORK_SERVERS_MAX))
		return "DNS server";
	return are_domains(r) ? NULL : "domain";
}

static const char *wrong_part(const struct network_request *r)
{
	if (r->operation == NETWORK_LIST)
		return NULL;
	if (!memchr(r->name, '\0', sizeof(r->name)) ||
	    aovpn_profile_name_check(r->name, NULL) < 0)
		return "name";
	if (r->operation == NETWORK_REMOVE)
		return NULL;
	return r->operation == NETWORK_APPLY ? wrong_in_body(r) : "operation";
}

int network_request_check(const struct network_request *request,
			  struct aovpn_error *error)
{
	const char *wrong;

	if (request->version != NETWORK_VERSION)
		return aovpn_error_set(error, -EPROTONOSUPPORT,
				       "a request of version %u instead of %d",
				       request->version, NETWORK_VERSION);
	wrong = wrong_part(request);
	if (wrong)
		return aovpn_error_set(error, -EBADMSG,
				       "a request with a bad %s", wrong);
	return 0;
}

int network_reply_check(struct network_reply *reply)
{
	uint32_t i;

	if (reply->version != NETWORK_VERSION || reply->code > 0 ||
	    reply->dns_code > 0 || reply->entry_count > NETWORK_SLOTS)
		return -EPROTO;
	reply->text[sizeof(reply->text) - 1] = '\0';
	reply->link[sizeof(reply->link) - 1] = '\0';
	reply->dns_text[sizeof(reply->dns_text) - 1] = '\0';
	for (i = 0; i < reply->entry_count; i++)
		reply->entries[i].name[AOVPN_NAME_MAX - 1] = '\0';
	return 0;
}

/* --- text -------------------------------------------------------------------
 */

static bool read_length(const char *digits, unsigned int max, uint8_t *ret)
{
	const size_t count = strspn(digits, "0123456789");
	const unsigned long value = strtoul(digits, NULL, 10);

	if (count < 1 || count > 3 || digits[count] != '\0' || value > max)
		return false;
	*ret = (uint8_t)value;
	return true;
}

bool network_prefix_read(const char *text, size_t length,
			 struct network_prefix *ret)
{
	struct network_prefix p = {0};
	char copy[NETWORK_PREFIX_TEXT];
	char *slash;

	if (length >= sizeof(copy) || memchr(text, '\0', length))
		return false;
	memcpy(copy, text, length);
	copy[length] = '\0';
	slash = strchr(copy, '/');
	if (slash)
		*slash = '\0';
	p.family = strchr(copy, ':') ? AF_INET6 : AF_INET;
	if (inet_pton(p.family, copy, p.address) != 1)
		return false;
	p.length = (uint8_t)bits_of(p.family);
	if (slash && !read_length(slash + 1, bits_of(p.family), &p.length))
		return false;
	clear_host(&p);
	*ret = p;
	return true;
}

const char *network_prefix_text(const struct network_prefix *prefix, char *out)
{
	char address[INET6_ADDRSTRLEN];

	aovpn_address_text(prefix->family, prefix->address, address,
			   sizeof(address));
	snprintf(out, NETWORK_PREFIX_TEXT, "%s/%u", address, prefix->length);
	return out;
}

/* The next item of a list and its length; NULL behind the last. */
static const char *next_item(const char **rest, size_t *length)
{
	const char *item = *rest + strspn(*rest, ", ");

	*length = strcspn(item, ", ");
	*rest = item + *length;
	return *length > 0 ? item : NULL;
}

bool network_prefixes_add(const char *list, struct network_prefix *prefixes,
			  uint32_t max, uint32_t *count)
{
	const char *item;
	size_t length, selector;

	while ((item = next_item(&list, &length)) != NULL) {
		selector = strcspn(item, "[");
		if (selector < length)
			length = selector;
		if (*count == max ||
		    !network_prefix_read(item, length, &prefixes[*count]))
			return false;
		(*count)++;
	}
	return true;
}

bool network_domains_add(const char *list, bool search,
			 struct network_request *request)
{
	struct network_domain *domain;
	const char *item;
	size_t length;

	while ((item = next_item(&list, &length)) != NULL) {
		if (length > 1 && item[length - 1] == '.')
			length--;
		if (request->domain_count == NETWORK_DOMAINS_MAX ||
		    length >= NETWORK_DOMAIN_SIZE)
			return false;
		domain = &request->domains[request->domain_count];
		memcpy(domain->name, item, length);
		domain->name[length] = '\0';
		domain->search = search;
		if (!is_domain(domain))
			return false;
		request->domain_count++;
	}
	return true;
}

const char *network_resolver_name(uint32_t resolver)
{
	switch ((enum network_resolver)resolver) {
	case NETWORK_RESOLVER_NONE:
		break;
	case NETWORK_RESOLVER_RESOLVED:
		return "systemd-resolved";
	case NETWORK_RESOLVER_OPENRESOLV:
		return "openresolv";
	case NETWORK_RESOLVER_RESOLVCONF:
		return "resolvconf";
	}
	return "none";
}
