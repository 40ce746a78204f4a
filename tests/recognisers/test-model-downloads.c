/* SPDX-License-Identifier: MIT */
#include "model-downloads.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

#include "file-server.h"
#include "http-error.h"
#include "part-file.h"
#include "small-models.h"

/* A store, a server that has the first model, and what was said of downloads. */
typedef struct
{
  char *directory;
  char *path; /* of the model */
  WhisModelStore *store;
  WhisModelDownloads *downloads;
  FileServer *server;
  GPtrArray *events; /* lines */
  GQuark failure_domain;
  int failure_code;
  guint64 kept;
} Fixture;

static void
on_progress (Fixture *fixture, const char *id, guint64 done, guint64 total)
{
  g_assert_cmpuint (done, <=, total);
}

static void
on_finished (Fixture *fixture, const char *id)
{
  g_ptr_array_add (fixture->events, g_strconcat ("finished ", id, NULL));
}

static void
on_failed (Fixture *fixture, const char *id, guint64 kept, const GError *error)
{
  g_ptr_array_add (fixture->events, g_strconcat ("failed ", id, NULL));
  fixture->failure_domain = error->domain;
  fixture->failure_code = error->code;
  fixture->kept = kept;
}

static void
open_store (Fixture *fixture)
{
  const char *const none[] = { NULL };

  fixture->store = whis_model_store_new (fixture->directory, none);
}

static void
set_up (Fixture *fixture, gconstpointer plan)
{
  g_autoptr (GBytes) file = small_model_make (1);

  fixture->directory = g_dir_make_tmp ("whis-downloads-XXXXXX", NULL);
  open_store (fixture);
  fixture->path = whis_model_store_dup_path (fixture->store, &small_model);
  fixture->downloads = whis_model_downloads_new (fixture->store);
  fixture->server = file_server_new (file, plan);
  fixture->events = g_ptr_array_new_with_free_func (g_free);
  g_signal_connect_swapped (fixture->downloads, "progress", G_CALLBACK (on_progress), fixture);
  g_signal_connect_swapped (fixture->downloads, "finished", G_CALLBACK (on_finished), fixture);
  g_signal_connect_swapped (fixture->downloads, "failed", G_CALLBACK (on_failed), fixture);
}

/* Downloads that nobody wants any more and threads have the store, too; none of them says when it
 * gives it up. */
static void
wait_for_store (WhisModelStore *store)
{
  gpointer alive = store;

  g_object_add_weak_pointer (G_OBJECT (store), &alive);
  g_object_unref (store);
  while (g_atomic_pointer_get (&alive) != NULL)
    {
      g_main_context_iteration (NULL, FALSE);
      g_thread_yield ();
    }
}

static void
tear_down (Fixture *fixture, gconstpointer plan)
{
  g_autofree char *command = g_strdup_printf ("rm -r %s", fixture->directory);

  if (fixture->downloads != NULL)
    g_assert_finalize_object (fixture->downloads);
  wait_for_store (fixture->store);
  file_server_free (fixture->server);
  g_ptr_array_unref (fixture->events);
  g_assert_true (g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL));
  g_free (fixture->directory);
  g_free (fixture->path);
}

static void
start (Fixture *fixture)
{
  const char *const addresses[] = { file_server_get_url (fixture->server), NULL };

  whis_model_downloads_start (fixture->downloads, &small_model, addresses, TRUE);
}

static void
wait_for_event (Fixture *fixture, const char *event)
{
  while (fixture->events->len == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (g_ptr_array_index (fixture->events, 0), ==, event);
  g_assert_cmpuint (fixture->events->len, ==, 1);
}

static void
keep_result (GObject *object, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static WhisModelState
get_state (Fixture *fixture)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) entries = NULL;

  whis_model_store_list_async (fixture->store, NULL, keep_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  entries = whis_model_store_list_finish (fixture->store, result, NULL);
  for (guint i = 0; i < entries->len; i++)
    {
      const WhisModelEntry *entry = g_ptr_array_index (entries, i);

      if (g_str_equal (entry->id, small_model.id))
        return entry->state;
    }
  g_assert_not_reached ();
}

static gboolean
is_running (Fixture *fixture)
{
  guint64 done, total;

  return whis_model_downloads_get (fixture->downloads, small_model.id, &done, &total);
}

static void
write_part (Fixture *fixture, guint8 seed, gsize size)
{
  g_autofree char *part = whis_part_file_dup_path (fixture->path);
  g_autoptr (GBytes) bytes = small_model_make (seed);

  g_assert_true (g_file_set_contents (part, g_bytes_get_data (bytes, NULL), (gssize) size, NULL));
}

static const FileAnswer well[] = { file_answer_well, NULL };
static const FileAnswer silence[] = { file_answer_silence, NULL };
static const FileAnswer missing[] = { file_answer_missing, NULL };

/* It is there, and needs no second look at its checksum. */
static void
test_fetched (Fixture *fixture, gconstpointer plan)
{
  g_assert_false (is_running (fixture));
  start (fixture);
  g_assert_true (is_running (fixture));
  wait_for_event (fixture, "finished small-test");
  g_assert_false (is_running (fixture));
  g_assert_cmpint (get_state (fixture), ==, WHIS_MODEL_STATE_VERIFIED);
}

/* However many ask for it, it is fetched once. */
static void
test_asked_twice (Fixture *fixture, gconstpointer plan)
{
  start (fixture);
  start (fixture);
  wait_for_event (fixture, "finished small-test");
  g_assert_cmpuint (file_server_get_n_requests (fixture->server), ==, 1);
}

/* A part from before, whose rest alone is asked for. */
static void
test_goes_on (Fixture *fixture, gconstpointer plan)
{
  write_part (fixture, 1, 123456);
  g_assert_cmpint (get_state (fixture), ==, WHIS_MODEL_STATE_PARTIAL);
  start (fixture);
  wait_for_event (fixture, "finished small-test");
  g_assert_cmpint (file_server_get_request (fixture->server, 0)->offset, ==, 123456);
  g_assert_cmpint (get_state (fixture), ==, WHIS_MODEL_STATE_VERIFIED);
}

/* A part of another file makes a whole that is none: it is fetched anew, from its beginning. */
static void
test_goes_on_with_part_of_another (Fixture *fixture, gconstpointer plan)
{
  write_part (fixture, 2, 123456);
  start (fixture);
  wait_for_event (fixture, "finished small-test");
  g_assert_cmpint (get_state (fixture), ==, WHIS_MODEL_STATE_VERIFIED);
  g_assert_cmpuint (file_server_get_n_requests (fixture->server), ==, 2);
  g_assert_cmpint (file_server_get_request (fixture->server, 1)->offset, ==, -1);
}

/* One byte of it is another one. */
static void
answer_changed (FileServer *server, const FileRequest *request, GIOStream *stream)
{
  g_autoptr (GBytes) other = small_model_make (3);

  file_write_head (stream, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", SMALL_MODEL_SIZE);
  file_write_bytes (stream, other, 0, SMALL_MODEL_SIZE);
}

static const FileAnswer changed[] = { answer_changed, NULL };

static void
test_wrong_checksum (Fixture *fixture, gconstpointer plan)
{
  start (fixture);
  wait_for_event (fixture, "failed small-test");
  g_assert_true (fixture->failure_domain == WHIS_HTTP_ERROR);
  g_assert_cmpint (fixture->failure_code, ==, WHIS_HTTP_ERROR_CHECKSUM);
  /* nothing that an engine could be given */
  g_assert_cmpint (get_state (fixture), ==, WHIS_MODEL_STATE_ABSENT);
  g_assert_cmpuint (fixture->kept, ==, 0);
  g_assert_false (is_running (fixture));
}

static void
test_missing (Fixture *fixture, gconstpointer plan)
{
  write_part (fixture, 1, 1000);
  start (fixture);
  wait_for_event (fixture, "failed small-test");
  g_assert_true (fixture->failure_domain == WHIS_HTTP_ERROR);
  g_assert_cmpuint (fixture->kept, ==, 1000);
  g_assert_cmpint (get_state (fixture), ==, WHIS_MODEL_STATE_PARTIAL);
}

/* What has come stays for the next time; that a second one may begin at once is part of it. */
static void
test_cancelled (Fixture *fixture, gconstpointer plan)
{
  write_part (fixture, 1, 1000);
  start (fixture);
  while (file_server_get_n_requests (fixture->server) == 0)
    g_main_context_iteration (NULL, FALSE);
  whis_model_downloads_cancel (fixture->downloads, "another");
  g_assert_true (is_running (fixture));
  whis_model_downloads_cancel (fixture->downloads, small_model.id);
  wait_for_event (fixture, "failed small-test");
  g_assert_true (fixture->failure_domain == G_IO_ERROR);
  g_assert_cmpint (fixture->failure_code, ==, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (fixture->kept, ==, 1000);
  g_assert_false (is_running (fixture));
  whis_model_downloads_cancel (fixture->downloads, small_model.id);
  g_assert_cmpuint (fixture->events->len, ==, 1);
}

/* The service ends in the midst of it: nobody is told, and the part stays. */
static void
test_forgotten (Fixture *fixture, gconstpointer plan)
{
  write_part (fixture, 1, 1000);
  start (fixture);
  while (file_server_get_n_requests (fixture->server) == 0)
    g_main_context_iteration (NULL, FALSE);
  g_assert_finalize_object (g_steal_pointer (&fixture->downloads));
  wait_for_store (g_steal_pointer (&fixture->store));
  open_store (fixture);
  g_assert_cmpuint (fixture->events->len, ==, 0);
  g_assert_cmpint (get_state (fixture), ==, WHIS_MODEL_STATE_PARTIAL);
}

/* A folder that cannot be written to, as on a disk that is mounted for reading. */
static void
test_no_place (Fixture *fixture, gconstpointer plan)
{
  g_autofree char *part = whis_part_file_dup_path (fixture->path);

  /* a directory in the place of the part fails for root, too */
  g_assert_cmpint (g_mkdir (part, 0700), ==, 0);
  start (fixture);
  wait_for_event (fixture, "failed small-test");
  g_assert_true (fixture->failure_domain == WHIS_HTTP_ERROR);
  g_assert_cmpint (get_state (fixture), !=, WHIS_MODEL_STATE_VERIFIED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  small_models_add ();

#define ADD(name, plan, func) g_test_add (name, Fixture, plan, set_up, func, tear_down)
  ADD ("/model-downloads/fetched", well, test_fetched);
  ADD ("/model-downloads/asked-twice", well, test_asked_twice);
  ADD ("/model-downloads/goes-on", well, test_goes_on);
  ADD ("/model-downloads/goes-on-with-part-of-another", well, test_goes_on_with_part_of_another);
  ADD ("/model-downloads/wrong-checksum", changed, test_wrong_checksum);
  ADD ("/model-downloads/missing", missing, test_missing);
  ADD ("/model-downloads/cancelled", silence, test_cancelled);
  ADD ("/model-downloads/forgotten", silence, test_forgotten);
  ADD ("/model-downloads/no-place", well, test_no_place);

  return g_test_run ();
}
