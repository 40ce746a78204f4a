/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <unistd.h>
#include <utime.h>

#include "download-fixture.h"
#include "part-file.h"
#include "service.h"

static const FileAnswer well[] = { file_answer_well, NULL };

/* --- connections -------------------------------------------------------------------------------
 */

static void
answer_nothing (FileServer *server, const FileRequest *request, GIOStream *stream)
{
}

static const FileAnswer nothing[] = { answer_nothing, NULL };
static const FileAnswer always_cut[] = { file_answer_cut, NULL };

static void
test_always_broken (Fixture *fixture, gconstpointer plan)
{
  fixture_assert_fails (fixture, WHIS_HTTP_ERROR_NETWORK);
  g_assert_cmpuint (file_server_get_n_requests (fixture->server), ==, 5);
}

/* 300,000 bytes at a time are less than a try has to bring; all the same all of them are kept. */
static void
test_small_steps (Fixture *fixture, gconstpointer plan)
{
  fixture_assert_fails (fixture, WHIS_HTTP_ERROR_NETWORK);
  g_assert_cmpuint (fixture_get_part_size (fixture), ==, 5 * 300000);
  fixture_create_download (fixture, file_server_get_url (fixture->server), NULL);
  fixture_assert_runs (fixture);
}

static const FileAnswer silence[] = { file_answer_silence, NULL };

static void
set_short_patience (Fixture *fixture)
{
  const WhisDownloadTimeouts patience = { .connect_ms = 100, .stall_ms = 100, .wait_ms = 1 };

  fixture_create_download (fixture, file_server_get_url (fixture->server), NULL);
  whis_download_set_timeouts (fixture->download, &patience);
}

static void
test_silence (Fixture *fixture, gconstpointer plan)
{
  set_short_patience (fixture);
  fixture_assert_fails (fixture, WHIS_HTTP_ERROR_TIMEOUT);
  g_assert_cmpuint (file_server_get_n_requests (fixture->server), ==, 5);
}

static void
test_cancelled_in_silence (Fixture *fixture, gconstpointer plan)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  fixture_create_download (fixture, file_server_get_url (fixture->server), NULL);
  whis_download_run_async (fixture->download, fixture->cancellable, fixture_on_done, fixture);
  while (file_server_get_n_requests (fixture->server) == 0)
    g_main_context_iteration (NULL, FALSE);
  g_cancellable_cancel (fixture->cancellable);
  while (fixture->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  result = g_steal_pointer (&fixture->result);
  g_assert_false (whis_download_run_finish (fixture->download, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Some bytes, again and again, until the client goes. */
static void
answer_drops (FileServer *server, const FileRequest *request, GIOStream *stream)
{
  GOutputStream *output = g_io_stream_get_output_stream (stream);

  file_write_head (stream, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", FILE_SIZE);
  while (g_output_stream_write_all (output, "drop", 4, NULL, NULL, NULL))
    g_usleep (5000);
}

static const FileAnswer drops[] = { answer_drops, NULL };

static void
test_drops (Fixture *fixture, gconstpointer plan)
{
  set_short_patience (fixture);
  fixture_assert_fails (fixture, WHIS_HTTP_ERROR_TIMEOUT);
}

static void
answer_halt (FileServer *server, const FileRequest *request, GIOStream *stream)
{
  file_answer_cut (server, request, stream);
  file_wait_for_end (stream);
}

static const FileAnswer halt_then_well[] = { answer_halt, file_answer_well, NULL };

static void
test_halt (Fixture *fixture, gconstpointer plan)
{
  const WhisDownloadTimeouts patience = { .connect_ms = 60000, .stall_ms = 1000, .wait_ms = 1 };

  fixture_create_download (fixture, file_server_get_url (fixture->server), NULL);
  whis_download_set_timeouts (fixture->download, &patience);
  fixture_assert_runs (fixture);
}

static void
answer_server_error (FileServer *server, const FileRequest *request, GIOStream *stream)
{
  file_write_head (stream, "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
}

static const FileAnswer server_error_then_well[] = { answer_server_error, answer_server_error,
                                                     file_answer_well, NULL };

static void
test_server_error (Fixture *fixture, gconstpointer plan)
{
  fixture_assert_runs (fixture);
  g_assert_cmpuint (file_server_get_n_requests (fixture->server), ==, 3);
}

/* --- addresses ---------------------------------------------------------------------------------
 */

static const FileAnswer missing[] = { file_answer_missing, NULL };

static void
test_missing (Fixture *fixture, gconstpointer plan)
{
  fixture_assert_fails (fixture, WHIS_HTTP_ERROR_STATUS);
  g_assert_cmpuint (file_server_get_n_requests (fixture->server), ==, 1);
}

static void
test_second_address (Fixture *fixture, gconstpointer plan)
{
  g_autoptr (FileServer) other = file_server_new (fixture->file, well);

  fixture_create_download (fixture, file_server_get_url (fixture->server),
                           file_server_get_url (other));
  fixture_assert_runs (fixture);
  g_assert_cmpuint (file_server_get_n_requests (other), ==, 1);
}

/* The part of the first is gone on with at the second, whose entity tags are others. */
static void
test_second_address_goes_on (Fixture *fixture, gconstpointer plan)
{
  g_autoptr (FileServer) other = file_server_new (fixture->file, well);

  fixture_create_download (fixture, file_server_get_url (fixture->server),
                           file_server_get_url (other));
  fixture_assert_runs (fixture);
  g_assert_cmpint (file_server_get_request (other, 0)->offset, ==, 5 * 300000);
  g_assert_null (file_server_get_request (other, 0)->if_range);
}

static void
answer_redirect (FileServer *server, const FileRequest *request, GIOStream *stream)
{
  file_write_head (stream,
                   "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n");
}

static void
answer_redirect_to_http (FileServer *server, const FileRequest *request, GIOStream *stream)
{
  file_write_head (stream, "HTTP/1.1 302 Found\r\nLocation: http://192.0.2.1/model.bin\r\n"
                           "Content-Length: 0\r\n\r\n");
}

static void
answer_redirect_to_file (FileServer *server, const FileRequest *request, GIOStream *stream)
{
  file_write_head (stream, "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n"
                           "Content-Length: 0\r\n\r\n");
}

static const FileAnswer redirect_then_well[] = { answer_redirect, file_answer_well, NULL };
static const FileAnswer redirect_to_http[] = { answer_redirect_to_http, NULL };
static const FileAnswer redirect_to_file[] = { answer_redirect_to_file, NULL };
static const FileAnswer redirect_for_ever[] = { answer_redirect, NULL };

static void
test_redirect (Fixture *fixture, gconstpointer plan)
{
  fixture_write_part (fixture, 500000);
  fixture_assert_runs (fixture);
  g_assert_cmpstr (file_server_get_request (fixture->server, 1)->path, ==, "/elsewhere");
  g_assert_cmpint (file_server_get_request (fixture->server, 1)->offset, ==, 500000);
}

static void
test_bad_redirect (Fixture *fixture, gconstpointer plan)
{
  fixture_assert_fails (fixture, WHIS_HTTP_ERROR_ADDRESS);
}

static void
test_plain_address (Fixture *fixture, gconstpointer plan)
{
  static const char *const addresses[] = { "http://example.org/model.bin", "ftp://127.0.0.1/x",
                                           "file:///etc/passwd", "model.bin", "" };

  for (gsize i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      fixture_create_download (fixture, addresses[i], NULL);
      fixture_assert_fails (fixture, WHIS_HTTP_ERROR_ADDRESS);
    }
}

static void
test_certificate (Fixture *fixture, gconstpointer plan)
{
  g_autofree char *certificate =
      g_test_build_filename (G_TEST_DIST, "speech", "self-signed.pem", NULL);
  g_autoptr (TestService) server = test_service_new_scripted_tls (certificate);

  fixture_create_download (fixture, test_service_get_url (server), NULL);
  fixture_assert_fails (fixture, WHIS_HTTP_ERROR_TLS);
  g_assert_cmpuint (test_service_get_n_requests (server), ==, 0);
}

/* --- a network that costs money ----------------------------------------------------------------
 */

#define TEST_TYPE_METERED (test_metered_get_type ())
G_DECLARE_FINAL_TYPE (TestMetered, test_metered, TEST, METERED, GObject)

struct _TestMetered
{
  GObject parent_instance;
};

static void
metered_init_interface (gpointer iface, gpointer data)
{
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestMetered,
                               test_metered,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_INITABLE, metered_init_interface)
                                   G_IMPLEMENT_INTERFACE (G_TYPE_NETWORK_MONITOR,
                                                          metered_init_interface))

enum
{
  PROP_AVAILABLE = 1,
  PROP_METERED,
  PROP_CONNECTIVITY,
};

static void
test_metered_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_CONNECTIVITY)
    g_value_set_enum (value, G_NETWORK_CONNECTIVITY_FULL);
  else
    g_value_set_boolean (value, TRUE);
}

static void
test_metered_class_init (TestMeteredClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = test_metered_get_property;
  g_object_class_override_property (object_class, PROP_AVAILABLE, "network-available");
  g_object_class_override_property (object_class, PROP_METERED, "network-metered");
  g_object_class_override_property (object_class, PROP_CONNECTIVITY, "connectivity");
}

static void
test_metered_init (TestMetered *self)
{
}

/* --- this computer -----------------------------------------------------------------------------
 */

static void
test_no_space (Fixture *fixture, gconstpointer plan)
{
  fixture_create_download (fixture, file_server_get_url (fixture->server), NULL);
  whis_download_set_length (fixture->download, 0, G_MAXINT64 / 2);
  fixture_assert_fails (fixture, WHIS_HTTP_ERROR_SPACE);
  g_assert_cmpuint (file_server_get_n_requests (fixture->server), ==, 0);
}

/* A write that fails in the middle of the file. */
static void
test_write_fails (Fixture *fixture, gconstpointer plan)
{
  struct rlimit before, limit;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  limit = before;
  limit.rlim_cur = 1000000;
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  fixture_create_download (fixture, file_server_get_url (fixture->server), NULL);
  {
    g_autoptr (GError) error = NULL;
    gboolean done = fixture_run (fixture, &error);

    g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
    g_assert_false (done);
    g_assert_error (error, WHIS_HTTP_ERROR, WHIS_HTTP_ERROR_STORAGE);
  }
  fixture_assert_no_file (fixture);
  g_assert_cmpuint (fixture_get_part_size (fixture), >, 0);
  g_assert_cmpuint (fixture_get_part_size (fixture), <=, 1000000);

  /* The part is good all the same. */
  fixture_create_download (fixture, file_server_get_url (fixture->server), NULL);
  fixture_assert_runs (fixture);
  g_assert_cmpint (file_server_get_request (fixture->server, 1)->offset, >, 0);
}

static void
test_metered (Fixture *fixture, gconstpointer plan)
{
  g_autoptr (TestMetered) monitor = g_object_new (TEST_TYPE_METERED, NULL);

  fixture_create_download (fixture, file_server_get_url (fixture->server), NULL);
  whis_download_set_network_monitor (fixture->download, G_NETWORK_MONITOR (monitor));
  fixture_assert_fails (fixture, WHIS_HTTP_ERROR_METERED);
  g_assert_cmpuint (file_server_get_n_requests (fixture->server), ==, 0);

  fixture_create_download (fixture, file_server_get_url (fixture->server), NULL);
  whis_download_set_network_monitor (fixture->download, G_NETWORK_MONITOR (monitor));
  whis_download_set_allow_metered (fixture->download, TRUE);
  fixture_assert_runs (fixture);
}

static void
test_busy (Fixture *fixture, gconstpointer plan)
{
  int descriptor;

  fixture_write_part (fixture, 1000);
  descriptor = g_open (fixture->part, O_RDONLY, 0);
  g_assert_cmpint (flock (descriptor, LOCK_EX), ==, 0);
  fixture_assert_fails (fixture, WHIS_HTTP_ERROR_BUSY);
  close (descriptor);
  g_assert_cmpuint (fixture_get_part_size (fixture), ==, 1000);
}

static void
test_old_parts (Fixture *fixture, gconstpointer plan)
{
  g_autofree char *models = g_path_get_dirname (fixture->path);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  struct utimbuf old = { .modtime = (time_t) (now - 31 * 24 * 60 * 60) };
  struct utimbuf young = { .modtime = (time_t) (now - 29 * 24 * 60 * 60) };

  fixture_write_part (fixture, 1000);
  g_utime (fixture->part, &young);
  whis_part_files_remove_old (models);
  g_assert_cmpuint (fixture_get_part_size (fixture), ==, 1000);
  g_utime (fixture->part, &old);
  whis_part_files_remove_old (models);
  g_assert_false (g_file_test (fixture->part, G_FILE_TEST_EXISTS));
  whis_part_files_remove_old ("/nonexistent");
}

#define ADD(name, plan, func)                                                                      \
  g_test_add (name, Fixture, plan, fixture_set_up, func, fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/download-failures/always-broken", nothing, test_always_broken);
  ADD ("/download-failures/small-steps", always_cut, test_small_steps);
  ADD ("/download-failures/silence", silence, test_silence);
  ADD ("/download-failures/cancelled-in-silence", silence, test_cancelled_in_silence);
  ADD ("/download-failures/drops", drops, test_drops);
  ADD ("/download-failures/halt", halt_then_well, test_halt);
  ADD ("/download-failures/server-error", server_error_then_well, test_server_error);
  ADD ("/download-failures/missing", missing, test_missing);
  ADD ("/download-failures/second-address", missing, test_second_address);
  ADD ("/download-failures/second-address/goes-on", always_cut, test_second_address_goes_on);
  ADD ("/download-failures/redirect", redirect_then_well, test_redirect);
  ADD ("/download-failures/redirect-to-http", redirect_to_http, test_bad_redirect);
  ADD ("/download-failures/redirect-to-file", redirect_to_file, test_bad_redirect);
  ADD ("/download-failures/redirect-for-ever", redirect_for_ever, test_bad_redirect);
  ADD ("/download-failures/plain-address", NULL, test_plain_address);
  ADD ("/download-failures/certificate", NULL, test_certificate);
  ADD ("/download-failures/no-space", well, test_no_space);
  ADD ("/download-failures/write-fails", well, test_write_fails);
  ADD ("/download-failures/metered", well, test_metered);
  ADD ("/download-failures/busy", well, test_busy);
  ADD ("/download-failures/old-parts", NULL, test_old_parts);

  return g_test_run ();
}
