/* SPDX-License-Identifier: MIT */
#include "bus-documents.h"

#include <glib/gi18n-lib.h>

#include "bus-error.h"
#include "bus-object-private.h"
#include "call-error.h"
#include "document.h"

/**
 * WhisBusDocuments:
 *
 * The method `GetDocument` of the D-Bus interface. The history has what it needs, but for
 * dictations of which nothing is kept: those are remembered for the caller who said that it will
 * ask.
 */

struct _WhisBusDocuments
{
  GObject parent_instance;

  WhisBusWhis1 *interface; /* not owned: the area is its */
  WhisHistory *history;
  GHashTable *remembered; /* id → Remembered */
};

G_DEFINE_FINAL_TYPE (WhisBusDocuments, whis_bus_documents, G_TYPE_OBJECT)

/* A dictation that somebody will ask for. */
typedef struct
{
  WhisBusDocuments *calls;  /* not owned */
  WhisDictation *dictation; /* until it ends */
  gulong end;               /* handler */
  WhisRecord *record;       /* from its end on */
  guint caller;             /* watch on the bus name of who asks */
} Remembered;

static void
let_go_of_dictation (Remembered *remembered)
{
  if (remembered->dictation != NULL)
    g_clear_signal_handler (&remembered->end, remembered->dictation);
  g_clear_object (&remembered->dictation);
}

static void
remembered_free (gpointer data)
{
  Remembered *remembered = data;

  g_clear_handle_id (&remembered->caller, g_bus_unwatch_name);
  let_go_of_dictation (remembered);
  g_clear_pointer (&remembered->record, whis_record_free);
  g_free (remembered);
}

static void
caller_vanished_cb (GDBusConnection *connection, const char *name, gpointer user_data)
{
  Remembered *remembered = user_data;
  const char *id = remembered->record != NULL ? remembered->record->id
                                              : whis_dictation_get_id (remembered->dictation);

  g_hash_table_remove (remembered->calls->remembered, id);
}

static void
take_record_at_end (Remembered *remembered)
{
  WhisDictation *dictation = remembered->dictation;

  if (!whis_dictation_state_is_final (whis_dictation_get_state (dictation)))
    return;

  remembered->record = whis_record_copy (whis_dictation_get_record (dictation));
  let_go_of_dictation (remembered);
}

/**
 * whis_bus_documents_remember:
 * @self: the calls
 * @dictation: a dictation that was just started
 * @invocation: the call that started it
 *
 * If the caller said that it will ask for the transcript, it can do so whatever the rules keep.
 */
void
whis_bus_documents_remember (WhisBusDocuments *self,
                             WhisDictation *dictation,
                             GDBusMethodInvocation *invocation)
{
  Remembered *remembered;

  g_return_if_fail (WHIS_IS_BUS_DOCUMENTS (self));
  g_return_if_fail (WHIS_IS_DICTATION (dictation));

  if (!whis_dictation_wants_document (dictation))
    return;

  remembered = g_new0 (Remembered, 1);
  remembered->calls = self;
  remembered->dictation = g_object_ref (dictation);
  remembered->end = g_signal_connect_swapped (dictation, "notify::state",
                                              G_CALLBACK (take_record_at_end), remembered);
  remembered->caller = g_bus_watch_name_on_connection (
      g_dbus_method_invocation_get_connection (invocation),
      g_dbus_method_invocation_get_sender (invocation), G_BUS_NAME_WATCHER_FLAGS_NONE, NULL,
      caller_vanished_cb, remembered, NULL);
  g_hash_table_replace (self->remembered, g_strdup (whis_dictation_get_id (dictation)), remembered);
  take_record_at_end (remembered);
}

/* A call that waits for the history, or for its document. */
typedef struct
{
  WhisBusDocuments *calls; /* kept by the object that it is of */
  GDBusMethodInvocation *invocation;
  char *id;
  WhisDocumentFormat format;
  WhisRecord *record;
} Call;

static void
call_free (Call *call)
{
  g_object_unref (call->calls->interface);
  g_clear_pointer (&call->record, whis_record_free);
  g_free (call->id);
  g_free (call);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Call, call_free)

static void
write_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Call *call = task_data;

  g_task_return_pointer (task, whis_document_write (call->record, call->format), g_free);
}

static void
written_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Call *call = user_data;
  g_autofree char *document = g_task_propagate_pointer (G_TASK (result), NULL);

  whis_bus_whis1_complete_get_document (call->calls->interface, call->invocation, document);
}

/* In a thread: the words of a day are many. */
static void
write_document (Call *owned_call, WhisRecord *owned_record)
{
  g_autoptr (GTask) task = g_task_new (owned_call->calls, NULL, written_cb, owned_call);

  owned_call->record = owned_record;
  g_task_set_source_tag (task, write_document);
  g_task_set_task_data (task, owned_call, (GDestroyNotify) call_free);
  g_task_run_in_thread (task, write_thread);
}

static void
refuse_running (GDBusMethodInvocation *invocation, const char *id)
{
  g_autoptr (GError) error = g_error_new_literal (
      WHIS_BUS_ERROR, WHIS_BUS_ERROR_FAILED,
      _ ("This dictation is still running; ask for its transcript when it has ended."));

  whis_call_return_error_about (invocation, error, id);
}

static void
got_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Call) call = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisRecord) record = whis_history_get_finish (WHIS_HISTORY (object), result, &error);

  if (record == NULL)
    whis_call_return_error_about (call->invocation, error, call->id);
  else if (whis_dictation_state_is_busy (record->state))
    refuse_running (call->invocation, call->id);
  else
    write_document (g_steal_pointer (&call), g_steal_pointer (&record));
}

static Call *
call_new (WhisBusDocuments *self,
          GDBusMethodInvocation *invocation,
          const char *id,
          WhisDocumentFormat format)
{
  Call *call = g_new0 (Call, 1);

  call->calls = self;
  g_object_ref (self->interface);
  call->invocation = invocation;
  call->id = g_strdup (id);
  call->format = format;

  return call;
}

static gboolean
bus_documents_handle_get_document (WhisBusWhis1 *interface,
                                   GDBusMethodInvocation *invocation,
                                   const char *id,
                                   const char *word)
{
  WhisBusDocuments *self = WHIS_BUS_OBJECT (interface)->bus_documents;
  Remembered *remembered = g_hash_table_lookup (self->remembered, id);
  WhisDocumentFormat format;

  if (!whis_document_format_from_nick (word, &format))
    g_dbus_method_invocation_return_error (
        invocation, WHIS_BUS_ERROR, WHIS_BUS_ERROR_ARGUMENTS,
        _ ("There is no format “%s”; there are text, json, srt and vtt."), word);
  else if (remembered == NULL)
    whis_history_get_async (self->history, id, NULL, got_cb,
                            call_new (self, invocation, id, format));
  else if (remembered->record == NULL)
    refuse_running (invocation, id);
  else
    {
      write_document (call_new (self, invocation, id, format),
                      g_steal_pointer (&remembered->record));
      g_hash_table_remove (self->remembered, id);
    }

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
whis_bus_documents_dispose (GObject *object)
{
  WhisBusDocuments *self = WHIS_BUS_DOCUMENTS (object);

  g_clear_pointer (&self->remembered, g_hash_table_unref);
  g_clear_object (&self->history);

  G_OBJECT_CLASS (whis_bus_documents_parent_class)->dispose (object);
}

static void
whis_bus_documents_class_init (WhisBusDocumentsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_bus_documents_dispose;
}

static void
whis_bus_documents_init (WhisBusDocuments *self)
{
  self->remembered = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, remembered_free);
}

/**
 * whis_bus_documents_implement:
 * @iface: the methods of #WhisBusObject
 *
 * Fills in the methods of this area.
 */
void
whis_bus_documents_implement (WhisBusWhis1Iface *iface)
{
  iface->handle_get_document = bus_documents_handle_get_document;
}

/**
 * whis_bus_documents_new:
 * @interface: the object whose methods these are; it owns the area
 * @history: where transcripts are
 *
 * Returns: (transfer full): the part of the interface that writes documents
 */
WhisBusDocuments *
whis_bus_documents_new (WhisBusWhis1 *interface, WhisHistory *history)
{
  WhisBusDocuments *self = g_object_new (WHIS_TYPE_BUS_DOCUMENTS, NULL);

  self->interface = interface;
  self->history = g_object_ref (history);

  return self;
}
