/* SPDX-License-Identifier: MIT */
#pragma once

#include "shortcuts.h"

G_BEGIN_DECLS

/* For the file that describes them. */
struct _WhisShortcuts
{
  GObject parent_instance;

  WhisSettings *settings;
  GDBusConnection *connection;
  GPtrArray *backends; /* of WhisShortcutBackend, in the order of preference */
  WhisShortcutBackend
      *backend; /* what the session has; NULL while that is not known, or for none */
  guint probed; /* index of the backend that is asked whether it is offered */
  gboolean is_started;
  gboolean has_shell;
  gboolean is_recording;
  char *problem; /* of the last attempt to bind all */
  WhisShortcutPress *press;
  GStrv environment;
  GCancellable *cancellable; /* of a probe or a bind that is on its way */
  GQueue binders;            /* of GTask, who wait for what is bound */
  GTask *check;              /* who waits for a key */
  guint check_timeout;
  gint check_action; /* whose release belongs to the check, -1 for none */
  gint64 tapped[WHIS_SHORTCUT_N_ACTIONS];
  guint watch;
  guint rebind_source;
  guint lock_subscription;
};

G_END_DECLS
