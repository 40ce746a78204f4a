/* SPDX-License-Identifier: MIT */
#include "shortcut-dictation.h"

/**
 * WhisShortcutDictation:
 *
 * Starts, stops and cancels dictations as shortcuts are pressed, and tells the shortcuts while one
 * records. What it cannot do itself are its signals.
 */
struct _WhisShortcutDictation
{
  GObject parent_instance;

  WhisShortcuts *shortcuts;
  WhisDictations *dictations;
  WhisSettings *settings;
};

enum
{
  SIGNAL_INSERT_LAST,
  SIGNAL_UNDO_INSERTION,
  SIGNAL_PROBLEM,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisShortcutDictation, whis_shortcut_dictation, G_TYPE_OBJECT)

static void
shortcut_dictation_update (WhisShortcutDictation *self)
{
  whis_shortcuts_set_recording (self->shortcuts,
                                whis_dictations_get_recording (self->dictations) != NULL);
}

static void
shortcut_dictation_start (WhisShortcutDictation *self, WhisShortcutAction action)
{
  g_autoptr (GVariant) options = NULL;
  g_autoptr (GError) error = NULL;

  if (action == WHIS_SHORTCUT_ACTION_ALTERNATIVE)
    options = whis_settings_dup_alternative_options (self->settings);
  else if (action == WHIS_SHORTCUT_ACTION_CONTINUOUS)
    options = g_variant_ref_sink (g_variant_new_parsed ("{'continuous': <true>}"));
  else if (action == WHIS_SHORTCUT_ACTION_HANDS_FREE)
    options = g_variant_ref_sink (g_variant_new_parsed ("{'hands-free': <true>}"));
  else if (action == WHIS_SHORTCUT_ACTION_HOLD) /* until the release, pauses or not */
    options = g_variant_ref_sink (g_variant_new_parsed ("{'continuous': <false>}"));
  if (whis_dictations_start (self->dictations, options, &error) == NULL)
    g_signal_emit (self, signals[SIGNAL_PROBLEM], 0, error);
  shortcut_dictation_update (self);
}

static void
shortcut_dictation_stop (WhisShortcutDictation *self)
{
  WhisDictation *recording = whis_dictations_get_recording (self->dictations);

  if (recording != NULL)
    whis_dictation_stop (recording);
}

static void
on_toggle (WhisShortcutDictation *self, WhisShortcutAction action)
{
  if (whis_dictations_get_recording (self->dictations) != NULL)
    shortcut_dictation_stop (self);
  else
    shortcut_dictation_start (self, action);
}

static void
on_hold_begin (WhisShortcutDictation *self, WhisShortcutAction action)
{
  if (action == WHIS_SHORTCUT_ACTION_HOLD
      && whis_dictations_get_recording (self->dictations) == NULL)
    shortcut_dictation_start (self, action);
}

static void
on_activate (WhisShortcutDictation *self, WhisShortcutAction action)
{
  WhisDictation *dictation = whis_dictations_get_recording (self->dictations);

  switch (action)
    {
    case WHIS_SHORTCUT_ACTION_CANCEL:
      if (dictation == NULL)
        dictation = whis_dictations_lookup (self->dictations, "");
      if (dictation != NULL)
        whis_dictation_cancel (dictation);
      break;
    case WHIS_SHORTCUT_ACTION_INSERT_LAST:
      g_signal_emit (self, signals[SIGNAL_INSERT_LAST], 0);
      break;
    case WHIS_SHORTCUT_ACTION_UNDO_INSERTION:
      g_signal_emit (self, signals[SIGNAL_UNDO_INSERTION], 0);
      break;
    case WHIS_SHORTCUT_ACTION_CONTINUOUS:
    case WHIS_SHORTCUT_ACTION_HANDS_FREE:
      on_toggle (self, action);
      break;
    case WHIS_SHORTCUT_ACTION_TOGGLE:
    case WHIS_SHORTCUT_ACTION_HOLD:
    case WHIS_SHORTCUT_ACTION_ALTERNATIVE:
    case WHIS_SHORTCUT_N_ACTIONS:
    default:
      break;
    }
}

static void
on_added (WhisShortcutDictation *self, WhisDictation *dictation)
{
  g_signal_connect_object (dictation, "notify::state", G_CALLBACK (shortcut_dictation_update), self,
                           G_CONNECT_SWAPPED);
  shortcut_dictation_update (self);
}

static void
whis_shortcut_dictation_dispose (GObject *object)
{
  WhisShortcutDictation *self = WHIS_SHORTCUT_DICTATION (object);

  g_clear_object (&self->shortcuts);
  g_clear_object (&self->dictations);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (whis_shortcut_dictation_parent_class)->dispose (object);
}

static guint
install_signal (const char *name)
{
  return g_signal_new (name, WHIS_TYPE_SHORTCUT_DICTATION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                       G_TYPE_NONE, 0);
}

static void
whis_shortcut_dictation_class_init (WhisShortcutDictationClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_shortcut_dictation_dispose;

  /**
   * WhisShortcutDictation::insert-last:
   * @self: a shortcut dictation
   *
   * The last text is to be inserted again.
   */
  signals[SIGNAL_INSERT_LAST] = install_signal ("insert-last");

  /**
   * WhisShortcutDictation::undo-insertion:
   * @self: a shortcut dictation
   *
   * The last insertion is to be taken back.
   */
  signals[SIGNAL_UNDO_INSERTION] = install_signal ("undo-insertion");

  /**
   * WhisShortcutDictation::problem:
   * @self: a shortcut dictation
   * @error: why no dictation starts
   *
   * A key did not do what it is for.
   */
  signals[SIGNAL_PROBLEM] =
      g_signal_new ("problem", WHIS_TYPE_SHORTCUT_DICTATION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
whis_shortcut_dictation_init (WhisShortcutDictation *self)
{
}

/**
 * whis_shortcut_dictation_new:
 * @shortcuts: the shortcuts
 * @dictations: what they start and stop
 * @settings: what is different with the shortcut of the alternative
 *
 * Returns: (transfer full): an object that works as long as it lives
 */
WhisShortcutDictation *
whis_shortcut_dictation_new (WhisShortcuts *shortcuts,
                             WhisDictations *dictations,
                             WhisSettings *settings)
{
  WhisShortcutDictation *self;
  WhisShortcutPress *press;

  g_return_val_if_fail (WHIS_IS_SHORTCUTS (shortcuts), NULL);
  g_return_val_if_fail (WHIS_IS_DICTATIONS (dictations), NULL);
  g_return_val_if_fail (WHIS_IS_SETTINGS (settings), NULL);

  self = g_object_new (WHIS_TYPE_SHORTCUT_DICTATION, NULL);
  self->shortcuts = g_object_ref (shortcuts);
  self->dictations = g_object_ref (dictations);
  self->settings = g_object_ref (settings);
  press = whis_shortcuts_get_press (shortcuts);
  g_signal_connect_object (press, "toggle", G_CALLBACK (on_toggle), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (press, "hold-begin", G_CALLBACK (on_hold_begin), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (press, "hold-end", G_CALLBACK (shortcut_dictation_stop), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (press, "activate", G_CALLBACK (on_activate), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (dictations, "added", G_CALLBACK (on_added), self, G_CONNECT_SWAPPED);

  return self;
}
