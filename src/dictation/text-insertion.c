/* SPDX-License-Identifier: MIT */
#include "text-insertion.h"

#include <string.h>

#include "focus-query.h"
#include "text-spacing.h"

/* One text; the data of its task. */
typedef struct
{
  WhisSettings *settings;
  char *text;
  char *language;
  char *mode;
  char *reference;
  gboolean private;
  WhisFocus *expected;
  char *former_text;
} TextInsertion;

static void
text_insertion_free (TextInsertion *self)
{
  g_clear_object (&self->settings);
  g_free (self->text);
  g_free (self->language);
  g_free (self->mode);
  g_free (self->reference);
  g_free (self->former_text);
  g_clear_pointer (&self->expected, whis_focus_unref);
  g_free (self);
}

static void
on_delivered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  WhisDeliveryResult *delivered =
      whis_delivery_deliver_finish (WHIS_DELIVERY (source), result, &error);

  if (delivered != NULL)
    g_task_return_pointer (task, delivered, (GDestroyNotify) whis_delivery_result_free);
  else
    g_task_return_error (task, error);
}

static WhisChord
text_insertion_get_chord (TextInsertion *self, const char *application)
{
  g_autoptr (GEnumClass) chords = g_type_class_ref (WHIS_TYPE_CHORD);
  g_autofree char *nick =
      self->settings != NULL ? whis_settings_dup_paste_keys (self->settings, application) : NULL;
  GEnumValue *value = nick != NULL ? g_enum_get_value_by_nick (chords, nick) : NULL;

  return value != NULL ? (WhisChord) value->value : WHIS_CHORD_AUTOMATIC;
}

/* The window shows the text itself. */
static gboolean
is_own_window (const char *application)
{
  return g_strcmp0 (application, WHIS_APP_ID) == 0 || g_strcmp0 (application, "whis-window") == 0;
}

static WhisDeliveryMode
text_insertion_get_mode (TextInsertion *self, const char *application)
{
  g_autofree char *chosen = NULL;

  if (is_own_window (application))
    return WHIS_DELIVERY_MODE_COPY;
  if (self->mode != NULL)
    return whis_delivery_mode_from_nick (self->mode);
  if (self->settings == NULL)
    return WHIS_DELIVERY_MODE_COPY;

  chosen = whis_settings_dup_delivery_for (self->settings, application);

  return whis_delivery_mode_from_nick (chosen);
}

/* What is only copied is as it was recognised: nobody knows what will stand before it. */
static char *
text_insertion_compose (TextInsertion *self, WhisFocus *focus, WhisDeliveryMode mode)
{
  const char *before = focus != NULL ? focus->text_before : NULL;

  if (self->settings == NULL || mode == WHIS_DELIVERY_MODE_COPY)
    return g_strdup (self->text);

  return whis_spacing_apply (whis_spacing_from_nick (whis_settings_get_spacing (self->settings)),
                             self->text, before != NULL ? before : self->former_text,
                             self->language);
}

static void
text_insertion_deliver (GTask *task, WhisFocus *focus)
{
  TextInsertion *self = g_task_get_task_data (task);
  const char *application = focus != NULL ? focus->application : NULL;
  WhisDeliveryMode mode = text_insertion_get_mode (self, application);
  g_autofree char *text = text_insertion_compose (self, focus, mode);
  g_autoptr (WhisInsertion) insertion = NULL;
  gboolean keeps = self->settings == NULL || whis_settings_get_clipboard_history (self->settings);

  insertion = whis_insertion_new (text);
  insertion->reference = g_strdup (self->reference);
  insertion->sensitive = self->private || !keeps;
  insertion->restore = self->settings != NULL && mode != WHIS_DELIVERY_MODE_BOTH
                       && whis_settings_get_restore_clipboard (self->settings);
  insertion->chord = text_insertion_get_chord (self, application);
  insertion->expected = self->expected != NULL ? whis_focus_ref (self->expected) : NULL;
  insertion->focus = focus != NULL ? whis_focus_ref (focus) : NULL;
  whis_delivery_deliver_async (g_task_get_source_object (task), insertion, mode,
                               g_task_get_cancellable (task), on_delivered, g_object_ref (task));
}

static void
on_focus_known (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (WhisFocus) focus = whis_focus_query_finish (result, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    text_insertion_deliver (task, focus);
}

/**
 * whis_text_insertion_run_async:
 * @delivery: where texts go
 * @settings: (nullable): what the user has chosen; without them the text is only copied
 * @text: the text, not empty
 * @wishes: what is wanted of it
 * @cancellable: (nullable): to give up; after the text was handed over the result is told
 * @callback: called with the result
 * @user_data: for @callback
 *
 * Puts a text at the cursor as the settings say for the program that has the focus, spaced for the
 * place where it goes.
 */
void
whis_text_insertion_run_async (WhisDelivery *delivery,
                               WhisSettings *settings,
                               const char *text,
                               const WhisTextInsertionWishes *wishes,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  TextInsertion *self;

  g_return_if_fail (WHIS_IS_DELIVERY (delivery));
  g_return_if_fail (text != NULL && *text != '\0');
  g_return_if_fail (wishes != NULL);

  task = g_task_new (delivery, cancellable, callback, user_data);
  g_task_set_source_tag (task, whis_text_insertion_run_async);
  g_task_set_check_cancellable (task, FALSE);
  self = g_new0 (TextInsertion, 1);
  g_set_object (&self->settings, settings);
  self->text = g_strdup (text);
  self->language = g_strdup (wishes->language);
  self->mode = g_strdup (wishes->mode);
  self->reference = g_strdup (wishes->reference);
  self->former_text = g_strdup (wishes->former_text);
  self->private = wishes->private;
  self->expected = wishes->expected != NULL ? whis_focus_ref (wishes->expected) : NULL;
  g_task_set_task_data (task, self, (GDestroyNotify) text_insertion_free);

  /* What is only copied does not depend on the focus. */
  if (text_insertion_get_mode (self, NULL) == WHIS_DELIVERY_MODE_COPY && self->mode != NULL)
    text_insertion_deliver (task, NULL);
  else
    whis_focus_query_async (whis_delivery_get_focus_sources (delivery), cancellable, on_focus_known,
                            g_steal_pointer (&task));
}

/**
 * whis_text_insertion_run_finish:
 * @delivery: where texts go
 * @result: the result
 * @error: return location for an error of #WhisDeliveryError if the text is neither inserted nor on
 *   the clipboard, or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full): what became of the text
 */
WhisDeliveryResult *
whis_text_insertion_run_finish (WhisDelivery *delivery, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, delivery), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_text_insertion_run_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
