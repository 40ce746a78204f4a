/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define WHIS_SHORTCUT_ERROR (whis_shortcut_error_quark ())

/**
 * WhisShortcutError:
 * @WHIS_SHORTCUT_ERROR_TRIGGER: a text names no key, or one that may not be taken from programs
 * @WHIS_SHORTCUT_ERROR_NOT_OFFERED: the session does not have this way
 * @WHIS_SHORTCUT_ERROR_REFUSED: the user has said no
 * @WHIS_SHORTCUT_ERROR_FAILED: anything else
 *
 * Errors of shortcuts. A cancelled operation is %G_IO_ERROR_CANCELLED.
 */
typedef enum
{
  WHIS_SHORTCUT_ERROR_TRIGGER,
  WHIS_SHORTCUT_ERROR_NOT_OFFERED,
  WHIS_SHORTCUT_ERROR_REFUSED,
  WHIS_SHORTCUT_ERROR_FAILED,
} WhisShortcutError;

GQuark whis_shortcut_error_quark (void);

G_END_DECLS
