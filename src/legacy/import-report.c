/* SPDX-License-Identifier: MIT */
#include "import-report.h"

typedef struct
{
  char *what;
  char *sentence;
} Line;

struct _WhisImportReport
{
  GPtrArray *lines;
};

static void
line_free (Line *line)
{
  g_free (line->what);
  g_free (line->sentence);
  g_free (line);
}

/**
 * whis_import_report_new:
 *
 * Returns: (transfer full): an empty report
 */
WhisImportReport *
whis_import_report_new (void)
{
  WhisImportReport *self = g_new0 (WhisImportReport, 1);

  self->lines = g_ptr_array_new_with_free_func ((GDestroyNotify) line_free);

  return self;
}

void
whis_import_report_free (WhisImportReport *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->lines);
  g_free (self);
}

/**
 * whis_import_report_add:
 * @self: a report
 * @what: a word of the D-Bus method `ImportOriginal`
 * @format: what is said of it
 * @...: for @format
 *
 * Adds a line.
 */
void
whis_import_report_add (WhisImportReport *self, const char *what, const char *format, ...)
{
  Line *line = g_new0 (Line, 1);
  va_list args;

  va_start (args, format);
  line->what = g_strdup (what);
  line->sentence = g_strdup_vprintf (format, args);
  va_end (args);
  g_ptr_array_add (self->lines, line);
}

/**
 * whis_import_report_has:
 * @self: a report
 * @what: a word of the D-Bus method `ImportOriginal`
 *
 * Returns: whether a line has that word
 */
gboolean
whis_import_report_has (WhisImportReport *self, const char *what)
{
  for (guint i = 0; i < self->lines->len; i++)
    {
      const Line *line = g_ptr_array_index (self->lines, i);

      if (g_str_equal (line->what, what))
        return TRUE;
    }

  return FALSE;
}

/**
 * whis_import_report_to_variant:
 * @self: a report
 *
 * Returns: (transfer floating): the lines, of type `a(ss)`
 */
GVariant *
whis_import_report_to_variant (WhisImportReport *self)
{
  GVariantBuilder lines;

  g_variant_builder_init (&lines, G_VARIANT_TYPE ("a(ss)"));
  for (guint i = 0; i < self->lines->len; i++)
    {
      const Line *line = g_ptr_array_index (self->lines, i);

      g_variant_builder_add (&lines, "(ss)", line->what, line->sentence);
    }

  return g_variant_builder_end (&lines);
}
