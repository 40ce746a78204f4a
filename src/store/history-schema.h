/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* “Whis”: says to file(1) and to us what the database is. */
#define WHIS_HISTORY_APPLICATION_ID 0x57686973

extern const char *const whis_history_schema_steps[];
extern const char whis_history_schema_new_index[];

int whis_history_schema_get_version (void);

G_END_DECLS
