/* SPDX-License-Identifier: MIT */
#include "fake-backend.h"

#include "service-error.h"

struct _TestBackend
{
  GObject parent_instance;

  char *host;
  GQueue plans;    /* TestBackendPlan */
  GPtrArray *held; /* GTask */
  TestBackendPlan usual;
  GPtrArray *requests; /* WhisSpeechRequest */
  guint n_cancelled;
  char *key;
};

static void test_backend_backend_init (WhisBackendInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TestBackend,
                               test_backend,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (WHIS_TYPE_BACKEND, test_backend_backend_init))

static WhisTranscription *
make_transcription (const TestBackendPlan *plan)
{
  WhisTranscription *transcription = whis_transcription_new (plan->text);

  for (const TestBackendTime *time = plan->times; time != NULL && time->text != NULL; time++)
    whis_transcription_add_time (transcription, time->start_ms / 1000.0, time->end_ms / 1000.0,
                                 time->text);

  return transcription;
}

static void
answer (GTask *task)
{
  const TestBackendPlan *plan = g_task_get_task_data (task);

  if (plan->text != NULL)
    g_task_return_pointer (task, make_transcription (plan),
                           (GDestroyNotify) whis_transcription_free);
  else
    g_task_return_error (task, whis_service_error_new_answer (plan->error_code, "It went wrong.",
                                                              NULL, 0, 0, FALSE));
}

static gboolean
cancelled_cb (GCancellable *cancellable, gpointer data)
{
  GTask *task = data;
  TestBackend *self = g_task_get_source_object (task);

  if (g_ptr_array_find (self->held, task, NULL))
    {
      self->n_cancelled++;
      g_task_return_error_if_cancelled (task);
      g_ptr_array_remove (self->held, task);
    }

  return G_SOURCE_REMOVE;
}

static void
end_source (gpointer source)
{
  g_source_destroy (source);
  g_source_unref (source);
}

static void
hold (TestBackend *self, GTask *task)
{
  GSource *source = g_cancellable_source_new (g_task_get_cancellable (task));

  g_source_set_callback (source, G_SOURCE_FUNC (cancelled_cb), task, NULL);
  g_source_attach (source, NULL);
  g_object_set_data_full (G_OBJECT (task), "source", source, end_source);
  g_ptr_array_add (self->held, g_object_ref (task));
}

static void
transcribe_async (WhisBackend *backend,
                  WhisSpeechRequest *request,
                  GCancellable *cancellable,
                  GAsyncReadyCallback callback,
                  gpointer data)
{
  TestBackend *self = TEST_BACKEND (backend);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);
  TestBackendPlan *plan = g_queue_pop_head (&self->plans);

  if (plan == NULL)
    plan = g_memdup2 (&self->usual, sizeof self->usual);
  g_task_set_task_data (task, plan, g_free);
  g_ptr_array_add (self->requests, whis_speech_request_ref (request));
  g_free (self->key);
  self->key = g_strdup (request->key);
  if (plan->hold)
    hold (self, task);
  else
    answer (task);
}

static WhisTranscription *
transcribe_finish (WhisBackend *backend, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static const char *
get_host (WhisBackend *backend)
{
  return TEST_BACKEND (backend)->host;
}

static void
warm_up (WhisBackend *backend, const char *model)
{
}

static void
test_backend_backend_init (WhisBackendInterface *iface)
{
  iface->transcribe_async = transcribe_async;
  iface->transcribe_finish = transcribe_finish;
  iface->get_host = get_host;
  iface->warm_up = warm_up;
}

static void
test_backend_finalize (GObject *object)
{
  TestBackend *self = TEST_BACKEND (object);

  g_free (self->host);
  g_free (self->key);
  g_queue_clear_full (&self->plans, g_free);
  g_ptr_array_unref (self->held);
  g_ptr_array_unref (self->requests);

  G_OBJECT_CLASS (test_backend_parent_class)->finalize (object);
}

static void
test_backend_class_init (TestBackendClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_backend_finalize;
}

static void
test_backend_init (TestBackend *self)
{
  g_queue_init (&self->plans);
  self->held = g_ptr_array_new_with_free_func (g_object_unref);
  self->requests = g_ptr_array_new_with_free_func ((GDestroyNotify) whis_speech_request_unref);
  self->usual.text = "words";
}

TestBackend *
test_backend_new (const char *host)
{
  TestBackend *self = g_object_new (TEST_TYPE_BACKEND, NULL);

  self->host = g_strdup (host);

  return self;
}

void
test_backend_plan (TestBackend *self, const TestBackendPlan *plan)
{
  g_queue_push_tail (&self->plans, g_memdup2 (plan, sizeof *plan));
}

void
test_backend_set_default (TestBackend *self, const TestBackendPlan *plan)
{
  self->usual = *plan;
}

/* Answers what is held. */
void
test_backend_release (TestBackend *self)
{
  g_autoptr (GPtrArray) held = self->held;

  self->held = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < held->len; i++)
    answer (g_ptr_array_index (held, i));
}

guint
test_backend_get_n_requests (TestBackend *self)
{
  return self->requests->len;
}

guint
test_backend_get_n_cancelled (TestBackend *self)
{
  return self->n_cancelled;
}

/* The request that came as number @i. */
const WhisSpeechRequest *
test_backend_get_request (TestBackend *self, guint i)
{
  g_assert_cmpuint (i, <, self->requests->len);

  return g_ptr_array_index (self->requests, i);
}

const char *
test_backend_get_key (TestBackend *self)
{
  return self->key;
}
