/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "download-fixture.h"

/* --- it works ----------------------------------------------------------------------------------
 */

static const FileAnswer well[] = { file_answer_well, NULL };

static void
note_progress (WhisDownload *download, guint64 *done)
{
  g_assert_cmpuint (whis_download_get_done (download), >, *done);
  g_assert_cmpuint (whis_download_get_total (download), ==, FILE_SIZE);
  *done = whis_download_get_done (download);
}

static void
test_whole (Fixture *fixture, gconstpointer plan)
{
  guint64 done = 0;

  fixture_create_download (fixture, file_server_get_url (fixture->server), NULL);
  g_signal_connect (fixture->download, "progress", G_CALLBACK (note_progress), &done);
  fixture_assert_runs (fixture);
  g_assert_cmpuint (done, ==, FILE_SIZE);
  g_assert_cmpuint (file_server_get_n_requests (fixture->server), ==, 1);
  g_assert_null (file_server_get_request (fixture->server, 0)->range);
}

static const FileAnswer cut_then_well[] = { file_answer_cut, file_answer_well, NULL };

static void
test_goes_on_after_cut (Fixture *fixture, gconstpointer plan)
{
  fixture_assert_runs (fixture);
  g_assert_cmpuint (file_server_get_n_requests (fixture->server), ==, 2);
  g_assert_cmpint (file_server_get_request (fixture->server, 1)->offset, ==, 300000);
  g_assert_cmpstr (file_server_get_request (fixture->server, 1)->if_range, ==, "\"first\"");
}

static void
answer_half (FileServer *server, const FileRequest *request, GIOStream *stream)
{
  file_write_head (stream, "HTTP/1.1 200 OK\r\nETag: \"first\"\r\nContent-Length: %d\r\n\r\n",
                   FILE_SIZE);
  file_write_bytes (stream, file_server_get_file (server), 0, FILE_SIZE / 2);
  file_wait_for_end (stream);
}

static const FileAnswer half_then_well[] = { answer_half, file_answer_well, NULL };

static void
cancel_at_half (WhisDownload *download, Fixture *fixture)
{
  if (whis_download_get_done (download) == FILE_SIZE / 2)
    g_cancellable_cancel (fixture->cancellable);
}

static void
test_cancelled_and_resumed (Fixture *fixture, gconstpointer plan)
{
  g_autoptr (GError) error = NULL;

  fixture_create_download (fixture, file_server_get_url (fixture->server), NULL);
  g_signal_connect (fixture->download, "progress", G_CALLBACK (cancel_at_half), fixture);
  g_assert_false (fixture_run (fixture, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  fixture_assert_no_file (fixture);
  g_assert_cmpuint (fixture_get_part_size (fixture), ==, FILE_SIZE / 2);

  /* Another process goes on. */
  fixture_create_download (fixture, file_server_get_url (fixture->server), NULL);
  fixture_assert_runs (fixture);
  g_assert_cmpint (file_server_get_request (fixture->server, 1)->offset, ==, FILE_SIZE / 2);
  g_assert_cmpstr (file_server_get_request (fixture->server, 1)->if_range, ==, "\"first\"");
}

static void
test_cancelled_before (Fixture *fixture, gconstpointer plan)
{
  g_autoptr (GError) error = NULL;

  fixture_create_download (fixture, file_server_get_url (fixture->server), NULL);
  g_cancellable_cancel (fixture->cancellable);
  g_assert_false (fixture_run (fixture, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (file_server_get_n_requests (fixture->server), ==, 0);
}

static const FileAnswer whole_only[] = { file_answer_whole, NULL };

static void
test_complete_part (Fixture *fixture, gconstpointer plan)
{
  fixture_write_part (fixture, FILE_SIZE);
  fixture_assert_runs (fixture);
  g_assert_cmpuint (file_server_get_n_requests (fixture->server), ==, 0);
}

/* --- servers with a mind of their own ----------------------------------------------------------
 */

static void
test_whole_to_range (Fixture *fixture, gconstpointer plan)
{
  fixture_write_part (fixture, 500000);
  fixture_assert_runs (fixture);
  g_assert_cmpint (file_server_get_request (fixture->server, 0)->offset, ==, 500000);
  g_assert_cmpuint (file_server_get_n_requests (fixture->server), ==, 1);
}

static void
answer_other_tag (FileServer *server, const FileRequest *request, GIOStream *stream)
{
  /* What If-Range names is gone, so all of the file comes. */
  g_assert_cmpstr (request->if_range, ==, "\"first\"");
  file_write_head (stream, "HTTP/1.1 200 OK\r\nETag: \"second\"\r\nContent-Length: %d\r\n\r\n",
                   FILE_SIZE);
  file_write_bytes (stream, file_server_get_file (server), 0, FILE_SIZE);
}

static const FileAnswer cut_then_other_tag[] = { file_answer_cut, answer_other_tag, NULL };

static void
test_changed_tag (Fixture *fixture, gconstpointer plan)
{
  fixture_assert_runs (fixture);
  g_assert_cmpuint (file_server_get_n_requests (fixture->server), ==, 2);
}

static void
answer_other_range (FileServer *server, const FileRequest *request, GIOStream *stream)
{
  file_write_head (stream,
                   "HTTP/1.1 206 Partial Content\r\nContent-Length: 1000\r\n"
                   "Content-Range: bytes 0-999/%d\r\n\r\n",
                   FILE_SIZE);
  file_write_bytes (stream, file_server_get_file (server), 0, 1000);
}

static void
answer_nameless_range (FileServer *server, const FileRequest *request, GIOStream *stream)
{
  file_write_head (stream, "HTTP/1.1 206 Partial Content\r\nContent-Length: 1000\r\n\r\n");
  file_write_bytes (stream, file_server_get_file (server), 0, 1000);
}

static const FileAnswer other_range[] = { answer_other_range, file_answer_well, NULL };
static const FileAnswer nameless_range[] = { answer_nameless_range, file_answer_well, NULL };

static void
test_other_range (Fixture *fixture, gconstpointer plan)
{
  fixture_write_part (fixture, 500000);
  fixture_assert_runs (fixture);
  g_assert_cmpuint (file_server_get_n_requests (fixture->server), ==, 2);
  g_assert_null (file_server_get_request (fixture->server, 1)->range);
}

static void
answer_no_range (FileServer *server, const FileRequest *request, GIOStream *stream)
{
  file_write_head (stream,
                   "HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */%d\r\n"
                   "Content-Length: 0\r\n\r\n",
                   FILE_SIZE);
}

static const FileAnswer no_range[] = { answer_no_range, file_answer_well, NULL };
static const FileAnswer never_range[] = { answer_no_range, NULL };

static void
test_no_range (Fixture *fixture, gconstpointer plan)
{
  fixture_write_part (fixture, 500000);
  fixture_assert_runs (fixture);
  g_assert_cmpuint (file_server_get_n_requests (fixture->server), ==, 2);
}

/* The length is not known, so the server's answer is what says that the part is the file. */
static void
test_no_range_of_complete_part (Fixture *fixture, gconstpointer plan)
{
  fixture_write_part (fixture, FILE_SIZE);
  fixture_create_download (fixture, file_server_get_url (fixture->server), NULL);
  whis_download_set_length (fixture->download, 0, FILE_SIZE + 1000);
  fixture_assert_runs (fixture);
  g_assert_cmpuint (file_server_get_n_requests (fixture->server), ==, 1);
}

static void
test_never_range (Fixture *fixture, gconstpointer plan)
{
  fixture_write_part (fixture, 500000);
  fixture_assert_fails (fixture, WHIS_HTTP_ERROR_STATUS);
  g_assert_cmpuint (file_server_get_n_requests (fixture->server), ==, 2);
}

static void
answer_longer (FileServer *server, const FileRequest *request, GIOStream *stream)
{
  file_write_head (stream, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", FILE_SIZE + 1);
  file_write_bytes (stream, file_server_get_file (server), 0, FILE_SIZE);
}

static void
answer_page (FileServer *server, const FileRequest *request, GIOStream *stream)
{
  file_write_head (stream, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>");
}

static const FileAnswer longer[] = { answer_longer, NULL };
static const FileAnswer page[] = { answer_page, NULL };

static void
test_other_length (Fixture *fixture, gconstpointer plan)
{
  fixture_assert_fails (fixture, WHIS_HTTP_ERROR_OTHER_FILE);
  g_assert_cmpuint (fixture_get_part_size (fixture), ==, 0);
  g_assert_cmpuint (file_server_get_n_requests (fixture->server), ==, 1);
}

/* No length is promised, and the bytes never end. */
static void
answer_endless (FileServer *server, const FileRequest *request, GIOStream *stream)
{
  GBytes *file = file_server_get_file (server);
  GOutputStream *output = g_io_stream_get_output_stream (stream);

  file_write_head (stream, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
  file_write_bytes (stream, file, 0, FILE_SIZE);
  while (g_output_stream_write_all (output, g_bytes_get_data (file, NULL), 4096, NULL, NULL, NULL))
    ;
}

static const FileAnswer endless[] = { answer_endless, NULL };

static void
test_endless (Fixture *fixture, gconstpointer plan)
{
  fixture_assert_runs (fixture);
}

/* No length is known here or there: the end of the answer is the end of the file. */
static void
answer_without_length (FileServer *server, const FileRequest *request, GIOStream *stream)
{
  file_write_head (stream, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
  file_write_bytes (stream, file_server_get_file (server), 0, FILE_SIZE);
}

static const FileAnswer without_length[] = { answer_without_length, NULL };

static void
test_without_length (Fixture *fixture, gconstpointer plan)
{
  fixture_create_download (fixture, file_server_get_url (fixture->server), NULL);
  whis_download_set_length (fixture->download, 0, FILE_SIZE + 1000);
  fixture_assert_runs (fixture);
}

static void
answer_other_file (FileServer *server, const FileRequest *request, GIOStream *stream)
{
  GBytes *file = file_server_get_file (server);

  file_write_head (stream, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", FILE_SIZE);
  file_write_bytes (stream, file, 1, FILE_SIZE);
  file_write_bytes (stream, file, 0, 1);
}

static const FileAnswer other_file[] = { answer_other_file, NULL };
static const FileAnswer other_file_once[] = { answer_other_file, file_answer_well, NULL };

static void
test_other_file (Fixture *fixture, gconstpointer plan)
{
  fixture_assert_fails (fixture, WHIS_HTTP_ERROR_CHECKSUM);
  g_assert_cmpuint (file_server_get_n_requests (fixture->server), ==, 2);
  g_assert_false (g_file_test (fixture->part, G_FILE_TEST_EXISTS));
}

static void
test_other_file_once (Fixture *fixture, gconstpointer plan)
{
  fixture_assert_runs (fixture);
  g_assert_null (file_server_get_request (fixture->server, 1)->range);
}

static void
test_damaged_part (Fixture *fixture, gconstpointer plan)
{
  int descriptor;

  fixture_write_part (fixture, 500000);
  descriptor = g_open (fixture->part, O_WRONLY, 0);
  g_assert_cmpint (pwrite (descriptor, "damage", 6, 1000), ==, 6);
  close (descriptor);
  fixture_assert_runs (fixture);
  g_assert_cmpint (file_server_get_request (fixture->server, 0)->offset, ==, 500000);
  g_assert_null (file_server_get_request (fixture->server, 1)->range);
}

static void
test_part_too_long (Fixture *fixture, gconstpointer plan)
{
  fixture_write_part (fixture, FILE_SIZE);
  g_assert_cmpint (truncate (fixture->part, FILE_SIZE + 10), ==, 0);
  fixture_assert_runs (fixture);
  g_assert_cmpuint (file_server_get_n_requests (fixture->server), ==, 1);
}

#define ADD(name, plan, func)                                                                      \
  g_test_add (name, Fixture, plan, fixture_set_up, func, fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/download/whole", well, test_whole);
  ADD ("/download/goes-on-after-cut", cut_then_well, test_goes_on_after_cut);
  ADD ("/download/cancelled-and-resumed", half_then_well, test_cancelled_and_resumed);
  ADD ("/download/cancelled-before", well, test_cancelled_before);
  ADD ("/download/complete-part", well, test_complete_part);
  ADD ("/download/whole-to-range", whole_only, test_whole_to_range);
  ADD ("/download/changed-tag", cut_then_other_tag, test_changed_tag);
  ADD ("/download/other-range", other_range, test_other_range);
  ADD ("/download/nameless-range", nameless_range, test_other_range);
  ADD ("/download/no-range", no_range, test_no_range);
  ADD ("/download/no-range-of-complete-part", no_range, test_no_range_of_complete_part);
  ADD ("/download/never-range", never_range, test_never_range);
  ADD ("/download/longer", longer, test_other_length);
  ADD ("/download/page", page, test_other_length);
  ADD ("/download/endless", endless, test_endless);
  ADD ("/download/without-length", without_length, test_without_length);
  ADD ("/download/other-file", other_file, test_other_file);
  ADD ("/download/other-file-once", other_file_once, test_other_file_once);
  ADD ("/download/damaged-part", well, test_damaged_part);
  ADD ("/download/part-too-long", well, test_part_too_long);

  return g_test_run ();
}
