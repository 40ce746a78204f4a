/* SPDX-License-Identifier: MIT */
#include "import-text.h"

#include <glib/gi18n-lib.h>

/* What the words of the D-Bus method `ImportOriginal` mean, in the order in which people want to
 * know it. */
static const struct
{
  const char *what;
  const char *heading;
  const char *heading_dry;
} parts[] = {
  { "read", N_ ("Read:"), N_ ("Read:") },
  { "imported", N_ ("Imported:"), N_ ("Would be imported:") },
  { "same", N_ ("The same already:"), N_ ("The same already:") },
  { "kept", N_ ("Kept as it is in Whis:"), N_ ("Would be kept as it is in Whis:") },
  { "waiting", N_ ("Not imported yet:"), N_ ("Cannot be imported now:") },
  { "missing", N_ ("Not taken over:"), N_ ("Would not be taken over:") },
  { "failed", N_ ("Went wrong:"), N_ ("Went wrong:") },
  { "note", N_ ("Please note:"), N_ ("Please note:") },
};

static void
add_part (GString *text, GVariant *report, const char *what, const char *heading)
{
  GVariantIter iter;
  const char *word, *sentence;
  gboolean any = FALSE;

  g_variant_iter_init (&iter, report);
  while (g_variant_iter_next (&iter, "(&s&s)", &word, &sentence))
    {
      if (!g_str_equal (word, what))
        continue;
      if (!any)
        g_string_append_printf (text, "%s\n", heading);
      g_string_append_printf (text, "  %s\n", sentence);
      any = TRUE;
    }
}

/**
 * whis_import_text_new:
 * @report: what the D-Bus method `ImportOriginal` answered
 * @dry_run: whether it only said what would happen
 *
 * Returns: (transfer full): the report as people read it: lines, each with its end
 */
char *
whis_import_text_new (GVariant *report, gboolean dry_run)
{
  GString *text = g_string_new (NULL);

  g_return_val_if_fail (g_variant_is_of_type (report, G_VARIANT_TYPE ("a(ss)")), NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    add_part (text, report, parts[i].what, _ (dry_run ? parts[i].heading_dry : parts[i].heading));

  return g_string_free (text, FALSE);
}

/**
 * whis_import_text_has:
 * @report: what the D-Bus method `ImportOriginal` answered
 * @what: one of its words
 *
 * Returns: whether something has that word
 */
gboolean
whis_import_text_has (GVariant *report, const char *what)
{
  GVariantIter iter;
  const char *word;

  g_variant_iter_init (&iter, report);
  while (g_variant_iter_next (&iter, "(&s&s)", &word, NULL))
    if (g_str_equal (word, what))
      return TRUE;

  return FALSE;
}
