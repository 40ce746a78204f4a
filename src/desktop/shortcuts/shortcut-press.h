/* SPDX-License-Identifier: MIT */
#pragma once

#include "shortcut-action.h"

G_BEGIN_DECLS

/* A press that is not longer than this toggles; a longer one talks until its release. */
#define WHIS_SHORTCUT_TAP_MS 500

/* A key that was repeated so long ago is not held any more. The longest delay of desktops is 2 s.
 */
#define WHIS_SHORTCUT_REPEAT_MS 2500

/* Nobody holds a key so long; its release was lost. */
#define WHIS_SHORTCUT_LONGEST_MS (10 * 60 * 1000)

/**
 * WhisShortcutClock:
 * @get_time: the time in microseconds, never less than before
 * @add_timeout: calls a function once after so many milliseconds; returns its id
 * @remove_timeout: takes that back
 *
 * What a [class@ShortcutPress] knows of time, for tests.
 */
typedef struct
{
  gint64 (*get_time) (void);
  guint (*add_timeout) (guint ms, GSourceFunc func, gpointer data);
  void (*remove_timeout) (guint id);
} WhisShortcutClock;

#define WHIS_TYPE_SHORTCUT_PRESS (whis_shortcut_press_get_type ())
G_DECLARE_FINAL_TYPE (WhisShortcutPress, whis_shortcut_press, WHIS, SHORTCUT_PRESS, GObject)

WhisShortcutPress *whis_shortcut_press_new (const WhisShortcutClock *clock);

void whis_shortcut_press_set_recording (WhisShortcutPress *self, gboolean recording);
void whis_shortcut_press_press (WhisShortcutPress *self, WhisShortcutAction action);
void whis_shortcut_press_release (WhisShortcutPress *self, WhisShortcutAction action);
void whis_shortcut_press_release_all (WhisShortcutPress *self);

G_END_DECLS
