/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * network_ask.c - asks aovpn-network, as aovpnd does, for what the command line
 * says, and prints the reply as KEY=VALUE lines. For tests/network/run.
 *
 * usage: network_ask RUNTIME apply|remove|list [KEY=VALUE...]
 *        network_ask RUNTIME raw <BYTES; network_ask RUNTIME size
 * KEY: name slot own_link force dns metric gateway addresses routes excluded
 * servers domains search. Exit status 0: done, 1: refused or no reply.
 */
#include "network_client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "unix_socket.h"

static struct network_request request = {.version = NETWORK_VERSION, .slot = 1};
static struct network_reply reply;

static uint32_t number(const char *value)
{
	return (uint32_t)strtoul(value, NULL, 0);
}

static bool set_list(const char *key, const char *value)
{
	struct network_request *r = &request;
	uint32_t one = 0;

	if (strcmp(key, "gateway") == 0)
		return network_prefixes_add(value, &r->gateway, 1, &one);
	if (strcmp(key, "addresses") == 0)
		return network_prefixes_add(value, r->addresses,
					    NETWORK_ADDRESSES_MAX,
					    &r->address_count);
	if (strcmp(key, "routes") == 0)
		return network_prefixes_add(
			value, r->routes, NETWORK_ROUTES_MAX, &r->route_count);
	if (strcmp(key, "excluded") == 0)
		return network_prefixes_add(value, r->excluded,
					    NETWORK_ROUTES_MAX,
					    &r->excluded_count);
	if (strcmp(key, "servers") == 0)
		return network_prefixes_add(value, r->servers,
					    NETWORK_SERVERS_MAX,
					    &r->server_count);
	if (strcmp(key, "domains") == 0)
		return network_domains_add(value, false, r);
	return strcmp(key, "search") == 0 &&
	       network_domains_add(value, true, r);
}

static bool set(const char *key, const char *value)
{
	if (strcmp(key, "name") == 0)
		snprintf(request.name, sizeof(request.name), "%s", value);
	else if (strcmp(key, "slot") == 0)
		request.slot = number(value);
	else if (strcmp(key, "own_link") == 0)
		request.own_link = (uint8_t)number(value);
	else if (strcmp(key, "force") == 0)
		request.force = (uint8_t)number(value);
	else if (strcmp(key, "dns") == 0)
		request.dns = (uint8_t)number(value);
	else if (strcmp(key, "metric") == 0)
		request.metric = number(value);
	else
		return set_list(key, value);
	return true;
}

static void print_reply(void)
{
	uint32_t i;

	printf("link=%s\nown_link=%u\nresolver=%s\ndns_code=%d\ndns_text=%s\n",
	       reply.link, reply.own_link,
	       network_resolver_name(reply.resolver), reply.dns_code,
	       reply.dns_text);
	printf("can_link=%u\n", reply.can_link);
	for (i = 0; i < reply.entry_count; i++)
		printf("entry=%s slot=%u\n", reply.entries[i].name,
		       reply.entries[i].slot);
}

/* Whatever stands on standard input, as one message; how long the answer is. */
static int send_raw(const struct network_place *place)
{
	static char data[1 << 16];
	const ssize_t size = read(STDIN_FILENO, data, sizeof(data));
	int fd = aovpn_unix_connect(place->socket, SOCK_SEQPACKET);

	if (fd < 0 || size < 0 || send(fd, data, (size_t)size, 0) != size)
		return 1;
	printf("answered=%zd\n", recv(fd, data, sizeof(data), 0));
	close(fd);
	return 0;
}

int main(int argc, char **argv)
{
	struct network_place place;
	struct aovpn_error error = {""};
	char *equals;
	int i, r;

	if (argc < 3)
		return 2;
	network_place_find(argv[1], &place);
	if (strcmp(argv[2], "size") == 0)
		return printf("%zu\n", sizeof(request)) < 0;
	if (strcmp(argv[2], "raw") == 0)
		return send_raw(&place);
	request.operation = strcmp(argv[2], "apply") == 0    ? NETWORK_APPLY
			    : strcmp(argv[2], "remove") == 0 ? NETWORK_REMOVE
							     : NETWORK_LIST;
	for (i = 3; i < argc; i++) {
		equals = strchr(argv[i], '=');
		if (!equals)
			return 2;
		*equals = '\0';
		if (!set(argv[i], equals + 1)) {
			fprintf(stderr, "%s: not understood\n", argv[i]);
			return 2;
		}
	}
	r = network_ask(&place, &request, &reply, &error);
	if (r < 0) {
		printf("code=%d\ntext=%s\n", r, error.text);
		return 1;
	}
	print_reply();
	return 0;
}
