/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ike_payload.h - numbers of IKE's header and payloads (RFC 7296 3.1, 3.2).
 * Private to libaovpn.
 */
#ifndef AOVPN_IKE_PAYLOAD_H
#define AOVPN_IKE_PAYLOAD_H

#define IKE_HEADER_BYTES   28
#define IKE_PAYLOAD_BYTES  4 /* the generic header */
#define IKE_VERSION        0x20
#define IKE_SA_INIT        34
#define IKE_FLAG_INITIATOR 0x08
#define IKE_FLAG_RESPONSE  0x20
#define IKE_CRITICAL       0x80

enum ike_payload {
	IKE_PAYLOAD_NONE = 0,
	IKE_PAYLOAD_SA = 33,
	IKE_PAYLOAD_KE = 34,
	IKE_PAYLOAD_CERTREQ = 38,
	IKE_PAYLOAD_NONCE = 40,
	IKE_PAYLOAD_NOTIFY = 41,
	IKE_PAYLOAD_VENDOR = 43,
	IKE_PAYLOAD_LAST = 48, /* those of RFC 7296 are 33 to 48 */
};

#define IKE_PROTOCOL          1
#define IKE_PROPOSAL_BYTES    8
#define IKE_TRANSFORM_BYTES   8
#define IKE_ATTRIBUTE_BYTES   4
#define IKE_MORE_PROPOSALS    2
#define IKE_MORE_TRANSFORMS   3
#define IKE_KEY_LENGTH        0x800e /* attribute 14, with a value of 16 bits */
#define IKE_NOTIFY_BYTES      4
#define IKE_KEY_HEADER_BYTES  4
#define IKE_NOTIFY_ERRORS_END 16384
#define IKE_NONCE_BYTES_MIN   16
#define IKE_NONCE_BYTES_MAX   256

#endif
