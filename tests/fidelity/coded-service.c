/* SPDX-License-Identifier: MIT */

/*
 * A transcription service that understands the word code, in the OpenAI dialect on 127.0.0.1:
 *
 *   coded-service [--seed N] [--least MS] [--most MS] [--faults SHARE] [--most-faults N]
 *                 [--garble SHARE]
 *
 * Prints its address, then serves until its standard input ends. An answer takes between --least
 * and
 * --most milliseconds from the last byte of the upload on. A share of the uploads meets a fault in
 * place of an answer, a different one each time and at most --most-faults times for the same sound:
 * 500, 429 with and without a wait, a reset before or within the answer, an answer that comes late.
 * Words that are cut off at the ends of the sound are left out; or --garble puts wrong words in
 * their place. What happens depends on the seed and the sound alone. GET /log tells of all uploads
 * since it was last asked, a line each: received and answered (µs, monotonic), status, bytes, text.
 */

#include "http-program.h"
#include "sound-decode.h"
#include "word-code.h"

#include <gst/gst.h>

/* More sound than this beside the outermost whole word is a part of a word. */
#define FRAGMENT_MS 60
#define FRAGMENT_LEVEL 250

static int seed;
static int least_ms;
static int most_ms;
static double fault_share;
static int most_faults = 2;
static double garble_share;

static const GOptionEntry options[] = {
  { "seed", 0, 0, G_OPTION_ARG_INT, &seed, "Of latencies and faults", "N" },
  { "least", 0, 0, G_OPTION_ARG_INT, &least_ms, "Least latency", "MS" },
  { "most", 0, 0, G_OPTION_ARG_INT, &most_ms, "Most latency", "MS" },
  { "faults", 0, 0, G_OPTION_ARG_DOUBLE, &fault_share, "Share of uploads that fail", "SHARE" },
  { "most-faults", 0, 0, G_OPTION_ARG_INT, &most_faults, "For the same sound", "N" },
  { "garble", 0, 0, G_OPTION_ARG_DOUBLE, &garble_share, "Cut words that are misheard", "SHARE" },
  { NULL },
};

typedef enum
{
  FAULT_NONE,
  FAULT_500,
  FAULT_429,
  FAULT_429_WAIT_0,
  FAULT_429_WAIT_1,
  FAULT_RESET,
  FAULT_TRUNCATED,
  FAULT_SLOW,
  N_FAULTS
} Fault;

typedef struct
{
  SoupServerMessage *message;
  GBytes *sound;
  GRand *chance;
  Fault fault;
  gint64 received;
  guint latency_ms;
  char *text;
} Upload;

/* checksum of a sound -> how often it has failed */
static GHashTable *failures;
static GString *events;

static void
upload_free (gpointer data)
{
  Upload *upload = data;

  g_object_unref (upload->message);
  g_bytes_unref (upload->sound);
  g_rand_free (upload->chance);
  g_free (upload->text);
  g_free (upload);
}

static GBytes *
find_file (SoupServerMessage *message)
{
  g_autoptr (GBytes) body =
      soup_message_body_flatten (soup_server_message_get_request_body (message));
  g_autoptr (SoupMultipart) form =
      soup_multipart_new_from_message (soup_server_message_get_request_headers (message), body);

  for (int i = 0; form != NULL && i < soup_multipart_get_length (form); i++)
    {
      SoupMessageHeaders *headers;
      GBytes *part;
      g_autoptr (GHashTable) params = NULL;
      g_autofree char *disposition = NULL;

      if (soup_multipart_get_part (form, i, &headers, &part)
          && soup_message_headers_get_content_disposition (headers, &disposition, &params)
          && g_strcmp0 (g_hash_table_lookup (params, "name"), "file") == 0)
        return g_bytes_ref (part);
    }

  return NULL;
}

/* Whether a part of a word is between two places, in samples. */
static gboolean
has_fragment (const GArray *samples, gsize from, gsize to)
{
  guint loud = 0;

  for (gsize i = from; i < to; i++)
    loud += ABS (g_array_index (samples, gint16, i)) > FRAGMENT_LEVEL;

  return loud > FRAGMENT_MS * WORD_CODE_RATE / 1000 / 2;
}

static void
add_word (GString *text, guint number)
{
  g_autofree char *word = word_code_spell (number);

  g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", word);
}

static void
add_fragment (Upload *upload, const GArray *samples, gsize from, gsize to, GString *text)
{
  if (g_rand_double (upload->chance) < garble_share && has_fragment (samples, from, to))
    add_word (text, (guint) g_rand_int_range (upload->chance, 0, WORD_CODE_WORDS));
}

static char *
understand (Upload *upload, const GArray *samples)
{
  const gint16 *first = &g_array_index (samples, gint16, 0);
  g_autoptr (GArray) words = word_code_find (first, samples->len);
  GString *text = g_string_new (NULL);
  gsize end = 0;

  for (guint i = 0; i < words->len; i++)
    {
      const WordCodeWord *word = &g_array_index (words, WordCodeWord, i);

      if (i == 0)
        add_fragment (upload, samples, 0, word->start, text);
      add_word (text, word->number);
      end = word->end;
    }
  if (words->len > 0)
    add_fragment (upload, samples, MIN (end, samples->len), samples->len, text);

  return g_string_free (text, FALSE);
}

static void
recognise_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Upload *upload = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) samples = sound_decode_upload (upload->sound, &error);

  if (samples != NULL)
    upload->text = understand (upload, samples);
  else
    g_printerr ("%s\n", error->message);
  g_task_return_boolean (task, upload->text != NULL);
}

static void
note (Upload *upload, int status)
{
  g_string_append_printf (events, "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %d %zu %s\n",
                          upload->received, g_get_monotonic_time (), status,
                          g_bytes_get_size (upload->sound), upload->text);
}

static void
refuse (Upload *upload, guint status, const char *retry_after)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (upload->message);

  if (retry_after != NULL)
    soup_message_headers_append (headers, "Retry-After", retry_after);
  http_answer (upload->message, status, "{\"error\":{\"message\":\"told to fail\",\"code\":null}}");
  note (upload, (int) status);
  soup_server_message_unpause (upload->message);
}

static void
answer (Upload *upload)
{
  g_autofree char *body = g_strdup_printf ("{\"text\":\"%s\"}", upload->text);

  http_answer (upload->message, 200, body);
  note (upload, 200);
  soup_server_message_unpause (upload->message);
}

static gboolean
respond (gpointer data)
{
  Upload *upload = data;
  static const char *const waits[N_FAULTS] = { [FAULT_429_WAIT_0] = "0", [FAULT_429_WAIT_1] = "1" };

  switch (upload->fault)
    {
    case FAULT_500:
      refuse (upload, 500, NULL);
      break;
    case FAULT_429:
    case FAULT_429_WAIT_0:
    case FAULT_429_WAIT_1:
      refuse (upload, 429, waits[upload->fault]);
      break;
    case FAULT_RESET:
    case FAULT_TRUNCATED:
      note (upload, 0);
      http_break_off (upload->message, soup_server_message_get_socket (upload->message),
                      "{\"text\":\"half an answer, of which this is not the end\"}",
                      upload->fault == FAULT_TRUNCATED);
      break;
    case FAULT_NONE:
    case FAULT_SLOW:
    case N_FAULTS:
    default:
      answer (upload);
    }
  upload_free (upload);

  return G_SOURCE_REMOVE;
}

static void
recognised_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  Upload *upload = data;
  gint64 due = upload->received + 1000 * (gint64) upload->latency_ms;
  gint64 left = MAX (due - g_get_monotonic_time (), 0);

  if (!g_task_propagate_boolean (G_TASK (result), NULL))
    {
      upload->text = g_strdup ("");
      upload->fault = FAULT_500;
    }
  g_timeout_add_full (G_PRIORITY_HIGH, (guint) (left / 1000), respond, upload, NULL);
}

/* The same sound meets the same faults, however often and in whatever order it comes. */
static void
draw_lots (Upload *upload)
{
  g_autofree char *sum = g_compute_checksum_for_bytes (G_CHECKSUM_MD5, upload->sound);
  guint times = GPOINTER_TO_UINT (g_hash_table_lookup (failures, sum));
  guint32 seeds[] = { (guint32) seed, g_str_hash (sum), times };

  upload->chance = g_rand_new_with_seed_array (seeds, G_N_ELEMENTS (seeds));
  upload->latency_ms =
      (guint) g_rand_int_range (upload->chance, least_ms, MAX (most_ms, least_ms) + 1);
  if ((int) times >= most_faults || g_rand_double (upload->chance) >= fault_share)
    return;

  upload->fault = (Fault) g_rand_int_range (upload->chance, FAULT_500, N_FAULTS);
  if (upload->fault == FAULT_SLOW)
    upload->latency_ms += 2000;
  g_hash_table_insert (failures, g_steal_pointer (&sum), GUINT_TO_POINTER (times + 1));
}

static void
transcribe (SoupServerMessage *message, GBytes *sound)
{
  Upload *upload = g_new0 (Upload, 1);
  g_autoptr (GTask) task = g_task_new (NULL, NULL, recognised_cb, upload);

  upload->message = g_object_ref (message);
  upload->sound = sound;
  upload->received = g_get_monotonic_time ();
  draw_lots (upload);
  soup_server_message_pause (message);
  g_task_set_task_data (task, upload, NULL);
  g_task_run_in_thread (task, recognise_in_thread);
}

static void
handle (SoupServer *server,
        SoupServerMessage *message,
        const char *path,
        GHashTable *query,
        gpointer data)
{
  GBytes *sound;

  if (g_str_equal (path, "/log"))
    {
      http_answer (message, 200, events->str);
      g_string_truncate (events, 0);
    }
  else if (g_str_has_suffix (path, "/models"))
    http_answer (message, 200, "{\"object\":\"list\",\"data\":[]}");
  else if ((sound = find_file (message)) != NULL)
    transcribe (message, sound);
  else
    http_answer (message, 400, "{\"error\":{\"message\":\"There is no file.\"}}");
}

int
main (int argc, char **argv)
{
  if (!http_program_parse (&argc, &argv, options))
    return 1;

  gst_init (NULL, NULL);
  failures = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  events = g_string_new (NULL);

  return http_program_run (handle, 0, TRUE);
}
