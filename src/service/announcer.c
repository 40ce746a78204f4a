/* SPDX-License-Identifier: MIT */
#include "announcer.h"

#include <glib/gi18n-lib.h>

#include "delivery.h"
#include "failure.h"
#include "notify.h"

/**
 * WhisAnnouncer:
 *
 * Tells the user by notifications how a dictation ended, what waits to be finished, and what goes
 * wrong meanwhile. Words of the dictation are shown only if the user allows it.
 *
 * The names of the notifications' actions are detailed names of the application's.
 */

/* As many characters of the text as a notification shows. */
#define SHOWN_CHARACTERS 80

struct _WhisAnnouncer
{
  GObject parent_instance;

  WhisSettings *settings;
  GActionGroup *actions;
  WhisNotify *notify;
  char *warning; /* that is shown; nullable */
  gboolean tells_of_recording;
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

/* What is said of a text by where it went, and whether the user has something to do about it. */
static const struct
{
  WhisDeliveryOutcome outcome;
  const char *title;
  const char *body;
  gboolean is_problem;
} outcomes[] = {
  { WHIS_DELIVERY_OUTCOME_LANDED, N_ ("The text was inserted"), "", FALSE },
  { WHIS_DELIVERY_OUTCOME_HANDED_OVER, N_ ("The text was handed over"), "", FALSE },
  { WHIS_DELIVERY_OUTCOME_NOT_SEEN, N_ ("The text was not seen to arrive"),
    N_ ("It is on the clipboard, in case that it did not."), TRUE },
  { WHIS_DELIVERY_OUTCOME_NO_TEXT_FIELD, N_ ("No text field has the focus"),
    N_ ("The text is on the clipboard."), TRUE },
  { WHIS_DELIVERY_OUTCOME_PASSWORD_FIELD, N_ ("Nothing was inserted into the password field"),
    N_ ("The text is in the history."), TRUE },
};

/* A text that was not inserted can be, with one click. */
static void
announce_outcome (WhisAnnouncer *self,
                  WhisDictation *dictation,
                  const char *title,
                  const char *body,
                  gboolean may_show_text,
                  gboolean offer)
{
  g_autofree char *insert = g_strconcat ("insert-entry::", whis_dictation_get_id (dictation), NULL);
  g_autofree char *words = NULL;

  if (may_show_text && whis_settings_get_notify_shows_text (self->settings))
    words = get_first_words (whis_dictation_get_text (dictation));
  whis_notify_show (self->notify, "dictation", title, words != NULL ? words : body, WHIS_APP_ID,
                    offer ? WHIS_NOTIFY_URGENCY_NORMAL : WHIS_NOTIFY_URGENCY_LOW, "default",
                    _ ("Open Whis"), offer ? insert : NULL, _ ("Paste"), NULL);
}

/* What is said of an outcome, from the table. */
static gboolean
find_outcome (WhisDeliveryOutcome outcome, gsize *position)
{
  for (gsize i = 0; i < G_N_ELEMENTS (outcomes); i++)
    if (outcomes[i].outcome == outcome)
      {
        *position = i;
        return TRUE;
      }

  return FALSE;
}

static void
announce_text (WhisAnnouncer *self, WhisDictation *dictation)
{
  const char *reason = whis_dictation_get_delivery_reason (dictation);
  const WhisRecord *record = whis_dictation_get_record (dictation);
  gsize i;

  if (find_outcome (record->outcome, &i))
    {
      /* What stands where the user looks needs no word. */
      if (outcomes[i].is_problem)
        announce_outcome (self, dictation, _ (outcomes[i].title), _ (outcomes[i].body), FALSE,
                          TRUE);
      else if (whis_settings_get_notify_shows_text (self->settings)
               && whis_settings_get_notify_finished (self->settings))
        announce_outcome (self, dictation, _ (outcomes[i].title), "", TRUE, FALSE);
      return;
    }

  if (whis_settings_get_notify_finished (self->settings))
    announce_outcome (self, dictation, _ ("The text is on the clipboard"),
                      reason != NULL ? reason : _ ("Paste it where you want it."), TRUE,
                      reason != NULL);
}

/* Shows a notification with something to do about it. */
static void
announcer_offer (WhisAnnouncer *self,
                 const char *id,
                 const char *title,
                 const char *body,
                 const char *action,
                 const char *dictation,
                 const char *label)
{
  g_autofree char *detailed = g_strconcat (action, "::", dictation, NULL);

  whis_notify_show (self->notify, id, title, body, WHIS_APP_ID, WHIS_NOTIFY_URGENCY_NORMAL,
                    detailed, label, "default", _ ("Open Whis"), NULL);
}

/* The user is somewhere else by now: the clipboard is left alone. */
static void
announce_late_text (WhisAnnouncer *self, const char *dictation)
{
  g_autofree char *id = g_strconcat ("late-", dictation, NULL);

  announcer_offer (self, id, _ ("The text of an earlier dictation is ready"),
                   _ ("The clipboard is as it was; the text is in the history."), "copy-entry",
                   dictation, _ ("Copy"));
}

/* Trying at once would come to the same: a model is to be downloaded, which the window offers. */
static void
announce_waiting_for_model (WhisAnnouncer *self, WhisDictation *dictation)
{
  g_autofree char *kept = whis_kept_describe (whis_dictation_get_kept (dictation));
  g_autofree char *body =
      g_strjoin (" ", whis_dictation_get_error (dictation)->message, kept, NULL);

  whis_notify_show (self->notify, "dictation", _ ("The dictation is kept, and waits for a model"),
                    body, WHIS_APP_ID, WHIS_NOTIFY_URGENCY_NORMAL, "default", _ ("Open Whis"),
                    NULL);
}

/* The user may wait with it, try at once, or let this computer do it. */
static void
announce_waiting (WhisAnnouncer *self, WhisDictation *dictation)
{
  const char *id = whis_dictation_get_id (dictation);
  g_autofree char *body =
      g_strjoin (" ", whis_dictation_get_error (dictation)->message,
                 _ ("The sound is kept, and Whis tries again by itself."), NULL);
  g_autofree char *now = g_strconcat ("resume::", id, NULL);
  g_autofree char *here = g_strconcat ("resume-here::", id, NULL);
  gboolean elsewhere = !whis_dictation_get_provider (dictation)->local;

  if (whis_dictation_offers (dictation))
    return;
  whis_notify_show (self->notify, "dictation", _ ("The dictation is kept, and waits"), body,
                    WHIS_APP_ID, WHIS_NOTIFY_URGENCY_NORMAL, "default", _ ("Open Whis"), now,
                    _ ("Try now"), elsewhere ? here : NULL, _ ("Recognise on this computer"), NULL);
}

static void
announce_cancelled (WhisAnnouncer *self, WhisDictation *dictation)
{
  if (whis_dictation_can_resume (dictation))
    announcer_offer (self, "dictation", _ ("The dictation was cancelled"),
                     _ ("The sound is kept, and for a minute this can be taken back."), "resume",
                     whis_dictation_get_id (dictation), _ ("Undo"));
}

/* What would put a failed dictation right, as an action and its label; NULL if nothing is known. */
static char *
dup_remedy (WhisDictation *dictation, const char **label)
{
  const char *id = whis_dictation_get_id (dictation);
  const GError *error = whis_dictation_get_error (dictation);

  if (whis_failure_is_about_key (error))
    {
      *label = _ ("Open Settings");
      return g_strdup ("preferences");
    }
  if (error->domain == WHIS_DELIVERY_ERROR)
    {
      *label = _ ("Copy");
      return g_strconcat ("copy-entry::", id, NULL);
    }
  if (!whis_dictation_can_resume (dictation))
    return NULL;

  *label = _ ("Try again");

  return g_strconcat ("resume::", id, NULL);
}

static void
announce_failure (WhisAnnouncer *self, WhisDictation *dictation)
{
  const GError *error = whis_dictation_get_error (dictation);
  g_autofree char *kept = whis_kept_describe (whis_dictation_get_kept (dictation));
  const char *label = NULL;
  g_autofree char *remedy = dup_remedy (dictation, &label);
  g_autofree char *body = g_strjoin (*kept != '\0' ? " " : "", error->message, kept, NULL);

  whis_notify_show (self->notify, "dictation", _ ("The dictation failed"), body, WHIS_APP_ID,
                    WHIS_NOTIFY_URGENCY_NORMAL, "default", _ ("Open Whis"), remedy, label, NULL);
}

/* Nobody spoke: there is nothing to put right. */
static void
announce_no_speech (WhisAnnouncer *self, WhisDictation *dictation)
{
  whis_notify_show (self->notify, "dictation", _ ("No speech heard"),
                    whis_dictation_get_error (dictation)->message, WHIS_APP_ID,
                    WHIS_NOTIFY_URGENCY_LOW, "default", _ ("Open Whis"), NULL);
}

static void
state_changed_cb (WhisAnnouncer *self, GParamSpec *pspec, WhisDictation *dictation)
{
  WhisDictationState state = whis_dictation_get_state (dictation);

  if (!whis_dictation_delivers (dictation))
    return;
  if (state == WHIS_DICTATION_STATE_DONE && whis_dictation_offers (dictation))
    announce_late_text (self, whis_dictation_get_id (dictation));
  else if (state == WHIS_DICTATION_STATE_DONE)
    announce_text (self, dictation);
  else if (state == WHIS_DICTATION_STATE_FAILED
           && whis_failure_is_no_speech (whis_dictation_get_error (dictation)))
    announce_no_speech (self, dictation);
  else if (state == WHIS_DICTATION_STATE_FAILED)
    announce_failure (self, dictation);
  else if (state == WHIS_DICTATION_STATE_WAITING
           && whis_failure_waits_for_model (whis_dictation_get_error (dictation)))
    announce_waiting_for_model (self, dictation);
  else if (state == WHIS_DICTATION_STATE_WAITING)
    announce_waiting (self, dictation);
  else if (state == WHIS_DICTATION_STATE_CANCELLED)
    announce_cancelled (self, dictation);
}

/* Another microphone, a full disk, silence: while the user speaks there is time to act. */
static void
warning_cb (WhisAnnouncer *self, const char *sentence, WhisDictation *dictation)
{
  WhisDictationState state = whis_dictation_get_state (dictation);

  if (!whis_dictation_delivers (dictation) || !whis_dictation_state_takes_sound (state))
    return;

  g_free (self->warning);
  self->warning = g_strdup (sentence);
  whis_notify_show (self->notify, "warning",
                    state == WHIS_DICTATION_STATE_STARTING ? _ ("Whis does not record yet")
                                                           : _ ("Whis goes on recording"),
                    sentence, WHIS_APP_ID, WHIS_NOTIFY_URGENCY_NORMAL, "default", _ ("Open Whis"),
                    NULL);
}

static void
withdraw_warning (WhisAnnouncer *self)
{
  whis_notify_withdraw (self->notify, "warning");
  g_clear_pointer (&self->warning, g_free);
}

static void
warning_passed_cb (WhisAnnouncer *self, const char *sentence)
{
  if (g_strcmp0 (self->warning, sentence) == 0)
    withdraw_warning (self);
}

static void
added_cb (WhisAnnouncer *self, WhisDictation *dictation)
{
  if (!whis_dictation_offers (dictation))
    whis_notify_withdraw (self->notify, "dictation");
  withdraw_warning (self);
  g_signal_connect_object (dictation, "warning-passed", G_CALLBACK (warning_passed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (dictation, "warning", G_CALLBACK (warning_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (dictation, "notify::state", G_CALLBACK (state_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

/* Whether it is one of those that were offered, and not another word of whoever shows them. A late
 * click does not start a recording in place of ending one. */
static gboolean
is_offered (WhisAnnouncer *self, const char *name, GVariant *target)
{
  if (target == NULL)
    return g_str_equal (name, "preferences") || g_str_equal (name, "insert-last")
           || (g_str_equal (name, "toggle") && self->tells_of_recording);

  return (g_str_equal (name, "resume") || g_str_equal (name, "insert-entry")
          || g_str_equal (name, "resume-here") || g_str_equal (name, "copy-entry"))
         && g_variant_is_of_type (target, G_VARIANT_TYPE_STRING);
}

static void
action_invoked_cb (WhisAnnouncer *self, const char *id, const char *action)
{
  g_autofree char *name = NULL;
  g_autoptr (GVariant) target = NULL;

  if (g_str_equal (action, "default"))
    g_action_group_activate_action (self->actions, "open", NULL);
  else if (g_action_parse_detailed_name (action, &name, &target, NULL)
           && is_offered (self, name, target))
    g_action_group_activate_action (self->actions, name, target);
}

static void
interrupted_cb (WhisAnnouncer *self, guint n)
{
  g_autofree char *body = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "What was said is kept, and can be finished now.",
                   "%u dictations are kept; this finishes the newest.", n),
      n);

  announcer_offer (self, "interrupted", _ ("A dictation was interrupted"), body, "resume", "",
                   _ ("Finish"));
}

static void
ready_cb (WhisAnnouncer *self, const char *id)
{
  announce_late_text (self, id);
}

/**
 * whis_announcer_show_insertion:
 * @self: the announcer
 * @id: (nullable): the dictation whose text was to be inserted, %NULL for the last text
 * @outcome: what became of it
 *
 * Tells of a text that the user wanted inserted once more, and that does not stand where the user
 * looks.
 */
void
whis_announcer_show_insertion (WhisAnnouncer *self, const char *id, WhisDeliveryOutcome outcome)
{
  g_autofree char *insert = NULL;
  gsize i;

  g_return_if_fail (WHIS_IS_ANNOUNCER (self));

  if (whis_delivery_outcome_is_inserted (outcome))
    return;
  if (!find_outcome (outcome, &i))
    {
      whis_notify_show (self->notify, "dictation", _ ("The text is on the clipboard"),
                        _ ("This desktop lets Whis insert nothing; paste it where you want it."),
                        WHIS_APP_ID, WHIS_NOTIFY_URGENCY_NORMAL, "default", _ ("Open Whis"), NULL);
      return;
    }

  insert = id != NULL ? g_strconcat ("insert-entry::", id, NULL) : g_strdup ("insert-last");
  whis_notify_show (self->notify, "dictation", _ (outcomes[i].title), _ (outcomes[i].body),
                    WHIS_APP_ID, WHIS_NOTIFY_URGENCY_NORMAL, "default", _ ("Open Whis"), insert,
                    _ ("Paste"), NULL);
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

/**
 * whis_announcer_tell_of_recording:
 * @self: the announcer
 * @is_recording: whether a microphone records
 *
 * Tells that the microphone is open, where nothing else above the windows does, until it is closed.
 */
void
whis_announcer_tell_of_recording (WhisAnnouncer *self, gboolean is_recording)
{
  g_return_if_fail (WHIS_IS_ANNOUNCER (self));

  self->tells_of_recording = is_recording;
  if (is_recording)
    whis_notify_show (self->notify, "recording", _ ("The microphone is open"),
                      _ ("Whis records what you say."), WHIS_APP_ID, WHIS_NOTIFY_URGENCY_NORMAL,
                      "default", _ ("Open Whis"), "toggle", _ ("Stop"), NULL);
  else
    whis_notify_withdraw (self->notify, "recording");
}

/**
 * whis_announcer_take_activation_token:
 * @self: the announcer
 *
 * Returns: (transfer full) (nullable): the XDG activation token of the notification that was
 *   clicked, while its action is handled
 */
char *
whis_announcer_take_activation_token (WhisAnnouncer *self)
{
  g_return_val_if_fail (WHIS_IS_ANNOUNCER (self), NULL);

  return whis_notify_take_activation_token (self->notify);
}

static void
whis_announcer_dispose (GObject *object)
{
  WhisAnnouncer *self = WHIS_ANNOUNCER (object);

  g_clear_object (&self->settings);
  g_clear_object (&self->actions);
  g_clear_object (&self->notify);
  g_clear_pointer (&self->warning, g_free);

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
 * @unfinished: the dictations that are to be finished
 * @history: what may be unable to write
 * @actions: the actions `open`, `preferences`, `toggle`, `resume`, `resume-here`, `copy-entry`,
 *   `insert-entry` and `insert-last`
 *
 * Returns: (transfer full): an announcer
 */
WhisAnnouncer *
whis_announcer_new (GDBusConnection *connection,
                    WhisSettings *settings,
                    WhisDictations *dictations,
                    WhisUnfinished *unfinished,
                    WhisHistory *history,
                    GActionGroup *actions)
{
  WhisAnnouncer *self = g_object_new (WHIS_TYPE_ANNOUNCER, NULL);

  self->settings = g_object_ref (settings);
  self->actions = g_object_ref (actions);
  self->notify = whis_notify_new (connection, _ ("Whis"));
  g_signal_connect_object (dictations, "added", G_CALLBACK (added_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (unfinished, "interrupted", G_CALLBACK (interrupted_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (unfinished, "ready", G_CALLBACK (ready_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (history, "problem", G_CALLBACK (whis_announcer_show_problem), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->notify, "action-invoked", G_CALLBACK (action_invoked_cb), self,
                           G_CONNECT_SWAPPED);

  return self;
}
