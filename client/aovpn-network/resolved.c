/* SPDX-License-Identifier: GPL-2.0-or-later */
/* resolved.c - see resolved.h. */
#include "resolved.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include <systemd/sd-bus.h>

#include "dns_wish.h"

#define NAME      "org.freedesktop.resolve1"
#define PATH      "/org/freedesktop/resolve1"
#define INTERFACE "org.freedesktop.resolve1.Manager"
#define WAIT_US   3000000ull

static int open_bus(sd_bus **ret)
{
	int r = sd_bus_open_system(ret);

	if (r >= 0)
		r = sd_bus_set_method_call_timeout(*ret, WAIT_US);
	return r < 0 ? r : 0;
}

bool resolved_is_there(void)
{
	sd_bus_creds *creds = NULL;
	sd_bus *bus = NULL;
	int r = open_bus(&bus);

	if (r == 0)
		r = sd_bus_get_name_creds(bus, NAME, 0, &creds);
	sd_bus_creds_unref(creds);
	sd_bus_flush_close_unref(bus);
	return r >= 0;
}

static int begin(sd_bus *bus, const char *method, uint32_t link,
		 sd_bus_message **ret)
{
	int r = sd_bus_message_new_method_call(bus, ret, NAME, PATH, INTERFACE,
					       method);

	if (r >= 0)
		r = sd_bus_message_set_auto_start(*ret, 0);
	return r < 0 ? r : sd_bus_message_append(*ret, "i", (int)link);
}

/* Send it, unless r is an error already; the message is released. */
static int call(sd_bus *bus, sd_bus_message *message, int r,
		struct aovpn_error *error)
{
	sd_bus_error why = SD_BUS_ERROR_NULL;

	if (r >= 0)
		r = sd_bus_call(bus, message, 0, &why, NULL);
	if (r < 0)
		aovpn_error_set(error, r, "systemd-resolved: %s",
				why.message ? why.message : strerror(-r));
	sd_bus_error_free(&why);
	sd_bus_message_unref(message);
	return r < 0 ? r : 0;
}

static int append_server(sd_bus_message *message,
			 const struct network_prefix *server)
{
	const size_t size = server->family == AF_INET ? 4 : 16;
	int r = sd_bus_message_open_container(message, 'r', "iay");

	if (r >= 0)
		r = sd_bus_message_append(message, "i", (int)server->family);
	if (r >= 0)
		r = sd_bus_message_append_array(message, 'y', server->address,
						size);
	return r < 0 ? r : sd_bus_message_close_container(message);
}

static int set_servers(sd_bus *bus, uint32_t link,
		       const struct network_request *request,
		       struct aovpn_error *error)
{
	sd_bus_message *message = NULL;
	int r = begin(bus, "SetLinkDNS", link, &message);
	uint32_t i;

	if (r >= 0)
		r = sd_bus_message_open_container(message, 'a', "(iay)");
	for (i = 0; r >= 0 && i < request->server_count; i++)
		r = append_server(message, &request->servers[i]);
	if (r >= 0)
		r = sd_bus_message_close_container(message);
	return call(bus, message, r, error);
}

static int set_domains(sd_bus *bus, uint32_t link,
		       const struct network_request *request,
		       struct aovpn_error *error)
{
	const struct network_domain *domain;
	sd_bus_message *message = NULL;
	int r = begin(bus, "SetLinkDomains", link, &message);
	uint32_t i;

	if (r >= 0)
		r = sd_bus_message_open_container(message, 'a', "(sb)");
	for (i = 0; r >= 0 && i < request->domain_count; i++) {
		domain = &request->domains[i];
		r = sd_bus_message_append(message, "(sb)", domain->name,
					  !domain->search);
	}
	if (r >= 0 && dns_wish(request) == DNS_WISH_ONLY)
		r = sd_bus_message_append(message, "(sb)", ".", 1);
	if (r >= 0)
		r = sd_bus_message_close_container(message);
	return call(bus, message, r, error);
}

static int set_default_route(sd_bus *bus, uint32_t link,
			     const struct network_request *request,
			     struct aovpn_error *error)
{
	sd_bus_message *message = NULL;
	int r = begin(bus, "SetLinkDefaultRoute", link, &message);

	if (r >= 0)
		r = sd_bus_message_append(message, "b",
					  dns_wish(request) != DNS_WISH_SPLIT);
	return call(bus, message, r, error);
}

int resolved_set(uint32_t link, const struct network_request *request,
		 struct aovpn_error *error)
{
	sd_bus *bus = NULL;
	int r = open_bus(&bus);

	if (r < 0)
		return aovpn_error_set(error, r, "no system bus: %s",
				       strerror(-r));
	r = set_servers(bus, link, request, error);
	if (r == 0)
		r = set_domains(bus, link, request, error);
	if (r == 0)
		r = set_default_route(bus, link, request, error);
	sd_bus_flush_close_unref(bus);
	if (r < 0)
		resolved_revert(link);
	return r;
}

int resolved_revert(uint32_t link)
{
	sd_bus_message *message = NULL;
	sd_bus *bus = NULL;
	int r;

	if (!resolved_is_there())
		return 0;
	r = open_bus(&bus);
	if (r == 0) {
		r = begin(bus, "RevertLink", link, &message);
		r = call(bus, message, r, NULL);
	}
	sd_bus_flush_close_unref(bus);
	return r;
}
