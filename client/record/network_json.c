/* SPDX-License-Identifier: GPL-2.0-or-later */
/* network_json.c - see network_json.h. */
#include "network_json.h"

#include <netinet/in.h>

#include "record.h"

static json_t *prefixes(const struct network_prefix *list, uint32_t count)
{
	char text[NETWORK_PREFIX_TEXT];
	json_t *array = json_array();
	uint32_t i;

	for (i = 0; i < count; i++)
		json_array_append_new(array, json_string(network_prefix_text(
						     &list[i], text)));
	return array;
}

static json_t *servers(const struct network_request *request)
{
	char text[INET6_ADDRSTRLEN];
	json_t *array = json_array();
	uint32_t i;

	for (i = 0; i < request->server_count; i++)
		json_array_append_new(array,
				      json_string(aovpn_address_text(
					      request->servers[i].family,
					      request->servers[i].address, text,
					      sizeof(text))));
	return array;
}

static json_t *domains(const struct network_request *request, bool search)
{
	json_t *array = json_array();
	uint32_t i;

	for (i = 0; i < request->domain_count; i++)
		if (request->domains[i].search == search)
			json_array_append_new(
				array, record_string(request->domains[i].name));
	return array;
}

static json_t *dns(const struct network_request *request,
		   const struct network_reply *reply)
{
	return json_pack("{s:s, s:o, s:o, s:o, s:o}", "resolver",
			 network_resolver_name(reply->resolver), "servers",
			 servers(request), "domains", domains(request, false),
			 "search_domains", domains(request, true), "note",
			 record_string(reply->dns_text));
}

/* In what order: into the tunnel goes what the gateway agreed to; of a force
 * tunnel all. */
static json_t *routes(const struct network_request *request)
{
	return request->force ? json_pack("[s, s]", "0.0.0.0/0", "::/0")
			      : prefixes(request->routes, request->route_count);
}

json_t *network_json(const struct network_request *request,
		     const struct network_reply *reply)
{
	return json_pack(
		"{s:o, s:s, s:s, s:o, s:o, s:o, s:o, s:i, s:o}", "link",
		reply->link[0] ? record_string(reply->link) : json_null(),
		"routes_by", reply->own_link ? "aovpn" : "charon", "tunnel",
		request->force ? "force" : "split", "addresses",
		prefixes(request->addresses, request->address_count), "routes",
		routes(request), "excluded",
		prefixes(request->excluded, request->excluded_count), "gateway",
		request->gateway.family ? prefixes(&request->gateway, 1)
					: json_array(),
		"metric", (int)request->metric, "dns", dns(request, reply));
}
