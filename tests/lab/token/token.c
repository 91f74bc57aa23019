/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * token.c - a PKCS#11 module for the lab: SoftHSM, with one fault of real tokens
 * that it does not have itself. It stands in for a smart card or HSM; that a
 * vendor's module behaves so is what PKCS#11 2.40 says, no more.
 *
 * LAB_TOKEN_MODULE is SoftHSM's file, LAB_TOKEN_FAULT the fault:
 *
 *   locked       the token says that its PIN is locked (CKF_USER_PIN_LOCKED)
 *   locks        it says so only when the PIN is tried (CKR_PIN_LOCKED)
 *   signs-wrong  from the LAB_TOKEN_GOOD-th signature on (0) they do not verify
 */
#include <dlfcn.h>
#include <p11-kit/pkcs11.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static CK_FUNCTION_LIST *softhsm;
static CK_FUNCTION_LIST ours;
static long signatures;

static bool has_fault(const char *name)
{
	const char *fault = getenv("LAB_TOKEN_FAULT");

	return fault && strcmp(fault, name) == 0;
}

static CK_RV get_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO *info)
{
	CK_RV rv = softhsm->C_GetTokenInfo(slot, info);

	if (rv == CKR_OK && has_fault("locked"))
		info->flags |= CKF_USER_PIN_LOCKED;
	return rv;
}

static CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE type, CK_BYTE *pin,
		   CK_ULONG length)
{
	if (type == CKU_USER && has_fault("locks"))
		return CKR_PIN_LOCKED;
	return softhsm->C_Login(session, type, pin, length);
}

static CK_RV sign(CK_SESSION_HANDLE session, CK_BYTE *data, CK_ULONG length,
		  CK_BYTE *signature, CK_ULONG *signature_length)
{
	const char *good = getenv("LAB_TOKEN_GOOD");
	CK_RV rv = softhsm->C_Sign(session, data, length, signature,
				   signature_length);

	if (rv == CKR_OK && signature && has_fault("signs-wrong") &&
	    signatures++ >= (good ? atol(good) : 0))
		signature[*signature_length - 1] ^= 1;
	return rv;
}

static CK_RV get_function_list(CK_FUNCTION_LIST **list)
{
	*list = &ours;
	return CKR_OK;
}

__attribute__((visibility("default"))) CK_RV
C_GetFunctionList(CK_FUNCTION_LIST **list)
{
	const char *path = getenv("LAB_TOKEN_MODULE");
	void *module = path ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : NULL;
	CK_C_GetFunctionList get = NULL;

	if (module)
		*(void **)&get = dlsym(module, "C_GetFunctionList");
	if (!get || get(&softhsm) != CKR_OK)
		return CKR_GENERAL_ERROR;
	ours = *softhsm;
	ours.C_GetFunctionList = get_function_list;
	ours.C_GetTokenInfo = get_token_info;
	ours.C_Login = login;
	ours.C_Sign = sign;
	return get_function_list(list);
}
