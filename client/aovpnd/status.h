/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * status.h - what "aovpn status" shows: sources and connections as JSON.
 */
#ifndef AOVPN_STATUS_H
#define AOVPN_STATUS_H

#include <jansson.h>

#include "daemon.h"

/* New reference; NULL without memory. */
json_t *status_new(const struct daemon *daemon);

#endif
