/* SPDX-License-Identifier: MIT */
#include "live-protocol.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* A conversation: the dialect, then messages, each in a line. A line that begins with "+" or "-" is
 * our side: it ends a chunk with or without speech. */

static void
take_message (const WhisLiveProtocol *protocol, WhisLiveMarks *marks, const char *line, gsize size)
{
  g_auto (WhisLiveEvent) event = { WHIS_LIVE_EVENT_NONE };

  protocol->parse (line, size, &event);
  g_assert_true (event.text == NULL || g_utf8_validate (event.text, -1, NULL));
  g_assert_true (event.type == WHIS_LIVE_EVENT_REFUSED || event.status == 0);
  g_assert_cmpuint (event.start_us, <=, event.end_us);
  whis_live_marks_handle_event (marks, &event);
  if (event.type == WHIS_LIVE_EVENT_DONE)
    whis_live_marks_settle_all (marks);
}

/* The chunks come in order, each once. */
static void
take_texts (WhisLiveMarks *marks,
            gboolean (*pop) (WhisLiveMarks *, guint *, char **),
            guint *n_told)
{
  guint chunk;
  char *popped;

  while (pop (marks, &chunk, &popped))
    {
      g_autofree char *text = popped;

      g_assert_cmpuint (chunk, >=, *n_told);
      g_assert_true (text == NULL || g_utf8_validate (text, -1, NULL));
      *n_told = chunk + 1;
    }
}

static void
take_line (const WhisLiveProtocol *protocol,
           WhisLiveMarks *marks,
           guint *n_chunks,
           const char *line,
           gsize size)
{
  guint64 end;

  if (size == 0 || (*line != '+' && *line != '-'))
    {
      take_message (protocol, marks, line, size);
      return;
    }
  whis_live_marks_add (marks, *n_chunks, *line == '+', (*n_chunks + 1) * (guint64) protocol->rate);
  ++*n_chunks;
  if (whis_live_marks_get_next_commit (marks, &end))
    whis_live_marks_commit (marks);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const WhisLiveProtocol *protocol =
      whis_live_protocol_get (size > 0 ? WHIS_LIVE_OPENAI + data[0] % 3 : WHIS_LIVE_OPENAI);
  g_autoptr (WhisLiveMarks) marks = whis_live_marks_new (protocol->match, protocol->rate);
  const char *at = size > 0 ? (const char *) data + 1 : NULL;
  gsize left = size > 0 ? size - 1 : 0;
  guint n_chunks = 0;
  guint n_told = 0;

  while (left > 0)
    {
      const char *end = memchr (at, '\n', left);
      gsize length = end != NULL ? (gsize) (end - at) : left;
      g_autofree char *partial = NULL;

      take_line (protocol, marks, &n_chunks, at, length);
      take_texts (marks, whis_live_marks_pop, &n_told);
      partial = whis_live_marks_dup_partial (marks);
      g_assert_true (g_utf8_validate (partial, -1, NULL));
      at += MIN (length + 1, left);
      left -= MIN (length + 1, left);
    }
  take_texts (marks, whis_live_marks_pop_rest, &n_told);
  g_assert_cmpuint (n_told, <=, n_chunks);

  return 0;
}
