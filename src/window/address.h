/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

char *whis_address_find_problem (const char *address);
char *whis_address_find_remark (const char *address, const char *hint);
char *whis_address_dup_plain_host (const char *address);

G_END_DECLS
