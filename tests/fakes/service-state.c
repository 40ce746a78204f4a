/* SPDX-License-Identifier: MIT */

/* What a test sets and reads of a service, between two threads. */

#include "service-private.h"
#include "service-request.h"
#include "service-sound.h"

void
service_state_init (TestService *self)
{
  const char *kind = self->kind->name;

  g_mutex_init (&self->mutex);
  g_queue_init (&self->failures);
  g_queue_init (&self->plans);
  g_datalist_init (&self->store);
  self->requests = g_ptr_array_new_with_free_func ((GDestroyNotify) service_request_free);
  self->key = g_strdup_printf ("test-key-%s-0123456789abcdef0123456789", kind);
  self->restricted_key = g_strdup_printf ("test-restricted-%s-0123456789abcdef0123456789", kind);
  self->key_needed = !self->kind->key_optional;
  self->text = g_strdup ("Guten Tag, hier ist der erste Satz. Und gleich noch ein zweiter.");
  self->spoken = g_strdup ("de");
  self->duration_ms = 2000;
}

void
service_state_clear (TestService *self)
{
  g_ptr_array_unref (self->requests);
  g_queue_clear (&self->failures);
  g_queue_clear_full (&self->plans, g_free);
  g_datalist_clear (&self->store);
  g_mutex_clear (&self->mutex);
  g_free (self->restricted_key);
  g_free (self->key);
  g_free (self->text);
  g_free (self->spoken);
  g_free (self->complaint);
}

static void
set_string (TestService *self, char **string, const char *value)
{
  g_mutex_lock (&self->mutex);
  g_free (*string);
  *string = g_strdup (value);
  g_mutex_unlock (&self->mutex);
}

static char *
dup_string (TestService *self, char *const *string)
{
  char *copy;

  g_mutex_lock (&self->mutex);
  copy = g_strdup (*string);
  g_mutex_unlock (&self->mutex);

  return copy;
}

static guint
get_number (TestService *self, const guint *number)
{
  guint value;

  g_mutex_lock (&self->mutex);
  value = *number;
  g_mutex_unlock (&self->mutex);

  return value;
}

const char *
test_service_get_url (TestService *self)
{
  return self->url;
}

gboolean
test_service_can_fail (TestService *self, const char *failure)
{
  return service_find_answer (self->kind, failure) != NULL;
}

void
test_service_fail_next (TestService *self, const char *failure)
{
  const ServiceAnswer *answer = service_find_answer (self->kind, failure);

  if (answer == NULL)
    g_error ("%s has no failure %s", self->kind->name, failure);
  g_mutex_lock (&self->mutex);
  g_queue_push_tail (&self->failures, (gpointer) answer);
  g_mutex_unlock (&self->mutex);
}

void
test_service_plan (TestService *self, const TestPlan *plan)
{
  g_mutex_lock (&self->mutex);
  g_queue_push_tail (&self->plans, g_memdup2 (plan, sizeof *plan));
  g_mutex_unlock (&self->mutex);
}

void
test_service_set_default (TestService *self, const TestPlan *plan)
{
  g_mutex_lock (&self->mutex);
  self->standard = *plan;
  g_mutex_unlock (&self->mutex);
}

static void
add_names (GStrvBuilder *names, const ServiceAnswer *answers)
{
  for (; answers->name != NULL; answers++)
    g_strv_builder_add (names, answers->name);
}

char **
test_service_list_failures (TestService *self)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  add_names (names, self->kind->answers);
  add_names (names, service_get_shared_answers ());

  return g_strv_builder_end (names);
}

void
test_service_set_key (TestService *self, const char *key)
{
  set_string (self, &self->key, key);
  g_mutex_lock (&self->mutex);
  self->key_needed = TRUE;
  g_mutex_unlock (&self->mutex);
}

char *
test_service_dup_key (TestService *self)
{
  return dup_string (self, &self->key);
}

const char *
test_service_get_restricted_key (TestService *self)
{
  return self->restricted_key;
}

void
test_service_set_text (TestService *self, const char *text)
{
  set_string (self, &self->text, text);
}

void
test_service_set_spoken (TestService *self, const char *language)
{
  set_string (self, &self->spoken, language);
}

void
test_service_set_duration_ms (TestService *self, guint64 duration_ms)
{
  g_mutex_lock (&self->mutex);
  self->duration_ms = duration_ms;
  g_mutex_unlock (&self->mutex);
}

void
test_service_set_idle_ms (TestService *self, guint idle_ms)
{
  service_connections_set_idle_ms (self->connections, idle_ms);
}

const char *
test_service_get_complaint (TestService *self)
{
  const char *complaint;

  g_mutex_lock (&self->mutex);
  complaint = self->complaint;
  g_mutex_unlock (&self->mutex);

  return complaint;
}

guint
test_service_get_n_requests (TestService *self)
{
  return get_number (self, &self->requests->len);
}

guint
test_service_get_n_sounds (TestService *self)
{
  return get_number (self, &self->n_sounds);
}

guint
test_service_get_active (TestService *self)
{
  return get_number (self, &self->active);
}

guint
test_service_get_peak (TestService *self)
{
  return get_number (self, &self->peak);
}

guint
test_service_get_n_aborted (TestService *self)
{
  return get_number (self, &self->n_aborted);
}

guint
test_service_get_n_connections (TestService *self)
{
  return service_connections_get_n_accepted (self->connections);
}

guint
test_service_get_n_idle_closed (TestService *self)
{
  return service_connections_get_n_idle_closed (self->connections);
}

const TestServiceRequest *
test_service_get_request (TestService *self, guint index)
{
  const TestServiceRequest *request;

  g_mutex_lock (&self->mutex);
  g_assert_cmpuint (index, <, self->requests->len);
  request = g_ptr_array_index (self->requests, index);
  g_mutex_unlock (&self->mutex);

  return request;
}

void
test_service_wait_requests (TestService *self, guint n)
{
  while (test_service_get_n_requests (self) < n)
    g_main_context_iteration (NULL, TRUE);
}

void
test_service_wait_active (TestService *self, guint n)
{
  while (test_service_get_active (self) != n)
    g_main_context_iteration (NULL, TRUE);
}

void
test_service_wait_aborted (TestService *self, guint n)
{
  while (test_service_get_n_aborted (self) < n)
    g_main_context_iteration (NULL, TRUE);
}

void
test_service_wait_idle_closed (TestService *self, guint n)
{
  while (test_service_get_n_idle_closed (self) < n)
    g_main_context_iteration (NULL, TRUE);
}

ServiceKeyState
service_judge_key (TestService *self, const char *key)
{
  g_autofree char *right = test_service_dup_key (self);

  if (g_strcmp0 (key, right) == 0)
    return SERVICE_KEY_RIGHT;

  return g_strcmp0 (key, self->restricted_key) == 0 ? SERVICE_KEY_RESTRICTED : SERVICE_KEY_WRONG;
}

gboolean
service_needs_key (TestService *self)
{
  gboolean needed;

  g_mutex_lock (&self->mutex);
  needed = self->key_needed;
  g_mutex_unlock (&self->mutex);

  return needed;
}

char *
service_hear (TestService *self, GBytes *sound)
{
  char *letters = sound != NULL ? service_sound_get_letters (sound) : NULL;

  return letters != NULL ? letters : dup_string (self, &self->text);
}

guint64
service_measure (TestService *self, GBytes *sound)
{
  guint64 duration_ms;
  ServiceWav wav;

  if (sound != NULL && service_sound_read_wav (sound, &wav))
    return wav.duration_ms;
  g_mutex_lock (&self->mutex);
  duration_ms = self->duration_ms;
  g_mutex_unlock (&self->mutex);

  return duration_ms;
}

char *
service_dup_spoken (TestService *self)
{
  return dup_string (self, &self->spoken);
}

guint
service_get_port (TestService *self)
{
  return self->connections != NULL ? service_connections_get_port (self->connections) : 0;
}

void
service_complain (TestService *self, const char *format, ...)
{
  va_list args;

  g_mutex_lock (&self->mutex);
  va_start (args, format);
  if (self->complaint == NULL)
    self->complaint = g_strdup_vprintf (format, args);
  va_end (args);
  g_mutex_unlock (&self->mutex);
}

static gboolean
is_of_stage (const ServiceAnswer *failure, const char *stage)
{
  if (stage != NULL)
    return g_str_has_prefix (failure->name, stage);

  return !g_str_has_prefix (failure->name, "upload-") && !g_str_has_prefix (failure->name, "poll-");
}

const ServiceAnswer *
service_take_failure (TestService *self, const char *stage)
{
  const ServiceAnswer *failure;

  g_mutex_lock (&self->mutex);
  if (stage == NULL)
    self->n_sounds++;
  failure = g_queue_peek_head (&self->failures);
  if (failure != NULL && is_of_stage (failure, stage))
    g_queue_pop_head (&self->failures);
  else
    failure = NULL;
  g_mutex_unlock (&self->mutex);

  return failure;
}

TestPlan *
service_take_plan (TestService *self)
{
  TestPlan *plan;

  g_mutex_lock (&self->mutex);
  plan = g_queue_pop_head (&self->plans);
  if (plan == NULL)
    plan = g_memdup2 (&self->standard, sizeof self->standard);
  g_mutex_unlock (&self->mutex);

  return plan;
}

GData **
service_get_store (TestService *self)
{
  return &self->store;
}
