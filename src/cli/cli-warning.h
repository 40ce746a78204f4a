/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _WhisCliWarning WhisCliWarning;

/**
 * WhisCliWarningFunc:
 * @data: the data given to whis_cli_warning_new()
 * @message: what to show
 */
typedef void (*WhisCliWarningFunc) (gpointer data, const char *message);

WhisCliWarning *whis_cli_warning_new (WhisCliWarningFunc show, gpointer data);
void whis_cli_warning_free (WhisCliWarning *self);

void whis_cli_warning_take (WhisCliWarning *self, const char *message);
void whis_cli_warning_end (WhisCliWarning *self, const char *message);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisCliWarning, whis_cli_warning_free)

G_END_DECLS
