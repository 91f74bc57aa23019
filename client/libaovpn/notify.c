/* SPDX-License-Identifier: GPL-2.0-or-later */
/* notify.c - see notify.h. */
#include "notify.h"

#include <stddef.h>

const char *aovpn_notify_name(int64_t type)
{
	static const struct {
		uint16_t type;
		const char *name;
	} names[] = {
		{1, "UNSUPPORTED_CRITICAL_PAYLOAD"},
		{4, "INVALID_IKE_SPI"},
		{5, "INVALID_MAJOR_VERSION"},
		{7, "INVALID_SYNTAX"},
		{9, "INVALID_MESSAGE_ID"},
		{11, "INVALID_SPI"},
		{14, "NO_PROPOSAL_CHOSEN"},
		{17, "INVALID_KE_PAYLOAD"},
		{24, "AUTHENTICATION_FAILED"},
		{34, "SINGLE_PAIR_REQUIRED"},
		{35, "NO_ADDITIONAL_SAS"},
		{36, "INTERNAL_ADDRESS_FAILURE"},
		{37, "FAILED_CP_REQUIRED"},
		{38, "TS_UNACCEPTABLE"},
		{39, "INVALID_SELECTORS"},
		{40, "UNACCEPTABLE_ADDRESSES"},
		{41, "UNEXPECTED_NAT_DETECTED"},
		{43, "TEMPORARY_FAILURE"},
		{44, "CHILD_SA_NOT_FOUND"},
		{12345, "MS_STATUS"},
		{16384, "INITIAL_CONTACT"},
		{16388, "NAT_DETECTION_SOURCE_IP"},
		{16389, "NAT_DETECTION_DESTINATION_IP"},
		{16390, "COOKIE"},
		{16391, "USE_TRANSPORT_MODE"},
		{16393, "REKEY_SA"},
		{16394, "ESP_TFC_PADDING_NOT_SUPPORTED"},
		{16395, "NON_FIRST_FRAGMENTS_ALSO"},
		{16396, "MOBIKE_SUPPORTED"},
		{16399, "NO_ADDITIONAL_ADDRESSES"},
		{16404, "MULTIPLE_AUTH_SUPPORTED"},
		{16406, "REDIRECT_SUPPORTED"},
		{16407, "REDIRECT"},
		{16417, "EAP_ONLY_AUTHENTICATION"},
		{16420, "QUICK_CRASH_DETECTION"},
		{16430, "IKEV2_FRAGMENTATION_SUPPORTED"},
		{16431, "SIGNATURE_HASH_ALGORITHMS"},
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].type == type)
			return names[i].name;
	return NULL;
}
