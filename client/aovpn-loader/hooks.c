/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hooks.c - see hooks.h.
 *
 * A kernel may refuse one program and take the others. libbpf loads an object
 * whole or not at all, so where the whole is refused each program is tried
 * alone, and then those are loaded together that passed. (Asking libbpf which
 * helpers a program type has is no substitute: on Linux 6.12 libbpf 1.1
 * answers wrongly. Nor is the kernel's version: distributions change both.)
 */
#include "hooks.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "always.skel.h"
#include "complaint.h"
#include "dial.skel.h"
#include "drop_reasons.h"

enum attach_how { BY_TRACEPOINT, BY_CGROUP, BY_LIBRARY };

static const struct hook_info {
	const char *program;
	enum attach_how how;
	const char *tracepoint; /* its type in the kernel's BTF, or NULL */
	bool on_return;         /* of a library's function */
} infos[AOVPN_HOOK_COUNT] = {
	[AOVPN_HOOK_KFREE_SKB] = {"kfree_skb", BY_TRACEPOINT,
				  "btf_trace_kfree_skb", false},
	[AOVPN_HOOK_TCP_STATE] = {"tcp_state", BY_TRACEPOINT,
				  "btf_trace_inet_sock_set_state", false},
	[AOVPN_HOOK_TCP_RESET] = {"tcp_reset", BY_TRACEPOINT,
				  "btf_trace_tcp_receive_reset", false},
	[AOVPN_HOOK_TCP_RETRANSMIT] = {"tcp_retransmit", BY_TRACEPOINT,
				       "btf_trace_tcp_retransmit_skb", false},
	[AOVPN_HOOK_NEIGHBOUR] = {"neighbour", BY_TRACEPOINT,
				  "btf_trace_neigh_timer_handler", false},
	[AOVPN_HOOK_EGRESS] = {"egress", BY_CGROUP, NULL, false},
	[AOVPN_HOOK_INGRESS] = {"ingress", BY_CGROUP, NULL, false},
	[AOVPN_HOOK_SENDMSG4] = {"sendmsg4", BY_CGROUP, NULL, false},
	[AOVPN_HOOK_SENDMSG6] = {"sendmsg6", BY_CGROUP, NULL, false},
	[AOVPN_HOOK_NAME] = {"name", BY_LIBRARY, NULL, false},
	[AOVPN_HOOK_NAME_RESULT] = {"name_result", BY_LIBRARY, NULL, true},
};

/* One of the two objects, and the hooks that are in it. */
struct object {
	struct bpf_object *(*open)(void **ret_skeleton);
	int (*load)(void *skeleton);
	void (*destroy)(void *skeleton);
	int first, end;  /* of enum aovpn_hook */
	const int *maps; /* to be used instead of its own, or NULL */
};

static struct bpf_object *open_always(void **ret_skeleton)
{
	struct always_bpf *skeleton = always_bpf__open();

	*ret_skeleton = skeleton;
	return skeleton ? skeleton->obj : NULL;
}

static int load_always(void *skeleton)
{
	return always_bpf__load(skeleton);
}

static void destroy_always(void *skeleton)
{
	always_bpf__destroy(skeleton);
}

static struct bpf_object *open_dial(void **ret_skeleton)
{
	struct dial_bpf *skeleton = dial_bpf__open();

	*ret_skeleton = skeleton;
	return skeleton ? skeleton->obj : NULL;
}

static int load_dial(void *skeleton)
{
	return dial_bpf__load(skeleton);
}

static void destroy_dial(void *skeleton)
{
	dial_bpf__destroy(skeleton);
}

static const char *const map_names[LOADER_MAP_COUNT] = {
	[LOADER_MAP_EVENTS] = "events",
	[LOADER_MAP_SHARED] = "shared",
	[LOADER_MAP_FLOWS] = "flows",
};

/* --- how a hook fares ----------------------------------------------------- */

static void refuse(struct loader_hook *hook, int code)
{
	hook->state = LOADER_HOOK_REFUSED;
	snprintf(hook->reason, sizeof(hook->reason), "%.30s%s%.90s",
		 strerror(-code), complaint()[0] ? ": " : "", complaint());
}

static void set_absent(struct loader_hook *hook, const char *reason)
{
	hook->state = LOADER_HOOK_ABSENT;
	snprintf(hook->reason, sizeof(hook->reason), "%s", reason);
}

/* The code of an object of which nothing is left, with the first reason. */
static int none_left(const struct object *object,
		     const struct loader_reply *reply, int code,
		     struct aovpn_error *error)
{
	const struct loader_hook *hook, *first = NULL;
	int which = object->first;

	for (int i = object->first; i < object->end; i++) {
		hook = &reply->hooks[i];
		if (first && (first->state != LOADER_HOOK_ABSENT ||
			      hook->state != LOADER_HOOK_REFUSED))
			continue;
		first = hook;
		which = i;
	}
	if (code != -EPERM)
		code = -EOPNOTSUPP;
	return aovpn_error_set(error, code, "no BPF program can be had; %s: %s",
			       infos[which].program, first->reason);
}

static bool any_in_state(const struct object *object,
			 const struct loader_reply *reply,
			 enum loader_hook_state state)
{
	for (int i = object->first; i < object->end; i++)
		if (reply->hooks[i].state == state)
			return true;
	return false;
}

/* --- load ----------------------------------------------------------------- */

static int reuse_maps(struct bpf_object *object, const int *maps)
{
	struct bpf_map *map;
	int code;

	for (int i = 0; maps && i < LOADER_MAP_COUNT; i++) {
		map = bpf_object__find_map_by_name(object, map_names[i]);
		code = map ? bpf_map__reuse_fd(map, maps[i]) : -ENOENT;
		if (code < 0)
			return code;
	}
	return 0;
}

/*
 * Open and load the object with the programs whose hooks are LOADED (which
 * until then means: wanted), or with only that one where only >= 0.
 */
static int load_object(const struct object *object,
		       const struct loader_reply *reply, int only, void **ret)
{
	struct bpf_program *program;
	struct bpf_object *bpf;
	void *skeleton = NULL;
	bool wanted;
	int code;

	complaint_clear();
	bpf = object->open(&skeleton);
	if (!bpf)
		return errno ? -errno : -ENOMEM;
	for (int i = object->first; i < object->end; i++) {
		wanted = only < 0 ? reply->hooks[i].state == LOADER_HOOK_LOADED
				  : i == only;
		program =
			bpf_object__find_program_by_name(bpf, infos[i].program);
		bpf_program__set_autoload(program, wanted);
	}
	code = reuse_maps(bpf, object->maps);
	if (code == 0)
		code = object->load(skeleton);
	if (code < 0) {
		object->destroy(skeleton);
		return code;
	}
	*ret = skeleton;
	return 0;
}

/* Try each program alone; refuse those that the kernel does not load. */
static void try_each(const struct object *object, struct loader_reply *reply)
{
	void *skeleton = NULL;
	int code;

	for (int i = object->first; i < object->end; i++) {
		if (reply->hooks[i].state != LOADER_HOOK_LOADED)
			continue;
		code = load_object(object, reply, i, &skeleton);
		if (code < 0)
			refuse(&reply->hooks[i], code);
		else
			object->destroy(skeleton);
	}
}

static int load_what_can_be(const struct object *object,
			    struct loader_reply *reply, void **ret_skeleton,
			    struct aovpn_error *error)
{
	int code, first;

	if (!any_in_state(object, reply, LOADER_HOOK_LOADED))
		return none_left(object, reply, -EOPNOTSUPP, error);
	first = code = load_object(object, reply, -1, ret_skeleton);
	if (code == 0)
		return 0;
	try_each(object, reply);
	if (!any_in_state(object, reply, LOADER_HOOK_LOADED))
		return none_left(object, reply, first, error);
	code = load_object(object, reply, -1, ret_skeleton);
	if (code < 0)
		return aovpn_error_set(error, code,
				       "cannot load the BPF object: %s: %s",
				       strerror(-code), complaint());
	return 0;
}

/* --- attach --------------------------------------------------------------- */

/* The file of the C library in which this process finds getaddrinfo: charon,
 * on the same system, uses the same one. */
static const char *library_path(void)
{
	Dl_info info;

	return dladdr((const void *)getaddrinfo, &info) ? info.dli_fname : NULL;
}

static struct bpf_link *attach_to_library(struct bpf_program *program,
					  const struct hook_info *info, int pid)
{
	LIBBPF_OPTS(bpf_uprobe_opts, options, .func_name = "getaddrinfo",
		    .retprobe = info->on_return);
	const char *library = library_path();

	if (library)
		return bpf_program__attach_uprobe_opts(program, pid, library, 0,
						       &options);
	errno = ENOENT;
	return NULL;
}

static struct bpf_link *attach(struct bpf_program *program,
			       const struct hook_info *info,
			       const struct hooks_target *target)
{
	switch (info->how) {
	case BY_TRACEPOINT:
		break;
	case BY_CGROUP:
		return bpf_program__attach_cgroup(program, target->cgroup);
	case BY_LIBRARY:
		return attach_to_library(program, info, target->pid);
	}
	return bpf_program__attach(program);
}

static void attach_all(const struct object *object, struct bpf_object *bpf,
		       const struct hooks_target *target, struct hooks *hooks,
		       struct loader_reply *reply)
{
	struct bpf_program *program;
	struct loader_hook *hook;
	struct bpf_link *link;

	for (int i = object->first; i < object->end; i++) {
		hook = &reply->hooks[i];
		if (hook->state != LOADER_HOOK_LOADED)
			continue;
		complaint_clear();
		program =
			bpf_object__find_program_by_name(bpf, infos[i].program);
		link = attach(program, &infos[i], target);
		if (!link) {
			refuse(hook, -errno);
			continue;
		}
		hook->state = LOADER_HOOK_ATTACHED;
		hooks->links[i] = bpf_link__fd(link);
		/* The descriptor is all that is wanted of it; it is closed when
		 * this process ends. */
	}
}

/* --- the two sets --------------------------------------------------------- */

static void begin(struct hooks *hooks)
{
	memset(hooks, 0, sizeof(*hooks));
	for (int i = 0; i < LOADER_MAP_COUNT; i++)
		hooks->maps[i] = -1;
	for (int i = 0; i < AOVPN_HOOK_COUNT; i++)
		hooks->links[i] = -1;
}

/* Take the reasons' names; set absent what tracepoints are not there. */
static int read_kernel_types(const struct object *object,
			     struct loader_reply *reply,
			     struct aovpn_error *error)
{
	const char *tracepoint;
	struct btf *kernel;

	kernel = btf__load_vmlinux_btf();
	if (!kernel)
		return aovpn_error_set(error, -ENOENT,
				       "the kernel has no type information "
				       "(BTF) that can be read");
	for (int i = object->first; i < object->end; i++) {
		tracepoint = infos[i].tracepoint;
		if (btf__find_by_name_kind(kernel, tracepoint,
					   BTF_KIND_TYPEDEF) < 0)
			set_absent(&reply->hooks[i],
				   "this kernel has no such tracepoint");
		else
			reply->hooks[i].state = LOADER_HOOK_LOADED;
	}
	drop_reasons_read(kernel, reply);
	btf__free(kernel);
	return 0;
}

int hooks_open_always(struct hooks *hooks, struct loader_reply *reply,
		      struct aovpn_error *error)
{
	const struct object object = {open_always,
				      load_always,
				      destroy_always,
				      0,
				      AOVPN_HOOK_FIRST_OF_DIAL,
				      NULL};
	struct always_bpf *skeleton;
	int code;

	begin(hooks);
	complaint_listen();
	code = read_kernel_types(&object, reply, error);
	if (code == 0)
		code = load_what_can_be(&object, reply, &hooks->always, error);
	if (code < 0)
		return code;
	skeleton = hooks->always;
	hooks->maps[LOADER_MAP_EVENTS] = bpf_map__fd(skeleton->maps.events);
	hooks->maps[LOADER_MAP_SHARED] = bpf_map__fd(skeleton->maps.shared);
	hooks->maps[LOADER_MAP_FLOWS] = bpf_map__fd(skeleton->maps.flows);
	attach_all(&object, skeleton->obj, NULL, hooks, reply);
	if (!any_in_state(&object, reply, LOADER_HOOK_ATTACHED))
		return none_left(&object, reply, -EOPNOTSUPP, error);
	return 0;
}

/* What cannot be attached for want of a place is not loaded either. */
static void choose(const struct object *object,
		   const struct hooks_target *target,
		   struct loader_reply *reply)
{
	for (int i = object->first; i < object->end; i++) {
		if (infos[i].how == BY_CGROUP && target->cgroup < 0)
			set_absent(&reply->hooks[i], target->cgroup_reason);
		else if (infos[i].how == BY_LIBRARY && target->attach &&
			 target->pid == 0)
			set_absent(&reply->hooks[i], target->pid_reason);
		else
			reply->hooks[i].state = LOADER_HOOK_LOADED;
	}
}

int hooks_open_dial(struct hooks *hooks, const struct hooks_target *target,
		    struct loader_reply *reply, struct aovpn_error *error)
{
	const struct object object = {
		open_dial,        load_dial,
		destroy_dial,     AOVPN_HOOK_FIRST_OF_DIAL,
		AOVPN_HOOK_COUNT, target->maps};
	struct dial_bpf *skeleton;
	int code;

	begin(hooks);
	complaint_listen();
	choose(&object, target, reply);
	code = load_what_can_be(&object, reply, &hooks->dial, error);
	if (code < 0 || !target->attach)
		return code;
	skeleton = hooks->dial;
	attach_all(&object, skeleton->obj, target, hooks, reply);
	if (!any_in_state(&object, reply, LOADER_HOOK_ATTACHED))
		return none_left(&object, reply, -EOPNOTSUPP, error);
	return 0;
}

void hooks_close(struct hooks *hooks)
{
	if (hooks->always)
		destroy_always(hooks->always);
	if (hooks->dial)
		destroy_dial(hooks->dial);
}
