/* SPDX-License-Identifier: MIT */
#include "service-stream.h"

#include <string.h>

#include "service-template.h"

/* A prime, so that pieces do not keep in step with anything. */
#define PIECE 7

static gboolean
is_to (ServiceCall *call, const char *failure)
{
  return call->failure != NULL && g_str_equal (call->failure->name, failure);
}

static void
append_event (ServiceCall *call, GString *events, const char *template, const char *text)
{
  g_autofree char *quoted = service_template_quote (text);
  g_autofree char *event = service_template_expand (template, "text", quoted, NULL);

  g_string_append (events, event);
  if (is_to (call, "stream-comments"))
    g_string_append (events, ": ping\n\n");
}

/* FALSE when the service fails on the way. */
static gboolean
append_deltas (ServiceCall *call, GString *events, const ServiceStream *stream, const char *text)
{
  const char *separator = stream->by_segment ? "\n" : " ";
  g_auto (GStrv) parts = g_strsplit (text, separator, -1);
  guint n = g_strv_length (parts);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *part = g_strconcat (i > 0 ? " " : "", parts[i], NULL);

      if (is_to (call, "stream-error") && i >= n / 2)
        {
          append_event (call, events, stream->error, "");
          return FALSE;
        }
      append_event (call, events, stream->delta, part);
    }

  return TRUE;
}

static char *
end_lines (ServiceCall *call, const char *events)
{
  g_auto (GStrv) lines = g_strsplit (events, "\n", -1);

  return g_strjoinv (is_to (call, "stream-crlf") ? "\r\n" : "\n", lines);
}

void
service_stream_answer (ServiceCall *call, const ServiceStream *stream)
{
  g_autoptr (ServiceTranscript) heard = service_call_hear (call, FALSE);
  g_autoptr (GString) events = g_string_new (stream->head);
  g_autofree char *lines = g_strchomp (service_transcript_lines (heard));

  if (append_deltas (call, events, stream, stream->by_segment ? lines : heard->text))
    {
      if (!is_to (call, "stream-without-done"))
        append_event (call, events, stream->done, heard->text);
      if (stream->end != NULL && !is_to (call, "stream-without-end"))
        g_string_append (events, stream->end);
    }
  service_call_answer_type (call, "text/event-stream; charset=utf-8",
                            end_lines (call, events->str));
  call->piece_size = PIECE;
}
