/* SPDX-License-Identifier: MIT */
#include "fakes.h"

static void fake_selection_selection_init (WhisSelectionInterface *interface);
static void fake_keys_key_sender_init (WhisKeySenderInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FakeSelection,
                               fake_selection,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (WHIS_TYPE_SELECTION,
                                                      fake_selection_selection_init))

G_DEFINE_FINAL_TYPE_WITH_CODE (FakeKeys,
                               fake_keys,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (WHIS_TYPE_KEY_SENDER,
                                                      fake_keys_key_sender_init))

static const char *
fake_get_name (gpointer self)
{
  return "fake";
}

static GTask *
fake_task_new (gpointer self,
               GCancellable *cancellable,
               GAsyncReadyCallback callback,
               gpointer user_data)
{
  return g_task_new (self, cancellable, callback, user_data);
}

static void
fake_probe_async (gpointer self,
                  GCancellable *cancellable,
                  GAsyncReadyCallback callback,
                  gpointer user_data)
{
  g_autoptr (GTask) task = fake_task_new (self, cancellable, callback, user_data);

  g_task_return_boolean (task, TRUE);
}

static gboolean
fake_finish (gpointer self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
fake_selection_probe_async (WhisSelection *selection,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  FakeSelection *self = FAKE_SELECTION (selection);
  g_autoptr (GTask) task = fake_task_new (self, cancellable, callback, user_data);

  if (self->probe_error != NULL)
    g_task_return_error (task, g_steal_pointer (&self->probe_error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
fake_selection_save_async (WhisSelection *selection,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  FakeSelection *self = FAKE_SELECTION (selection);
  g_autoptr (GTask) task = fake_task_new (self, cancellable, callback, user_data);

  g_string_append (self->log, "save ");
  if (self->before != NULL)
    g_task_return_pointer (task, g_hash_table_ref (self->before),
                           (GDestroyNotify) g_hash_table_unref);
  else
    g_task_return_new_error (task, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_TIMED_OUT, "Silent.");
}

static GHashTable *
fake_selection_save_finish (WhisSelection *selection, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
fake_selection_own_async (WhisSelection *selection,
                          GHashTable *formats,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  FakeSelection *self = FAKE_SELECTION (selection);
  g_autoptr (GTask) task = fake_task_new (self, cancellable, callback, user_data);

  g_string_append (self->log, formats == self->before ? "restore " : "own ");
  if (self->own_error != NULL)
    {
      g_task_return_error (task, g_steal_pointer (&self->own_error));
      return;
    }

  g_clear_pointer (&self->offered, g_hash_table_unref);
  self->offered = g_hash_table_ref (formats);
  self->was_primary = self->primary;
  g_task_return_boolean (task, TRUE);
}

static gboolean
fake_selection_is_owner (WhisSelection *selection)
{
  return FAKE_SELECTION (selection)->offered != NULL;
}

static gboolean
fake_selection_has_primary (WhisSelection *selection)
{
  return TRUE;
}

static void
fake_selection_set_primary (WhisSelection *selection, gboolean primary)
{
  FAKE_SELECTION (selection)->primary = primary;
}

static gboolean
fake_selection_tells_reader (WhisSelection *selection)
{
  return FAKE_SELECTION (selection)->tells_reader;
}

static void
fake_selection_finalize (GObject *object)
{
  FakeSelection *self = FAKE_SELECTION (object);

  g_clear_pointer (&self->before, g_hash_table_unref);
  g_clear_pointer (&self->offered, g_hash_table_unref);
  g_clear_error (&self->own_error);

  G_OBJECT_CLASS (fake_selection_parent_class)->finalize (object);
}

static void
fake_selection_class_init (FakeSelectionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fake_selection_finalize;
}

static void
fake_selection_init (FakeSelection *self)
{
  self->tells_reader = TRUE;
}

static void
fake_selection_selection_init (WhisSelectionInterface *interface)
{
  interface->get_name = (gpointer) fake_get_name;
  interface->probe_async = fake_selection_probe_async;
  interface->probe_finish = (gpointer) fake_finish;
  interface->save_async = fake_selection_save_async;
  interface->save_finish = fake_selection_save_finish;
  interface->own_async = fake_selection_own_async;
  interface->own_finish = (gpointer) fake_finish;
  interface->is_owner = fake_selection_is_owner;
  interface->has_primary = fake_selection_has_primary;
  interface->set_primary = fake_selection_set_primary;
  interface->tells_reader = fake_selection_tells_reader;
}

FakeSelection *
fake_selection_new (GString *log)
{
  FakeSelection *self = g_object_new (FAKE_TYPE_SELECTION, NULL);

  self->log = log;
  self->before = whis_selection_formats_new ("before", FALSE);

  return self;
}

char *
fake_selection_get_text (FakeSelection *self)
{
  GBytes *text = self->offered != NULL ? g_hash_table_lookup (self->offered, "text/plain") : NULL;

  return text != NULL ? g_strndup (g_bytes_get_data (text, NULL), g_bytes_get_size (text)) : NULL;
}

void
fake_selection_lose (FakeSelection *self)
{
  g_clear_pointer (&self->offered, g_hash_table_unref);
  whis_selection_emit_lost (WHIS_SELECTION (self));
}

void
fake_selection_read (FakeSelection *self, WhisSelectionReader reader)
{
  whis_selection_emit_read (WHIS_SELECTION (self), reader, TRUE);
}

static void
fake_keys_prepare_async (WhisKeySender *sender,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  FakeKeys *self = FAKE_KEYS (sender);
  g_autoptr (GTask) task = fake_task_new (self, cancellable, callback, user_data);

  g_string_append (self->log, "prepare ");
  if (self->prepare_error != NULL)
    g_task_return_error (task, g_steal_pointer (&self->prepare_error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
fake_keys_send_async (WhisKeySender *sender,
                      WhisChord chord,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  FakeKeys *self = FAKE_KEYS (sender);

  g_string_append (self->log, "send ");
  self->chord = chord;
  self->sending = fake_task_new (self, cancellable, callback, user_data);
  if (!self->hold_send)
    fake_keys_release (self);
}

void
fake_keys_release (FakeKeys *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->sending);

  if (self->send_error != NULL)
    g_task_return_error (task, g_steal_pointer (&self->send_error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
fake_keys_finalize (GObject *object)
{
  FakeKeys *self = FAKE_KEYS (object);

  g_clear_error (&self->prepare_error);
  g_clear_error (&self->send_error);

  G_OBJECT_CLASS (fake_keys_parent_class)->finalize (object);
}

static void
fake_keys_class_init (FakeKeysClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fake_keys_finalize;
}

static void
fake_keys_init (FakeKeys *self)
{
}

static void
fake_keys_key_sender_init (WhisKeySenderInterface *interface)
{
  interface->get_name = (gpointer) fake_get_name;
  interface->probe_async = (gpointer) fake_probe_async;
  interface->probe_finish = (gpointer) fake_finish;
  interface->prepare_async = fake_keys_prepare_async;
  interface->prepare_finish = (gpointer) fake_finish;
  interface->send_async = fake_keys_send_async;
  interface->send_finish = (gpointer) fake_finish;
}

FakeKeys *
fake_keys_new (GString *log)
{
  FakeKeys *self = g_object_new (FAKE_TYPE_KEYS, NULL);

  self->log = log;

  return self;
}

static void fake_method_insertion_method_init (WhisInsertionMethodInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FakeMethod,
                               fake_method,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (WHIS_TYPE_INSERTION_METHOD,
                                                      fake_method_insertion_method_init))

static const char *
fake_method_get_name (WhisInsertionMethod *method)
{
  return FAKE_METHOD (method)->name;
}

static gboolean
fake_method_uses_clipboard (WhisInsertionMethod *method)
{
  return FAKE_METHOD (method)->uses_clipboard;
}

static void
fake_method_probe_async (WhisInsertionMethod *method,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  FakeMethod *self = FAKE_METHOD (method);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  if (self->error != NULL)
    g_task_return_error (task, g_error_copy (self->error));
  else
    g_task_return_boolean (task, TRUE);
}

static gboolean
fake_method_probe_finish (WhisInsertionMethod *method, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* It ends as it is said to. */
void
fake_method_release (FakeMethod *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);
  WhisInsertion *insertion = g_task_get_task_data (task);

  insertion->on_clipboard = self->uses_clipboard && !self->clipboard_lost;
  insertion->clipboard_lost = self->clipboard_lost;
  if (g_task_return_error_if_cancelled (task))
    return;
  if (self->error != NULL)
    g_task_return_error (task, g_error_copy (self->error));
  else
    g_task_return_int (task, (gssize) self->outcome);
}

static void
fake_method_insert_async (WhisInsertionMethod *method,
                          WhisInsertion *insertion,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  FakeMethod *self = FAKE_METHOD (method);

  g_string_append_printf (self->log, "%s:%s ", self->name, insertion->text);
  self->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_task_data (self->task, whis_insertion_ref (insertion),
                        (GDestroyNotify) whis_insertion_unref);
  if (!self->hold)
    fake_method_release (self);
}

static WhisDeliveryOutcome
fake_method_insert_finish (WhisInsertionMethod *method, GAsyncResult *result, GError **error)
{
  gssize outcome = g_task_propagate_int (G_TASK (result), error);

  return outcome > 0 ? (WhisDeliveryOutcome) outcome : WHIS_DELIVERY_OUTCOME_NONE;
}

static void
fake_method_take_back_async (WhisInsertionMethod *method,
                             const char *text,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  FakeMethod *self = FAKE_METHOD (method);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  if (self->takes_back)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (task, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED, "No.");
}

static gboolean
fake_method_take_back_finish (WhisInsertionMethod *method, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
fake_method_finalize (GObject *object)
{
  g_clear_error (&FAKE_METHOD (object)->error);

  G_OBJECT_CLASS (fake_method_parent_class)->finalize (object);
}

static void
fake_method_class_init (FakeMethodClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fake_method_finalize;
}

static void
fake_method_init (FakeMethod *self)
{
  self->outcome = WHIS_DELIVERY_OUTCOME_LANDED;
}

static void
fake_method_insertion_method_init (WhisInsertionMethodInterface *interface)
{
  interface->get_name = fake_method_get_name;
  interface->uses_clipboard = fake_method_uses_clipboard;
  interface->probe_async = fake_method_probe_async;
  interface->probe_finish = fake_method_probe_finish;
  interface->insert_async = fake_method_insert_async;
  interface->insert_finish = fake_method_insert_finish;
  interface->take_back_async = fake_method_take_back_async;
  interface->take_back_finish = fake_method_take_back_finish;
}
