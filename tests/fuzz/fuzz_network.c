/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_network.c - a request to aovpn-network: what passes the check makes a
 * plan that fits, each step of which comes back from its text. And the text of
 * a step: what is read can be written and read again.
 */
#include "network_plan.h"

#include "fuzz.h"

static void comes_back(const struct network_step *step)
{
	char line[NETWORK_STEP_LINE_MAX], again[NETWORK_STEP_LINE_MAX];
	struct network_step read;

	network_step_write(step, line);
	PROMISE(fuzz_is_clean(line, sizeof(line)));
	PROMISE(network_step_read(line, &read, NULL) == 0);
	network_step_write(&read, again);
	PROMISE(strcmp(line, again) == 0);
}

static void try_text(const uint8_t *data, size_t size)
{
	char *text = fuzz_string(data, size);
	struct aovpn_error error = {""};
	struct network_step step;

	if (network_step_read(text, &step, &error) == 0)
		comes_back(&step);
	else
		PROMISE(fuzz_is_clean(error.text, sizeof(error.text)));
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct network_request request;
	static struct network_plan plan;
	uint32_t i;

	try_text(data, size);
	memset(&request, 0, sizeof(request));
	memcpy(&request, data, size < sizeof(request) ? size : sizeof(request));
	if (network_request_check(&request, NULL) < 0 ||
	    request.operation != NETWORK_APPLY)
		return 0;
	network_plan_make(&request, &plan);
	PROMISE(plan.count < NETWORK_STEPS_MAX);
	for (i = 0; i < plan.count; i++)
		comes_back(&plan.steps[i]);
	return 0;
}
