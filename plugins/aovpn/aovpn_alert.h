/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * charon's alerts (bus.h alert_t) as observations.
 */

#ifndef AOVPN_ALERT_H_
#define AOVPN_ALERT_H_

#include <stdarg.h>

#include <daemon.h>

#include "observation.h"

/**
 * Fill in u.alert.
 *
 * @param alert		kind of alert; those that the observation has no number
 *					for become AOVPN_ALERT_OTHER with their name as text
 * @param args		charon's arguments of this alert, read from the start
 * @param o			begun observation
 */
void aovpn_alert_fill(alert_t alert, va_list args, struct aovpn_observation *o);

/**
 * Message id in the header of an IKE packet (RFC 7296 3.1).
 *
 * @param packet	packet without non-ESP marker, may be NULL
 * @param ret_len	receives its length
 * @return			message id, 0 if the packet is too short
 */
uint32_t aovpn_alert_message_id(packet_t *packet, uint32_t *ret_len);

#endif /** AOVPN_ALERT_H_ */
