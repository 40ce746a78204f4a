/* SPDX-License-Identifier: MIT */
#include "caller-watch.h"

#define WATCH "whis-caller-watch"

static void
caller_watch_unwatch (gpointer id)
{
  g_bus_unwatch_name (GPOINTER_TO_UINT (id));
}

/* What was spoken is finished, its text is in the history. What is read from a file or gone on with
 * is for the caller alone, and costs money. */
static void
vanished_cb (GDBusConnection *connection, const char *name, gpointer user_data)
{
  if (whis_dictation_uses_microphone (user_data))
    whis_dictation_stop (user_data);
  else
    whis_dictation_cancel (user_data);
}

static void
state_changed_cb (WhisDictation *dictation)
{
  WhisDictationState state = whis_dictation_get_state (dictation);

  if (whis_dictation_uses_microphone (dictation) ? !whis_dictation_state_takes_sound (state)
                                                 : whis_dictation_state_is_final (state))
    g_object_set_data (G_OBJECT (dictation), WATCH, NULL);
}

/**
 * whis_caller_watch_attach:
 * @dictation: a dictation that has just begun
 * @invocation: the call that began it
 *
 * If the call had the option `attached`, ends the dictation when the caller leaves the bus: stops
 * it if it records, else cancels it. Once what was recorded is recognised, the caller does not
 * matter.
 */
void
whis_caller_watch_attach (WhisDictation *dictation, GDBusMethodInvocation *invocation)
{
  guint watch;

  g_return_if_fail (WHIS_IS_DICTATION (dictation));
  g_return_if_fail (G_IS_DBUS_METHOD_INVOCATION (invocation));

  if (!whis_dictation_is_attached (dictation)
      || whis_dictation_state_is_final (whis_dictation_get_state (dictation)))
    return;

  watch = g_bus_watch_name_on_connection (g_dbus_method_invocation_get_connection (invocation),
                                          g_dbus_method_invocation_get_sender (invocation),
                                          G_BUS_NAME_WATCHER_FLAGS_NONE, NULL, vanished_cb,
                                          dictation, NULL);
  g_object_set_data_full (G_OBJECT (dictation), WATCH, GUINT_TO_POINTER (watch),
                          caller_watch_unwatch);
  g_signal_connect (dictation, "notify::state", G_CALLBACK (state_changed_cb), NULL);
}
