/* SPDX-License-Identifier: MIT */
#include "announcer.h"

#include <glib/gi18n-lib.h>

#include "failure.h"
#include "notify.h"

/**
 * WhisAnnouncer:
 *
 * Tells the user by a notification how a dictation ended. Words of the dictation are shown only if
 * the user allows it.
 */

/* As many characters of the text as a notification shows. */
#define SHOWN_CHARACTERS 80

struct _WhisAnnouncer
{
  GObject parent_instance;

  WhisSettings *settings;
  GActionGroup *actions;
  WhisNotify *notify;
};

G_DEFINE_FINAL_TYPE (WhisAnnouncer, whis_announcer, G_TYPE_OBJECT)

static char *
get_first_words (const char *text)
{
  const char *end;

  if (g_utf8_strlen (text, -1) <= SHOWN_CHARACTERS)
    return g_strdup (text);

  end = g_utf8_offset_to_pointer (text, SHOWN_CHARACTERS);
  for (const char *c = end; c > text && end - c < SHOWN_CHARACTERS / 2; c--)
    if (*c == ' ')
      {
        end = c;
        break;
      }

  return g_strdup_printf ("%.*s…", (int) (end - text), text);
}

static void
announce_text (WhisAnnouncer *self, WhisDictation *dictation)
{
  g_autofree char *words = NULL;

  if (!whis_settings_get_notify_finished (self->settings))
    return;

  if (whis_settings_get_notify_shows_text (self->settings))
    words = get_first_words (whis_dictation_get_text (dictation));
  whis_notify_show (self->notify, "dictation", _ ("The text is on the clipboard"),
                    words != NULL ? words : _ ("Paste it where you want it."), WHIS_APP_ID,
                    WHIS_NOTIFY_URGENCY_NORMAL, "default", _ ("Open Whis"), NULL);
}

static void
announce_failure (WhisAnnouncer *self, WhisDictation *dictation)
{
  const GError *error = whis_dictation_get_error (dictation);
  gboolean silent = g_error_matches (error, WHIS_DICTATION_ERROR, WHIS_DICTATION_ERROR_NO_SPEECH);
  const char *kept = whis_dictation_get_kept (dictation);
  g_autofree char *body = g_strjoin (*kept != '\0' ? " " : "", error->message, kept, NULL);

  whis_notify_show (self->notify, "dictation",
                    silent ? _ ("No speech heard") : _ ("The dictation failed"), body, WHIS_APP_ID,
                    silent ? WHIS_NOTIFY_URGENCY_LOW : WHIS_NOTIFY_URGENCY_NORMAL, "default",
                    _ ("Open Whis"), NULL);
}

static void
state_changed_cb (WhisAnnouncer *self, GParamSpec *pspec, WhisDictation *dictation)
{
  WhisDictationState state = whis_dictation_get_state (dictation);

  if (!whis_dictation_delivers (dictation))
    return;
  if (state == WHIS_DICTATION_STATE_DONE)
    announce_text (self, dictation);
  else if (state == WHIS_DICTATION_STATE_FAILED)
    announce_failure (self, dictation);
}

static void
added_cb (WhisAnnouncer *self, WhisDictation *dictation)
{
  whis_notify_withdraw (self->notify, "dictation");
  g_signal_connect_object (dictation, "notify::state", G_CALLBACK (state_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
action_invoked_cb (WhisAnnouncer *self, const char *id, const char *action)
{
  g_action_group_activate_action (self->actions, "open", NULL);
}

/**
 * whis_announcer_show_problem:
 * @self: the announcer
 * @error: what went wrong outside of any dictation
 */
void
whis_announcer_show_problem (WhisAnnouncer *self, const GError *error)
{
  g_return_if_fail (WHIS_IS_ANNOUNCER (self));
  g_return_if_fail (error != NULL);

  whis_notify_show (self->notify, "problem", _ ("Whis"), error->message, WHIS_APP_ID,
                    WHIS_NOTIFY_URGENCY_NORMAL, "default", _ ("Open Whis"), NULL);
}

static void
whis_announcer_dispose (GObject *object)
{
  WhisAnnouncer *self = WHIS_ANNOUNCER (object);

  g_clear_object (&self->settings);
  g_clear_object (&self->actions);
  g_clear_object (&self->notify);

  G_OBJECT_CLASS (whis_announcer_parent_class)->dispose (object);
}

static void
whis_announcer_class_init (WhisAnnouncerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_announcer_dispose;
}

static void
whis_announcer_init (WhisAnnouncer *self)
{
}

/**
 * whis_announcer_new:
 * @connection: the session bus
 * @settings: what the user wants to be told
 * @dictations: what to tell about
 * @actions: the action `open`
 *
 * Returns: (transfer full): an announcer
 */
WhisAnnouncer *
whis_announcer_new (GDBusConnection *connection,
                    WhisSettings *settings,
                    WhisDictations *dictations,
                    GActionGroup *actions)
{
  WhisAnnouncer *self = g_object_new (WHIS_TYPE_ANNOUNCER, NULL);

  self->settings = g_object_ref (settings);
  self->actions = g_object_ref (actions);
  self->notify = whis_notify_new (connection, _ ("Whis"));
  g_signal_connect_object (dictations, "added", G_CALLBACK (added_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->notify, "action-invoked", G_CALLBACK (action_invoked_cb), self,
                           G_CONNECT_SWAPPED);

  return self;
}
