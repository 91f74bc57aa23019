/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * loader_protocol.h - between aovpnd, which has no rights on BPF and raw
 * sockets, and aovpn-loader, which has them for the moment of one request.
 *
 * By helper_message.h; one request, one reply, then the loader ends. The
 * descriptors of a reply are named by loader_reply.roles, in order.
 */
#ifndef AOVPN_LOADER_PROTOCOL_H
#define AOVPN_LOADER_PROTOCOL_H

#include <limits.h>
#include <stdint.h>

#include "bpf/event.h"
#include "helper_message.h"

#define LOADER_VERSION     2
#define LOADER_REASON_MAX  128
#define LOADER_REASONS_MAX 512 /* drop reasons of a kernel */
#define LOADER_FDS_MAX     HELPER_FDS_MAX
#define LOADER_SOCKETS_MAX 8

enum loader_operation {
	LOADER_OPEN = 1, /* maps, the hooks that are always attached, sockets */
	LOADER_DIAL,     /* the hooks of a dial, with the maps of LOADER_OPEN */
	LOADER_PROBE,    /* load the hooks of a dial, attach nothing */
};

struct loader_request {
	uint32_t version;      /* LOADER_VERSION */
	uint32_t operation;    /* enum loader_operation */
	uint32_t charon_pid;   /* whose network namespace and library count; 0:
				  not known, the requester's namespace */
	char cgroup[PATH_MAX]; /* directory of the cgroup to attach to; "":
				  there is no cgroup v2 */
};

/* The descriptors that LOADER_DIAL and LOADER_PROBE bring, in this order. */
enum loader_map {
	LOADER_MAP_EVENTS, /* the ring buffer */
	LOADER_MAP_SHARED, /* struct aovpn_shared */
	LOADER_MAP_FLOWS,
	LOADER_MAP_COUNT
};

enum loader_hook_state {
	LOADER_HOOK_ABSENT,  /* this kernel has no such hook */
	LOADER_HOOK_REFUSED, /* the kernel refused to load or attach it */
	LOADER_HOOK_LOADED,  /* it loads; attached when a dial begins */
	LOADER_HOOK_ATTACHED,
};

struct loader_hook {
	uint32_t state;                 /* enum loader_hook_state */
	char reason[LOADER_REASON_MAX]; /* why, where absent or refused */
};

/* What a descriptor of a reply is: a link of hook n is LOADER_ROLE_LINK + n. */
enum loader_role {
	LOADER_ROLE_MAP = 0,     /* + enum loader_map */
	LOADER_ROLE_SOCKET = 16, /* + enum raw_socket, raw_sockets.h */
	LOADER_ROLE_LINK = 32,   /* + enum aovpn_hook */
};

struct loader_result {
	int32_t code;                 /* 0 or -errno */
	char text[LOADER_REASON_MAX]; /* of the error */
};

struct loader_reply {
	uint32_t version;
	struct loader_result bpf;                  /* 0: there is a hook */
	int32_t socket_errors[LOADER_SOCKETS_MAX]; /* by enum raw_socket: -errno
						      where there is none */
	struct loader_hook hooks[AOVPN_HOOK_COUNT];
	uint32_t fd_count;
	uint8_t roles[LOADER_FDS_MAX];
	/* Of the running kernel: enum skb_drop_reason without its prefix. */
	uint32_t drop_reason_count;
	char drop_reasons[LOADER_REASONS_MAX][48];
};

#endif
