/* SPDX-License-Identifier: GPL-2.0-or-later */
/* resolvconf.c - see resolvconf.h. */
#include "resolvconf.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "dns_wish.h"

/* Of openresolv; it asks a server of this machine for private domains only
 * where it is told of one. */
#define OPENRESOLV_CONF "/etc/resolvconf.conf"

static const char *find_program(void)
{
	static const char *const usual[] = {"/sbin/resolvconf",
					    "/usr/sbin/resolvconf",
					    "/usr/bin/resolvconf"};
	const char *given = getenv("AOVPN_RESOLVCONF");
	size_t i;

	if (given && given[0] == '/')
		return access(given, X_OK) == 0 ? given : NULL;
	for (i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
		if (access(usual[i], X_OK) == 0)
			return usual[i];
	return NULL;
}

/* Debian's does not know the option and fails. */
enum network_resolver resolvconf_find(void)
{
	const char *program = find_program();
	const char *const arguments[] = {program, "--version", NULL};
	char answer[256];

	if (!program)
		return NETWORK_RESOLVER_NONE;
	if (command_run(arguments, "", answer, sizeof(answer)) < 0)
		return NETWORK_RESOLVER_RESOLVCONF;
	if (strncmp(answer, "openresolv", strlen("openresolv")) == 0)
		return NETWORK_RESOLVER_OPENRESOLV;
	return strncmp(answer, "systemd", strlen("systemd")) == 0
		       ? NETWORK_RESOLVER_NONE
		       : NETWORK_RESOLVER_RESOLVCONF;
}

/* --- what it is told --------------------------------------------------------
 */

/* More than can be needed: of servers and of domains. */
#define INPUT_MAX \
	(NETWORK_SERVERS_MAX * 64 + NETWORK_DOMAINS_MAX * NETWORK_DOMAIN_SIZE)

static void put(char *input, const char *before, const char *text)
{
	const size_t used = strlen(input);

	snprintf(input + used, INPUT_MAX - used, "%s%s", before, text);
}

/* private: the domains that only these servers are asked for; else those that
 * are put behind short names. */
static void put_domains(const struct network_request *request, bool private,
			char *input)
{
	const struct network_domain *domain;
	const char *before = "search ";
	uint32_t i;

	for (i = 0; i < request->domain_count; i++) {
		domain = &request->domains[i];
		if ((!private && !domain->search) ||
		    strcmp(domain->name, ".") == 0)
			continue;
		put(input, before, domain->name);
		before = " ";
	}
	if (before[1] == '\0')
		put(input, "\n", "");
}

static void write_input(const struct network_request *request, bool private,
			char *input)
{
	char text[INET6_ADDRSTRLEN];
	uint32_t i;

	input[0] = '\0';
	for (i = 0; i < request->server_count; i++) {
		put(input, "nameserver ",
		    aovpn_address_text(request->servers[i].family,
				       request->servers[i].address, text,
				       sizeof(text)));
		put(input, "\n", "");
	}
	put_domains(request, private, input);
}

/* Does openresolv hand private domains to a server on this machine? */
static bool has_local_server(void)
{
	FILE *file = fopen(OPENRESOLV_CONF, "re");
	char line[512];
	bool found = false;

	while (file && !found && fgets(line, sizeof(line), file))
		found = strncmp(line, "name_servers=", 13) == 0 &&
			line[13 + strspn(line + 13, "\"' \n")] != '\0';
	if (file)
		fclose(file);
	return found;
}

static void explain(enum network_resolver kind, char *note, size_t size)
{
	snprintf(note, size,
		 "%s cannot ask other servers for other names%s: the tunnel's "
		 "are asked for all, not only for those below Domains=",
		 network_resolver_name(kind),
		 kind == NETWORK_RESOLVER_OPENRESOLV
			 ? " without a server on this machine (name_servers= "
			   "in " OPENRESOLV_CONF ")"
			 : "");
}

/* openresolv's options: private domains, or no other servers. */
static const char *option_of(enum network_resolver kind, enum dns_wish wish,
			     bool private)
{
	if (private)
		return "-p";
	return kind == NETWORK_RESOLVER_OPENRESOLV && wish == DNS_WISH_ONLY
		       ? "-x"
		       : NULL;
}

int resolvconf_add(enum network_resolver kind, const char *record,
		   const struct network_request *request, char *note,
		   size_t size, struct aovpn_error *error)
{
	const enum dns_wish wish = dns_wish(request);
	const bool private = kind == NETWORK_RESOLVER_OPENRESOLV &&
			     wish == DNS_WISH_SPLIT && has_local_server();
	const char *const arguments[] = {find_program(), "-a", record,
					 option_of(kind, wish, private), NULL};
	char input[INPUT_MAX], said[256];
	int r;

	note[0] = '\0';
	if (!arguments[0])
		return aovpn_error_set(error, -ENOENT, "resolvconf is gone");
	if (wish == DNS_WISH_SPLIT && !private)
		explain(kind, note, size);
	write_input(request, private, input);
	r = command_run(arguments, input, said, sizeof(said));
	return r < 0 ? aovpn_error_set(error, r, "%s: %.200s", arguments[0],
				       said[0] ? said : strerror(-r))
		     : 0;
}

int resolvconf_delete(const char *record)
{
	const char *const arguments[] = {find_program(), "-d", record, NULL};
	char said[256];
	int r;

	if (!arguments[0])
		return 0;
	r = command_run(arguments, "", said, sizeof(said));
	/* It fails where there is no such record. */
	return r == -EIO ? 0 : r;
}
