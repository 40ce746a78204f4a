/* SPDX-License-Identifier: MIT */
#include "backend-log.h"

static void
on_pressed (WhisShortcutBackend *backend, WhisShortcutAction action, GString *log)
{
  g_string_append_printf (log, "+%s ", whis_shortcut_action_get_nick (action));
}

static void
on_released (WhisShortcutBackend *backend, WhisShortcutAction action, GString *log)
{
  g_string_append_printf (log, "-%s ", whis_shortcut_action_get_nick (action));
}

static void
on_lost (WhisShortcutBackend *backend, gboolean returns, GString *log)
{
  g_string_append (log, returns ? "lost " : "gone ");
}

static void
on_changed (WhisShortcutBackend *backend, GString *log)
{
  g_autofree char *trigger =
      whis_shortcut_backend_dup_trigger (backend, WHIS_SHORTCUT_ACTION_TOGGLE);

  g_string_append_printf (log, "[%s] ", trigger != NULL ? trigger : "");
}

void
backend_log_connect (GString *log, WhisShortcutBackend *backend)
{
  g_signal_connect (backend, "pressed", G_CALLBACK (on_pressed), log);
  g_signal_connect (backend, "released", G_CALLBACK (on_released), log);
  g_signal_connect (backend, "lost", G_CALLBACK (on_lost), log);
  g_signal_connect (backend, "changed", G_CALLBACK (on_changed), log);
}
