/* SPDX-License-Identifier: MIT */
#include "desktop-language.h"
#include "dictation-state-label.h"
#include "elapsed-time.h"
#include "import-text.h"
#include "level-share.h"
#include "measure-text.h"

static GVariant *
parse (const char *type, const char *text)
{
  g_autoptr (GError) error = NULL;
  GVariant *value = g_variant_parse (G_VARIANT_TYPE (type), text, NULL, NULL, &error);

  g_assert_no_error (error);

  return value;
}

static const char report_text[] = "[('note', 'a note'), ('imported', 'Service: Groq'),"
                                  " ('kept', 'Language: fr'), ('imported', '100 % “ü”'),"
                                  " ('of-tomorrow', 'unknown'), ('read', '~/s.json')]";

/* In the order in which people want to know it, whatever order the service has. */
static void
test_import (void)
{
  g_autoptr (GVariant) report = parse ("a(ss)", report_text);
  g_autofree char *done = whis_import_text_new (report, FALSE);
  g_autofree char *dry = whis_import_text_new (report, TRUE);

  g_assert_cmpstr (done, ==,
                   "Read:\n  ~/s.json\n"
                   "Imported:\n  Service: Groq\n  100 % “ü”\n"
                   "Kept as it is in Whis:\n  Language: fr\n"
                   "Please note:\n  a note\n");
  g_assert_cmpstr (dry, ==,
                   "Read:\n  ~/s.json\n"
                   "Would be imported:\n  Service: Groq\n  100 % “ü”\n"
                   "Would be kept as it is in Whis:\n  Language: fr\n"
                   "Please note:\n  a note\n");
}

static void
test_import_has (void)
{
  g_autoptr (GVariant) report = parse ("a(ss)", report_text);
  g_autoptr (GVariant) empty = parse ("a(ss)", "[]");
  g_autofree char *text = whis_import_text_new (empty, FALSE);

  g_assert_cmpstr (text, ==, "");
  g_assert_true (whis_import_text_has (report, "kept"));
  g_assert_false (whis_import_text_has (report, "keep"));
  g_assert_false (whis_import_text_has (report, "kep"));
  g_assert_false (whis_import_text_has (report, "Language: fr"));
  g_assert_false (whis_import_text_has (empty, "kept"));
}

/* What was measured of a model, in words; a tenth is said where it says something. */
static void
test_measured (void)
{
  static const struct
  {
    const char *model;
    const char *text;
    gboolean is_slow;
  } cases[] = {
    { "{}", NULL, FALSE },
    { "{'times-faster': <0.0>}", NULL, TRUE },
    { "{'times-faster': <5>}", NULL, FALSE },
    { "{'times-faster': <5.34>}", "5.3 times faster than speech", FALSE },
    { "{'times-faster': <1.0>}", "1.0 times faster than speech", FALSE },
    { "{'times-faster': <9.94>}", "9.9 times faster than speech", FALSE },
    { "{'times-faster': <9.96>}", "10 times faster than speech", FALSE },
    { "{'times-faster': <24.4>}", "24 times faster than speech", FALSE },
    { "{'times-faster': <0.99>}", "1.0 times slower than speech", TRUE },
    { "{'times-faster': <0.5>}", "2.0 times slower than speech", TRUE },
    { "{'times-faster': <0.01>}", "100 times slower than speech", TRUE },
    { "{'times-faster': <5.34>, 'peak-memory': <@t 0>}", "5.3 times faster than speech", FALSE },
    { "{'times-faster': <5.34>, 'peak-memory': <@t 242000000>}",
      "5.3 times faster than speech, 242.0\u00A0MB of memory", FALSE },
    { "{'peak-memory': <@t 242000000>}", NULL, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GVariant) model = parse ("a{sv}", cases[i].model);
      g_autofree char *text = whis_measure_text_new (model);

      g_test_message ("%s", cases[i].model);
      g_assert_cmpstr (text, ==, cases[i].text);
      g_assert_cmpint (whis_measure_text_is_slow (model), ==, cases[i].is_slow);
    }
}

static void
test_gpu (void)
{
  static const char *const cases[][2] = {
    { "{}", NULL },
    { "{'gpu': <'Card'>}", NULL },
    { "{'gpu-verdict': <'of-tomorrow'>, 'gpu': <'Card'>}", NULL },
    { "{'gpu-verdict': <'right'>, 'gpu': <'Card 100 %'>}",
      "The graphics processor Card 100 % is used." },
    { "{'gpu-verdict': <'wrong'>, 'gpu': <'Card'>}",
      "The graphics processor Card is not used: it gets another text than the processor." },
    { "{'gpu-verdict': <'slow'>, 'gpu': <'Card'>}",
      "The graphics processor Card is not used: it is slower than the processor." },
    { "{'gpu-verdict': <'failed'>}",
      "The graphics processor is not used: its driver crashed or did not finish." },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GVariant) model = parse ("a{sv}", cases[i][0]);
      g_autofree char *text = whis_measure_text_new_for_gpu (model);

      g_assert_cmpstr (text, ==, cases[i][1]);
    }
}

/* GLib reads the variables anew each time; the first that is set counts. */
static void
test_desktop_language (void)
{
  static const char *const cases[][2] = {
    { "de_DE.UTF-8", "de" },
    { "de", "de" },
    { "nb_NO.UTF-8", "no" },
    { "fil_PH", "tl" },
    { "iw_IL.UTF-8", "he" },
    { "sr_RS@latin", "sr" },
    { "yue_HK", "yue" },
    { "C.UTF-8", "" },
    { "fi_FI.UTF-8", "fi" },
    { "sr@latin", "sr" },
    { "C", "" },
    { "POSIX", "" },
    { "pt_BR:en", "pt" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *code = NULL;

      g_setenv ("LANGUAGE", cases[i][0], TRUE);
      code = whis_dup_desktop_language ();
      g_test_message ("%s", cases[i][0]);
      g_assert_cmpstr (code, ==, cases[i][1]);
    }
}

/* Every state has a word of its own, and a failure that is none says what it is. */
static void
test_state_labels (void)
{
  g_autoptr (GHashTable) labels = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GEnumClass) states = g_type_class_ref (WHIS_TYPE_DICTATION_STATE);

  for (guint i = 0; i < states->n_values; i++)
    {
      WhisDictationState state = (WhisDictationState) states->values[i].value;
      const char *label = whis_dictation_state_get_label (state, "");

      g_assert_true (g_hash_table_add (labels, (gpointer) label));
      g_assert_false (whis_dictation_state_is_no_speech (state, ""));
      g_assert_false (whis_dictation_state_is_no_speech (state, "network"));
    }
  g_assert_cmpstr (whis_dictation_state_get_label (WHIS_DICTATION_STATE_FAILED, "network"), ==,
                   "That did not work");
  g_assert_cmpstr (whis_dictation_state_get_label (WHIS_DICTATION_STATE_FAILED, "no-speech"), ==,
                   "No speech heard");
  g_assert_true (whis_dictation_state_is_no_speech (WHIS_DICTATION_STATE_FAILED, "no-speech"));
  g_assert_false (whis_dictation_state_is_no_speech (WHIS_DICTATION_STATE_WAITING, "no-speech"));
}

static void
test_elapsed (void)
{
  static const struct
  {
    guint64 milliseconds;
    const char *text;
  } cases[] = {
    { 0, "0:00" },
    { 999, "0:00" },
    { 1000, "0:01" },
    { 59999, "0:59" },
    { 3599999, "59:59" },
    { 3600000, "1:00:00" },
    { 36061000, "10:01:01" },
    { G_MAXUINT64, "5124095576030:25:51" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = whis_elapsed_time_format (cases[i].milliseconds);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_level_share (void)
{
  g_assert_cmpfloat (whis_level_get_share (0), ==, 1);
  g_assert_cmpfloat (whis_level_get_share (3), ==, 1);
  g_assert_cmpfloat (whis_level_get_share (-30), ==, 0.5);
  g_assert_cmpfloat (whis_level_get_share (-60), ==, 0);
  g_assert_cmpfloat (whis_level_get_share (-100), ==, 0);
  g_assert_cmpfloat (whis_level_get_share (0.0 / 0.0), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/import-text/parts", test_import);
  g_test_add_func ("/import-text/has", test_import_has);
  g_test_add_func ("/measure-text/measured", test_measured);
  g_test_add_func ("/measure-text/gpu", test_gpu);
  g_test_add_func ("/desktop-language/codes", test_desktop_language);
  g_test_add_func ("/dictation-state/labels", test_state_labels);
  g_test_add_func ("/elapsed-time/format", test_elapsed);
  g_test_add_func ("/level-share/share", test_level_share);

  return g_test_run ();
}
