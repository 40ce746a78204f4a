/* SPDX-License-Identifier: MIT */
#include "service-transcript.h"

#include <string.h>

#include "service-template.h"

typedef struct
{
  /* positions of words, from 0 up to and without */
  guint first;
  guint end;
} Span;

ServiceTranscript *
service_transcript_new (const char *text, guint64 duration_ms)
{
  ServiceTranscript *self = g_new0 (ServiceTranscript, 1);

  self->text = g_strdup (text);
  self->duration_ms = duration_ms;

  return self;
}

void
service_transcript_free (ServiceTranscript *self)
{
  g_free (self->text);
  g_free (self);
}

static char **
split_words (ServiceTranscript *self)
{
  g_auto (GStrv) words = g_strsplit (self->text, " ", -1);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; words[i] != NULL; i++)
    if (words[i][0] != '\0')
      g_strv_builder_add (builder, words[i]);

  return g_strv_builder_end (builder);
}

/* The place of word @i of @n. */
static guint64
get_ms (ServiceTranscript *self, guint i, guint n)
{
  return self->duration_ms * i / MAX (n, 1);
}

static char *
expand (ServiceTranscript *self,
        const char *template,
        const char *text,
        Span span,
        guint n,
        guint index,
        const char *words)
{
  guint64 start = get_ms (self, span.first, n);
  guint64 end = get_ms (self, span.end, n);
  g_autofree char *quoted = service_template_quote (text);
  g_autofree char *start_s = service_template_seconds (start);
  g_autofree char *end_s = service_template_seconds (end);
  g_autofree char *start_ms = g_strdup_printf ("%" G_GUINT64_FORMAT, start);
  g_autofree char *end_ms = g_strdup_printf ("%" G_GUINT64_FORMAT, end);
  g_autofree char *index_s = g_strdup_printf ("%u", index);

  return service_template_expand (template, "start", start_s, "end", end_s, "start_ms", start_ms,
                                  "end_ms", end_ms, "index", index_s, "words", words, "text",
                                  quoted, NULL);
}

static void
append (GString *array, char *element)
{
  if (array->len > 1)
    g_string_append_c (array, ',');
  g_string_append (array, element);
  g_free (element);
}

static char *
make_words (ServiceTranscript *self, const char *template, char **words, Span span)
{
  guint n = g_strv_length (words);
  GString *array = g_string_new ("[");

  for (guint i = span.first; template != NULL && i < span.end; i++)
    append (array, expand (self, template, words[i], (Span){ i, i + 1 }, n, i, ""));
  g_string_append_c (array, ']');

  return g_string_free (array, FALSE);
}

char *
service_transcript_words (ServiceTranscript *self, const char *template)
{
  g_auto (GStrv) words = split_words (self);

  return make_words (self, template, words, (Span){ 0, g_strv_length (words) });
}

static gboolean
ends_sentence (const char *word)
{
  return strchr (".?!", word[strlen (word) - 1]) != NULL;
}

static Span
find_segment (char **words, guint first)
{
  Span span = { first, first };

  while (words[span.end] != NULL)
    if (ends_sentence (words[span.end++]))
      break;

  return span;
}

static char *
join (char **words, Span span)
{
  GString *text = g_string_new (words[span.first]);

  for (guint i = span.first + 1; i < span.end; i++)
    g_string_append_printf (text, " %s", words[i]);

  return g_string_free (text, FALSE);
}

char *
service_transcript_segments (ServiceTranscript *self,
                             const char *template,
                             const char *word_template)
{
  g_auto (GStrv) words = split_words (self);
  GString *array = g_string_new ("[");
  Span span = { 0, 0 };

  for (guint i = 0; words[span.end] != NULL; i++)
    {
      g_autofree char *text = NULL;
      g_autofree char *inner = NULL;

      span = find_segment (words, span.end);
      text = join (words, span);
      inner = make_words (self, word_template, words, span);
      append (array, expand (self, template, text, span, g_strv_length (words), i, inner));
    }
  g_string_append_c (array, ']');

  return g_string_free (array, FALSE);
}

char *
service_transcript_lines (ServiceTranscript *self)
{
  g_auto (GStrv) words = split_words (self);
  GString *lines = g_string_new (NULL);
  Span span = { 0, 0 };

  while (words[span.end] != NULL)
    {
      g_autofree char *text = NULL;

      span = find_segment (words, span.end);
      text = join (words, span);
      g_string_append_printf (lines, "%s\n", text);
    }

  return g_string_free (lines, FALSE);
}
