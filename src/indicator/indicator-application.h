/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * WhisIndicatorExit:
 * @WHIS_INDICATOR_EXIT_DONE: there was nothing more to show
 * @WHIS_INDICATOR_EXIT_FAILED: the display or the session bus cannot be reached, or has gone
 * @WHIS_INDICATOR_EXIT_UNSUPPORTED: the desktop lets no program show an overlay
 *
 * The exit status of the program.
 */
typedef enum
{
  WHIS_INDICATOR_EXIT_DONE = 0,
  WHIS_INDICATOR_EXIT_FAILED = 1,
  WHIS_INDICATOR_EXIT_UNSUPPORTED = 3,
} WhisIndicatorExit;

#define WHIS_TYPE_INDICATOR_APPLICATION (whis_indicator_application_get_type ())

G_DECLARE_FINAL_TYPE (WhisIndicatorApplication,
                      whis_indicator_application,
                      WHIS,
                      INDICATOR_APPLICATION,
                      GObject)

WhisIndicatorApplication *whis_indicator_application_new (const char *dictation);

void whis_indicator_application_end (WhisIndicatorApplication *self);
WhisIndicatorExit whis_indicator_application_run (WhisIndicatorApplication *self);

G_END_DECLS
