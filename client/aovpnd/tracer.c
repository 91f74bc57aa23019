/*
 * tracer.c - see tracer.h: load, attach and read the BPF object.
 *
 * A kernel may refuse one program and take the others. libbpf loads an object
 * whole or not at all, so where the whole is refused each program is tried
 * alone, and then those are loaded together that passed. (Asking libbpf which
 * helpers a program type has is no substitute: on Linux 6.12 libbpf 1.1
 * answers wrongly.)
 */
#include "tracer.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "aovpn.skel.h"
#include "bpf/event.h"
#include "tracer_event.h"

/* More than the ring buffer holds: one drain reads all that waited when it
 * began, and comes to an end however fast new events come in. */
#define DRAIN_MAX 4096

struct tracer {
	struct aovpn_bpf *bpf;
	struct ring_buffer *ring;
	struct bpf_link *links[AOVPN_HOOK_COUNT];
	struct tracer_hook hooks[AOVPN_HOOK_COUNT];
	struct drop_reasons *reasons;
	observation_sink_t sink;
	void *userdata;
	uint32_t netns_inum;
	uint64_t netns_cookie;
	int drained; /* events read in the running tracer_drain */
};

static const struct hook_info {
	const char *name;
	const char *program;
	const char *tracepoint; /* its type in the kernel's BTF, or NULL */
} hook_infos[AOVPN_HOOK_COUNT] = {
	[AOVPN_HOOK_EGRESS] = {"cgroup_skb/egress", "egress", NULL},
	[AOVPN_HOOK_INGRESS] = {"cgroup_skb/ingress", "ingress", NULL},
	[AOVPN_HOOK_SENDMSG4] = {"cgroup/sendmsg4", "sendmsg4", NULL},
	[AOVPN_HOOK_SENDMSG6] = {"cgroup/sendmsg6", "sendmsg6", NULL},
	[AOVPN_HOOK_KFREE_SKB] = {"tp_btf/kfree_skb", "kfree_skb",
				  "btf_trace_kfree_skb"},
};

/* --- what libbpf says ----------------------------------------------------- */

/* libbpf's print function has no user data; opening is not reentrant. */
static char complaint[96];

/* The verifier's last words stand before its statistics. */
static void keep_verdict(char *log)
{
	char *end, *line;

	end = strstr(log, "\nprocessed ");
	if (!end)
		return;
	*end = '\0';
	line = strrchr(log, '\n');
	snprintf(complaint, sizeof(complaint), "%s", line ? line + 1 : log);
}

/* Keep libbpf's first warning, or better the verifier's verdict. */
static int keep_complaint(enum libbpf_print_level level, const char *format,
			  va_list args)
{
	char *text;

	if (level != LIBBPF_WARN || vasprintf(&text, format, args) < 0)
		return 0;
	if (strstr(text, "BEGIN PROG LOAD LOG"))
		keep_verdict(text);
	else if (complaint[0] == '\0')
		snprintf(complaint, sizeof(complaint), "%.*s",
			 (int)strcspn(text, "\n"), text);
	free(text);
	return 0;
}

static void refuse(struct tracer_hook *hook, int code)
{
	hook->state = TRACER_HOOK_REFUSED;
	snprintf(hook->reason, sizeof(hook->reason), "%.30s%s%s",
		 strerror(-code), complaint[0] ? ": " : "", complaint);
}

static void set_absent(struct tracer_hook *hook, const char *reason)
{
	hook->state = TRACER_HOOK_ABSENT;
	snprintf(hook->reason, sizeof(hook->reason), "%s", reason);
}

/* --- the caller's network namespace --------------------------------------- */

static int find_netns(struct tracer *tracer, struct aovpn_error *error)
{
	socklen_t length = sizeof(tracer->netns_cookie);
	struct stat st;
	int fd, code;

	if (stat("/proc/thread-self/ns/net", &st) < 0)
		return aovpn_error_set(error, -errno,
				       "no network namespace to trace: "
				       "/proc/thread-self/ns/net: %m");
	tracer->netns_inum = st.st_ino;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return aovpn_error_set(error, -errno, "socket: %m");
	code = getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE,
			  &tracer->netns_cookie, &length);
	if (code < 0)
		code = aovpn_error_set(error, -errno,
				       "the network namespace's cookie "
				       "(SO_NETNS_COOKIE): %m");
	close(fd);
	return code;
}

/* --- the cgroup ----------------------------------------------------------- */

/* The first cgroup2 mount into path. */
static int find_cgroup2(char *path, size_t size)
{
	struct mntent *mount, buffer;
	char strings[4096];
	int code = -ENOENT;
	FILE *mounts;

	mounts = setmntent("/proc/self/mounts", "re");
	if (!mounts)
		return -errno;
	while ((mount = getmntent_r(mounts, &buffer, strings,
				    sizeof(strings)))) {
		if (strcmp(mount->mnt_type, "cgroup2") != 0)
			continue;
		snprintf(path, size, "%s", mount->mnt_dir);
		code = 0;
		break;
	}
	endmntent(mounts);
	return code;
}

/* A descriptor, or -errno with every cgroup hook set absent. */
static int open_cgroup(struct tracer *tracer, const char *cgroup)
{
	char root[PATH_MAX], reason[128] = "no cgroup2 mount";
	int fd = -ENOENT;

	if (!cgroup && find_cgroup2(root, sizeof(root)) == 0)
		cgroup = root;
	if (cgroup) {
		fd = open(cgroup, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd >= 0)
			return fd;
		fd = -errno;
		snprintf(reason, sizeof(reason), "%.90s: %s", cgroup,
			 strerror(-fd));
	}
	for (int i = 0; i < AOVPN_HOOK_COUNT; i++)
		if (!hook_infos[i].tracepoint)
			set_absent(&tracer->hooks[i], reason);
	return fd;
}

/* --- the kernel's types --------------------------------------------------- */

/* Take the reasons' names; set absent what tracepoints are not there. */
static int read_kernel_types(struct tracer *tracer, struct aovpn_error *error)
{
	struct btf *kernel;
	int code;

	kernel = btf__load_vmlinux_btf();
	if (!kernel)
		return aovpn_error_set(error, -ENOENT,
				       "the kernel has no type information "
				       "(BTF) that can be read");
	for (int i = 0; i < AOVPN_HOOK_COUNT; i++) {
		const char *tracepoint = hook_infos[i].tracepoint;

		if (tracepoint && btf__find_by_name_kind(kernel, tracepoint,
							 BTF_KIND_TYPEDEF) < 0)
			set_absent(&tracer->hooks[i],
				   "this kernel has no such tracepoint");
	}
	code = drop_reasons_new(kernel, &tracer->reasons);
	btf__free(kernel);
	if (code < 0)
		aovpn_error_set(error, code, "%s", strerror(-code));
	return code;
}

/* --- load ----------------------------------------------------------------- */

/*
 * Open and load the object with the programs whose hooks are ATTACHED (which
 * until then means: wanted), or with only that one where only >= 0.
 */
static int load_object(const struct tracer *tracer, int only,
		       struct aovpn_bpf **ret)
{
	struct bpf_program *program;
	struct aovpn_bpf *bpf;
	bool wanted;
	int code;

	complaint[0] = '\0';
	bpf = aovpn_bpf__open();
	if (!bpf)
		return errno ? -errno : -ENOMEM;
	for (int i = 0; i < AOVPN_HOOK_COUNT; i++) {
		wanted = only < 0 ? tracer->hooks[i].state ==
					    TRACER_HOOK_ATTACHED
				  : i == only;
		program = bpf_object__find_program_by_name(
			bpf->obj, hook_infos[i].program);
		bpf_program__set_autoload(program, wanted);
	}
	bpf->rodata->own_netns_inum = tracer->netns_inum;
	bpf->rodata->own_netns_cookie = tracer->netns_cookie;
	code = aovpn_bpf__load(bpf);
	if (code < 0) {
		aovpn_bpf__destroy(bpf);
		return code;
	}
	*ret = bpf;
	return 0;
}

/* Try each program alone; refuse those that the kernel does not load. */
static void try_each(struct tracer *tracer)
{
	struct aovpn_bpf *bpf;
	int code;

	for (int i = 0; i < AOVPN_HOOK_COUNT; i++) {
		if (tracer->hooks[i].state != TRACER_HOOK_ATTACHED)
			continue;
		code = load_object(tracer, i, &bpf);
		if (code < 0)
			refuse(&tracer->hooks[i], code);
		else
			aovpn_bpf__destroy(bpf);
	}
}

/* --- attach --------------------------------------------------------------- */

static void attach(struct tracer *tracer, int index, int cgroup_fd)
{
	struct tracer_hook *hook = &tracer->hooks[index];
	struct bpf_program *program;
	struct bpf_link *link;

	if (hook->state != TRACER_HOOK_ATTACHED)
		return;
	complaint[0] = '\0';
	program = bpf_object__find_program_by_name(tracer->bpf->obj,
						   hook_infos[index].program);
	if (hook_infos[index].tracepoint)
		link = bpf_program__attach(program);
	else
		link = bpf_program__attach_cgroup(program, cgroup_fd);
	if (link)
		tracer->links[index] = link;
	else
		refuse(hook, -errno);
}

/* 0, or the error of a tracer that sees nothing, with the first reason. */
static int check_any(const struct tracer *tracer, int code,
		     struct aovpn_error *error)
{
	const struct tracer_hook *first = NULL;

	for (int i = 0; i < AOVPN_HOOK_COUNT; i++) {
		const struct tracer_hook *hook = &tracer->hooks[i];

		if (hook->state == TRACER_HOOK_ATTACHED)
			return 0;
		if (!first || (first->state == TRACER_HOOK_ABSENT &&
			       hook->state == TRACER_HOOK_REFUSED))
			first = hook;
	}
	if (code != -EPERM)
		code = -EOPNOTSUPP;
	return aovpn_error_set(error, code, "no BPF program can be %s; %s: %s",
			       tracer->bpf ? "attached" : "loaded", first->name,
			       first->reason);
}

static int load_and_attach(struct tracer *tracer, int cgroup_fd,
			   struct aovpn_error *error)
{
	int code, first;

	first = code = load_object(tracer, -1, &tracer->bpf);
	if (code < 0) {
		try_each(tracer);
		code = check_any(tracer, first, error);
		if (code < 0)
			return code;
		code = load_object(tracer, -1, &tracer->bpf);
	}
	if (code < 0)
		return aovpn_error_set(error, code,
				       "cannot load the BPF object: %s: %s",
				       strerror(-code), complaint);
	for (int i = 0; i < AOVPN_HOOK_COUNT; i++)
		attach(tracer, i, cgroup_fd);
	return check_any(tracer, -EOPNOTSUPP, error);
}

/* --- read ----------------------------------------------------------------- */

static int on_event(void *context, void *data, size_t size)
{
	struct aovpn_observation observation;
	struct tracer *tracer = context;

	if (size >= sizeof(struct aovpn_event) &&
	    tracer_event_observe(data, tracer->reasons, &observation) == 0)
		tracer->sink(&observation, tracer->userdata);
	/* A negative result ends ring_buffer__consume. */
	return ++tracer->drained < DRAIN_MAX ? 0 : -ECANCELED;
}

int tracer_drain(struct tracer *tracer)
{
	int code;

	tracer->drained = 0;
	code = ring_buffer__consume(tracer->ring);
	if (code < 0 && code != -ECANCELED)
		return code;
	return tracer->drained;
}

int tracer_fd(const struct tracer *tracer)
{
	return ring_buffer__epoll_fd(tracer->ring);
}

uint64_t tracer_lost(const struct tracer *tracer)
{
	uint64_t sum = 0;

	for (int i = 0; i < AOVPN_HOOK_COUNT; i++)
		sum += __atomic_load_n(&tracer->bpf->bss->lost[i],
				       __ATOMIC_RELAXED);
	return sum;
}

const struct tracer_hook *tracer_hooks(const struct tracer *tracer,
				       size_t *ret_count)
{
	*ret_count = AOVPN_HOOK_COUNT;
	return tracer->hooks;
}

/* --- open and close ------------------------------------------------------- */

struct tracer *tracer_close(struct tracer *tracer)
{
	if (!tracer)
		return NULL;
	for (int i = 0; i < AOVPN_HOOK_COUNT; i++)
		bpf_link__destroy(tracer->links[i]);
	ring_buffer__free(tracer->ring);
	aovpn_bpf__destroy(tracer->bpf);
	drop_reasons_free(tracer->reasons);
	free(tracer);
	return NULL;
}

static int set_up(struct tracer *tracer, const char *cgroup,
		  struct aovpn_error *error)
{
	int code, cgroup_fd;

	code = find_netns(tracer, error);
	if (code < 0)
		return code;
	code = read_kernel_types(tracer, error);
	if (code < 0)
		return code;
	cgroup_fd = open_cgroup(tracer, cgroup);
	code = load_and_attach(tracer, cgroup_fd, error);
	if (cgroup_fd >= 0)
		close(cgroup_fd);
	if (code < 0)
		return code;
	tracer->ring = ring_buffer__new(bpf_map__fd(tracer->bpf->maps.events),
					on_event, tracer, NULL);
	if (!tracer->ring)
		return aovpn_error_set(error, -errno, "ring buffer: %m");
	return 0;
}

int tracer_open(const char *cgroup, observation_sink_t sink, void *userdata,
		struct tracer **ret, struct aovpn_error *error)
{
	struct tracer *tracer;
	int code;

	libbpf_set_print(keep_complaint);
	tracer = calloc(1, sizeof(*tracer));
	if (!tracer)
		return aovpn_error_set(error, -ENOMEM, "out of memory");
	tracer->sink = sink;
	tracer->userdata = userdata;
	for (int i = 0; i < AOVPN_HOOK_COUNT; i++)
		tracer->hooks[i].name = hook_infos[i].name;
	code = set_up(tracer, cgroup, error);
	if (code < 0) {
		tracer_close(tracer);
		return code;
	}
	*ret = tracer;
	return 0;
}
