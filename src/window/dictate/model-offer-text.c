/* SPDX-License-Identifier: MIT */
#include "model-offer-text.h"

#include <glib/gi18n-lib.h>

#include "languages.h"
#include "local-models.h"

/* The texts of WhisModelOffer. */

/**
 * whis_model_offer_describe_languages:
 * @facts: a model
 * @language: the user's own, empty if that is not known
 *
 * Returns: (transfer full): a sentence about what it recognises, and whether that is among it
 */
char *
whis_model_offer_describe_languages (GVariant *facts, const char *language)
{
  const char *name = whis_local_model_facts_get (facts, "name");
  g_autofree const char **languages = NULL;
  g_auto (GStrv) parts = g_strsplit_set (language, "-_", 2);
  const char *code = parts[0] != NULL ? parts[0] : "";
  const char *spoken = whis_language_get_name (code);
  guint n;

  g_variant_lookup (facts, "languages", "^a&s", &languages);
  n = languages != NULL ? g_strv_length ((char **) languages) : 0;
  if (spoken == code)
    spoken = _ ("your language");
  if (n == 0 || *code == '\0')
    return g_strdup_printf (
        ngettext ("%s recognises %u language.", "%s recognises %u languages.", n), name, n);
  if (!g_strv_contains (languages, code))
    /* Translators: a model, a number, a language, such as “German”, or “your language” */
    return g_strdup_printf (ngettext ("%s recognises %u language; %s is not among them.",
                                      "%s recognises %u languages; %s is not among them.", n),
                            name, n, spoken);

  return g_strdup_printf (ngettext ("%s recognises %u language, which is %s.",
                                    "%s recognises %u languages, %s among them.", n),
                          name, n, spoken);
}

/**
 * whis_model_offer_describe_present:
 * @current: (nullable): what the recogniser on this computer uses while there is no model
 *
 * Returns: (transfer none): a sentence about what it does so far
 */
const char *
whis_model_offer_describe_present (const char *current)
{
  return g_strcmp0 (current, "english") == 0
             ? _ ("So far Whis recognises English alone, and roughly.")
             : _ ("There is no model yet: what you say is kept until there is one.");
}

/**
 * whis_model_offer_describe_download:
 * @facts: a model
 *
 * One sentence says where it comes from before anything is asked of that host; its licence wants it
 * said who made it.
 *
 * Returns: (transfer full): what a download takes
 */
char *
whis_model_offer_describe_download (GVariant *facts)
{
  g_autofree char *size = whis_local_model_facts_dup_size (facts);
  g_autofree char *there = NULL;
  guint64 done = 0;

  g_variant_lookup (facts, "done", "t", &done);
  if (done > 0)
    {
      there = g_format_size (done);
      /* Translators: an amount that is there, the whole, a host, who made a model, its licence */
      return g_strdup_printf (_ ("%s of %s are here; the rest is downloaded from %s. %s (%s)"),
                              there, size, whis_local_model_facts_get (facts, "hosts"),
                              whis_local_model_facts_get (facts, "attribution"),
                              whis_local_model_facts_get (facts, "license"));
    }

  /* Translators: a size, a host, who made a model, its licence */
  return g_strdup_printf (_ ("%s are downloaded from %s, once. %s (%s)"), size,
                          whis_local_model_facts_get (facts, "hosts"),
                          whis_local_model_facts_get (facts, "attribution"),
                          whis_local_model_facts_get (facts, "license"));
}

/**
 * whis_model_offer_describe_earlier:
 * @n: number of dictations, not 0
 *
 * Returns: (transfer full): a sentence about what can be recognised again
 */
char *
whis_model_offer_describe_earlier (guint n)
{
  return g_strdup_printf (ngettext ("%u earlier dictation is kept, and can be recognised with it.",
                                    "%u earlier dictations are kept, and can be recognised with "
                                    "it.",
                                    n),
                          n);
}

/**
 * whis_model_offer_describe_result:
 * @job: a job that has ended
 *
 * Returns: (transfer full): a sentence about what came of it
 */
char *
whis_model_offer_describe_result (WhisTranscribeAgainJob *job)
{
  guint n = whis_transcribe_again_job_get_done (job);
  guint n_good = n - whis_transcribe_again_job_get_failed (job);

  if (n_good < n)
    return g_strdup_printf (ngettext ("%u of %u dictation was recognised again; the others are as "
                                      "they were.",
                                      "%u of %u dictations were recognised again; the others are "
                                      "as they were.",
                                      n),
                            n_good, n);

  return g_strdup_printf (ngettext ("%u dictation was recognised again; its new text is in the "
                                    "history.",
                                    "%u dictations were recognised again; their new texts are in "
                                    "the history.",
                                    n),
                          n);
}
