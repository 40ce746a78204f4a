/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _WhisCliProgress WhisCliProgress;

WhisCliProgress *whis_cli_progress_new (GPtrArray *jobs);
void whis_cli_progress_free (WhisCliProgress *self);
void whis_cli_progress_show (WhisCliProgress *self);
void whis_cli_progress_hide (WhisCliProgress *self);

G_END_DECLS
