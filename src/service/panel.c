/* SPDX-License-Identifier: MIT */
#include "panel.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "background.h"
#include "failure.h"
#include "sandbox.h"
#include "tray.h"

/* So many characters of what was understood stand in the tooltip, the last ones. */
#define MOST_TEXT 120

/**
 * WhisPanel:
 *
 * Whis in the desktop's panel: icon, tooltip and menu follow the current dictation. In a sandbox so
 * does what the desktop's list of programs in the background says.
 */

struct _WhisPanel
{
  GObject parent_instance;

  WhisDictations *dictations;
  GMenu *menu;
  GMenu *dictation_section;
  WhisTray *tray;
  GDBusConnection *background; /* in a sandbox, else NULL */
  const char *status;          /* what was said there last */
  char *text;                  /* the end of what was understood last, */
  char *text_id;               /* and of which dictation */
};

enum
{
  PROP_SHOWN = 1,
  PROP_SETTLED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (WhisPanel, whis_panel, G_TYPE_OBJECT)

/* How each state looks, and what a list of programs says of it. */
static const struct
{
  const char *icon;
  const char *tooltip;
  const char *status;
} looks[] = {
  [WHIS_DICTATION_STATE_IDLE] = { WHIS_APP_ID "-idle-symbolic", N_ ("Click to dictate"),
                                  N_ ("Ready") },
  /* Whoever waits for the red icon loses no word. */
  [WHIS_DICTATION_STATE_STARTING] = { WHIS_APP_ID "-idle-symbolic", N_ ("Opening the microphone…"),
                                      N_ ("Ready") },
  [WHIS_DICTATION_STATE_RECORDING] = { WHIS_APP_ID "-recording-symbolic",
                                       N_ ("Recording; click to stop"), N_ ("Recording") },
  [WHIS_DICTATION_STATE_TRANSCRIBING] = { WHIS_APP_ID "-transcribing-symbolic",
                                          N_ ("Transcribing…; click for the next dictation"),
                                          N_ ("Transcribing") },
  [WHIS_DICTATION_STATE_DELIVERING] = { WHIS_APP_ID "-transcribing-symbolic",
                                        N_ ("Delivering the text…"), N_ ("Transcribing") },
  [WHIS_DICTATION_STATE_DONE] = { WHIS_APP_ID "-idle-symbolic",
                                  N_ ("The text is ready; click to dictate again"), N_ ("Ready") },
  [WHIS_DICTATION_STATE_FAILED] = { WHIS_APP_ID "-failed-symbolic",
                                    N_ ("The last dictation failed"), N_ ("Ready") },
  [WHIS_DICTATION_STATE_CANCELLED] = { WHIS_APP_ID "-idle-symbolic", N_ ("Click to dictate"),
                                       N_ ("Ready") },
  [WHIS_DICTATION_STATE_WAITING] = { WHIS_APP_ID "-failed-symbolic",
                                     N_ ("A dictation waits for its service"), N_ ("Ready") },
  [WHIS_DICTATION_STATE_INTERRUPTED] = { WHIS_APP_ID "-failed-symbolic",
                                         N_ ("A dictation was interrupted"), N_ ("Ready") },
};

static WhisDictationState
get_state (WhisPanel *self)
{
  WhisDictation *current = whis_dictations_get_current (self->dictations);

  return current != NULL ? whis_dictation_get_state (current) : WHIS_DICTATION_STATE_IDLE;
}

/* Returns: (transfer full): what is sent where, and what came of it so far */
static char *
describe_recording (WhisPanel *self, WhisDictation *dictation)
{
  gboolean has_text = g_strcmp0 (self->text_id, whis_dictation_get_id (dictation)) == 0;
  g_autofree char *destination = whis_dictation_get_provider (dictation)->local
                                     ? g_strdup (_ ("The sound stays on this computer."))
                                     : g_strdup_printf (_ ("The sound goes to %s."),
                                                        whis_dictation_get_destination (dictation));

  return g_strjoin ("\n", destination, has_text ? self->text : NULL, NULL);
}

/* What the tooltip says besides the state: where the sound goes, or what went wrong. */
static char *
describe_current (WhisPanel *self, WhisDictationState state)
{
  WhisDictation *current = whis_dictations_get_current (self->dictations);
  g_autofree char *kept = NULL;

  if (current == NULL)
    return NULL;
  if (state == WHIS_DICTATION_STATE_FAILED)
    {
      kept = whis_kept_describe (whis_dictation_get_kept (current));
      return g_strjoin (" ", whis_dictation_get_error (current)->message, kept, NULL);
    }
  if (whis_dictation_state_is_final (state))
    return NULL;

  return describe_recording (self, current);
}

/* Nobody spoke: that is no reason to look broken. */
static gboolean
heard_no_speech (WhisPanel *self)
{
  WhisDictation *current = whis_dictations_get_current (self->dictations);
  const GError *error = current != NULL ? whis_dictation_get_error (current) : NULL;

  return error != NULL && whis_failure_is_no_speech (error);
}

static gboolean
is_continuous (WhisPanel *self)
{
  WhisDictation *current = whis_dictations_get_current (self->dictations);

  return current != NULL && whis_dictation_is_continuous (current);
}

static void
set_toggle_label (WhisPanel *self, gboolean recording)
{
  g_autoptr (GMenuItem) item =
      g_menu_item_new (recording ? _ ("_Stop recording") : _ ("_Start recording"), "app.toggle");

  g_menu_remove (self->dictation_section, 0);
  g_menu_insert_item (self->dictation_section, 0, item);
}

static void
say_status (WhisPanel *self, const char *status)
{
  if (self->background == NULL || self->status == status)
    return;

  self->status = status;
  whis_background_set_status (self->background, status);
}

static void
panel_update (WhisPanel *self)
{
  WhisDictationState state = get_state (self);
  g_autofree char *details = describe_current (self, state);
  const char *icon = looks[state].icon;
  const char *tooltip = looks[state].tooltip;

  if (state == WHIS_DICTATION_STATE_RECORDING && is_continuous (self))
    tooltip = N_ ("The microphone stays open; click to stop");
  if (state == WHIS_DICTATION_STATE_FAILED && heard_no_speech (self))
    {
      icon = looks[WHIS_DICTATION_STATE_IDLE].icon;
      tooltip = N_ ("No speech heard; click to dictate again");
    }
  whis_tray_set_icon_name (self->tray, icon);
  whis_tray_set_tooltip (self->tray, _ (tooltip), details);
  set_toggle_label (self, whis_dictation_state_takes_sound (state));
  say_status (self, _ (looks[state].status));
}

/* Begins at a word, behind a mark where there was more. */
static char *
dup_end (const char *text)
{
  glong length = g_utf8_strlen (text, -1);
  const char *start, *blank;

  if (length <= MOST_TEXT)
    return g_strdup (text);
  start = g_utf8_offset_to_pointer (text, length - MOST_TEXT);
  blank = strchr (start, ' ');

  return g_strconcat ("…", blank != NULL ? blank + 1 : start, NULL);
}

static void
partial_text_cb (WhisPanel *self, const char *text, WhisDictation *dictation)
{
  if (dictation != whis_dictations_get_current (self->dictations))
    return;

  g_free (self->text);
  self->text = dup_end (text);
  g_free (self->text_id);
  self->text_id = g_strdup (whis_dictation_get_id (dictation));
  panel_update (self);
}

static void
added_cb (WhisPanel *self, WhisDictation *dictation)
{
  g_signal_connect_object (dictation, "notify::state", G_CALLBACK (panel_update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (dictation, "partial-text", G_CALLBACK (partial_text_cb), self,
                           G_CONNECT_SWAPPED);
}

/* Not in the menu at all while the action is disabled. */
static void
append_when_useful (GMenu *section, const char *label, const char *action)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, action);

  g_menu_item_set_attribute (item, "hidden-when", "s", "action-disabled");
  g_menu_append_item (section, item);
}

static void
fill_menu (WhisPanel *self)
{
  g_autoptr (GMenu) earlier_section = g_menu_new ();
  g_autoptr (GMenu) window_section = g_menu_new ();
  g_autoptr (GMenu) quit_section = g_menu_new ();

  g_menu_append (self->dictation_section, _ ("_Start recording"), "app.toggle");
  append_when_useful (self->dictation_section, _ ("Start con_tinuous dictation"), "app.continuous");
  g_menu_append (self->dictation_section, _ ("_Cancel"), "app.cancel");
  g_menu_append (self->dictation_section, _ ("_Paste last text"), "app.insert-last");
  g_menu_append (self->dictation_section, _ ("Copy _last text"), "app.copy-last");
  append_when_useful (earlier_section, _ ("_Undo cancel"), "app.undo-cancel");
  append_when_useful (earlier_section, _ ("_Finish interrupted dictation"), "app.finish");
  g_menu_append (window_section, _ ("_Open Whis"), "app.open");
  g_menu_append (window_section, _ ("S_ettings"), "app.preferences");
  g_menu_append (quit_section, _ ("_Quit"), "app.quit");
  g_menu_append_section (self->menu, NULL, G_MENU_MODEL (self->dictation_section));
  g_menu_append_section (self->menu, NULL, G_MENU_MODEL (earlier_section));
  g_menu_append_section (self->menu, NULL, G_MENU_MODEL (window_section));
  g_menu_append_section (self->menu, NULL, G_MENU_MODEL (quit_section));
}

/**
 * whis_panel_is_shown:
 * @self: the panel's side of Whis
 *
 * Returns: whether a panel shows the icon
 */
gboolean
whis_panel_is_shown (WhisPanel *self)
{
  g_return_val_if_fail (WHIS_IS_PANEL (self), FALSE);

  return whis_tray_get_hosted (self->tray);
}

static gboolean
panel_is_settled (WhisPanel *self)
{
  g_return_val_if_fail (WHIS_IS_PANEL (self), FALSE);

  return whis_tray_get_settled (self->tray);
}

/**
 * whis_panel_take_activation_token:
 * @self: the panel's side of Whis
 *
 * Returns: (transfer full) (nullable): the XDG activation token of the last click
 */
char *
whis_panel_take_activation_token (WhisPanel *self)
{
  g_return_val_if_fail (WHIS_IS_PANEL (self), NULL);

  return whis_tray_take_activation_token (self->tray);
}

static void
notify_shown (WhisPanel *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SHOWN]);
}

static void
notify_settled (WhisPanel *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SETTLED]);
}

static void
whis_panel_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  WhisPanel *self = WHIS_PANEL (object);

  if (prop_id == PROP_SHOWN)
    g_value_set_boolean (value, whis_panel_is_shown (self));
  else if (prop_id == PROP_SETTLED)
    g_value_set_boolean (value, panel_is_settled (self));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
whis_panel_dispose (GObject *object)
{
  WhisPanel *self = WHIS_PANEL (object);

  g_clear_object (&self->tray);
  g_clear_object (&self->background);
  g_clear_object (&self->menu);
  g_clear_object (&self->dictation_section);
  g_clear_object (&self->dictations);
  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->text_id, g_free);

  G_OBJECT_CLASS (whis_panel_parent_class)->dispose (object);
}

static void
whis_panel_class_init (WhisPanelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = whis_panel_get_property;
  object_class->dispose = whis_panel_dispose;

  properties[PROP_SHOWN] = g_param_spec_boolean ("shown", NULL, NULL, FALSE, flags);
  properties[PROP_SETTLED] = g_param_spec_boolean ("settled", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
whis_panel_init (WhisPanel *self)
{
  self->menu = g_menu_new ();
  self->dictation_section = g_menu_new ();
  fill_menu (self);
}

/**
 * whis_panel_new:
 * @connection: the session bus
 * @actions: the actions `toggle`, `continuous`, `cancel`, `copy-last`, `undo-cancel`, `finish`,
 * `open`, `preferences` and `quit`
 * @dictations: what to show
 *
 * Returns: (transfer full): an icon that looks for a panel
 */
WhisPanel *
whis_panel_new (GDBusConnection *connection, GActionGroup *actions, WhisDictations *dictations)
{
  WhisPanel *self = g_object_new (WHIS_TYPE_PANEL, NULL);
  WhisDictation *current = whis_dictations_get_current (dictations);

  self->dictations = g_object_ref (dictations);
  if (whis_sandbox_is_inside ())
    self->background = g_object_ref (connection);
  self->tray = whis_tray_new (connection, G_MENU_MODEL (self->menu), actions, "app.toggle");
  whis_tray_set_title (self->tray, _ ("Whis"));
  g_signal_connect_object (self->tray, "notify::hosted", G_CALLBACK (notify_shown), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->tray, "notify::settled", G_CALLBACK (notify_settled), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (dictations, "added", G_CALLBACK (added_cb), self, G_CONNECT_SWAPPED);
  /* One may have begun before there was an icon. */
  if (current != NULL)
    added_cb (self, current);
  panel_update (self);

  return self;
}
