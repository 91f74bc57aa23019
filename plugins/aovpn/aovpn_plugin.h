/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * The plugin for strongSwan's charon: registers what the other files provide,
 * nothing else.
 */

#ifndef AOVPN_PLUGIN_H_
#define AOVPN_PLUGIN_H_

#include <plugins/plugin.h>

typedef struct aovpn_plugin_t aovpn_plugin_t;

/**
 * Plugin of aovpn, the Always On VPN client.
 */
struct aovpn_plugin_t {

	/**
	 * Implements the plugin interface.
	 */
	plugin_t plugin;
};

#endif /** AOVPN_PLUGIN_H_ */
