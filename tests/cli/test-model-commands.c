/* SPDX-License-Identifier: MIT */
#include "scripted-service.h"

#include <string.h>

/* `whis models local` and `whis model …`. */

#define NBSP "\xc2\xa0"

#define ROW(members) "{'id': <'tiny'>, 'bytes': <@t 75000000>, 'license': <'MIT'>" members "}"
#define TINY(state) "([" ROW (", 'state': <'" state "'>") "],)"

static void
test_list (void)
{
  static const struct
  {
    const char *members;
    const char *shown; /* behind name, size, languages and licence */
  } cases[] = {
    { ", 'state': <'absent'>", "not here" },
    { ", 'state': <'absent'>, 'pinned': <false>", "not here; address not pinned to a revision" },
    { ", 'state': <'absent'>, 'checksum-verified': <false>",
      "not here; checksum not yet verified against the address" },
    { ", 'state': <'partial'>, 'done': <@t 5000000>", "5.0" NBSP "MB of it here" },
    { ", 'state': <'fetching'>, 'done': <@t 25000000>", "being fetched, 33 %" },
    { ", 'state': <'verified'>", "here" },
    { ", 'state': <'verified'>, 'system': <true>", "here, of the system" },
    /* what is here has no doubts about its address */
    { ", 'state': <'verified'>, 'pinned': <false>", "here" },
    { ", 'state': <'unchecked'>", "here, not checked yet" },
    { ", 'state': <'own'>", "here, your own, not verified" },
    { ", 'state': <'damaged'>", "damaged" },
    { ", 'state': <'verified'>, 'times-faster': <5.31>, 'peak-memory': <@t 242000000>",
      "here; 5.3 times faster than speech, 242.0" NBSP "MB of memory" },
    { ", 'state': <'verified'>, 'times-faster': <24.4>", "here; 24 times faster than speech" },
    { ", 'state': <'verified'>, 'times-faster': <0.5>", "here; 2.0 times slower than speech" },
    { ", 'state': <'verified'>, 'times-faster': <0.0>", "here" },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *rows = g_strdup_printf ("([" ROW ("%s") "],)", cases[i].members);
      g_autofree char *line =
          g_strdup_printf ("tiny                    75.0" NBSP "MB   -              MIT        "
                           "%s\n",
                           cases[i].shown);
      const ScriptedCase check[] = { { "models local", 0, line, "", "List({})\n" } };

      scripted_service_answer (service, "List", rows);
      scripted_service_check (service, check, 1);
    }
}

static void
test_list_columns (void)
{
  static const ScriptedCase cases[] = {
    { "models local", 0,
      /* columns are letters, not bytes, and a long name moves the rest */
      "größer                  1.0" NBSP "GB    de en fr       MIT        not here\n"
      "a-name-that-is-longer-than-its-column 1 byte    4 languages    -          here\n",
      "", NULL },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_answer (
      service, "List",
      "([{'id': <'größer'>, 'bytes': <@t 1000000000>, 'license': <'MIT'>, 'state': <'absent'>, "
      "'languages': <['de', 'en', 'fr']>}, "
      "{'id': <'a-name-that-is-longer-than-its-column'>, 'bytes': <@t 1>, 'state': <'verified'>, "
      "'languages': <['de', 'en', 'fr', 'it']>}],)");
  scripted_service_check (service, cases, G_N_ELEMENTS (cases));
}

/* Where models are is said by who asks: the service may have been started elsewhere. */
static void
test_places (void)
{
  g_autoptr (ScriptedService) service = scripted_service_new ();

  g_setenv ("WHIS_MODEL_MIRROR", "https://mirror.example", TRUE);
  g_setenv ("HF_ENDPOINT", "https://hf.example", TRUE);
  scripted_service_answer (service, "List", "([],)");
  scripted_service_run (service, "models local", NULL);
  g_unsetenv ("WHIS_MODEL_MIRROR");
  g_unsetenv ("HF_ENDPOINT");
  g_assert_cmpstr (service->calls->str, ==,
                   "List({'endpoint': <'https://hf.example'>, "
                   "'mirror': <'https://mirror.example'>})\n");
}

#define FETCHING                                                                                   \
  "Fetching Tiny, 75.0" NBSP "MB, from example.org (OpenAI, MIT).\n"                               \
  "5.0" NBSP "MB of it are here already.\n"
#define FETCHED_ROW                                                                                \
  "([" ROW (", 'state': <'partial'>, 'name': <'Tiny'>, 'hosts': <'example.org'>, "                 \
            "'attribution': <'OpenAI'>, 'done': <@t 5000000>") "],)"

static void
test_fetch (void)
{
  static const ScriptedCase cases[] = {
    { "model fetch tiny", 0, "",
      FETCHING "The model tiny is on this computer now; its checksum is right.\n",
      "List({})\nFetch('tiny', {'attached': <true>, 'metered': <false>})\n" },
    { "model fetch --metered tiny", 0, "", NULL,
      "List({})\nFetch('tiny', {'attached': <true>, 'metered': <true>})\n" },
    { "model fetch huge", 1, "",
      "whis: There is no model “huge”; “whis models local” lists them.\n", "List({})\n" },
    { "model fetch", 2, "",
      "whis: Write “whis model fetch NAME”; “whis models local” lists the models.\n", "" },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_answer (service, "List", FETCHED_ROW);
  scripted_service_signal (service, "Fetch", "Progress", "('tiny', 10000000, 75000000)");
  /* what becomes of others is not this terminal's */
  scripted_service_signal (service, "Fetch", "FetchFailed",
                           "('other', 'network', 'It is gone.', '', 0)");
  scripted_service_signal (service, "Fetch", "Fetched", "('tiny',)");
  scripted_service_check (service, cases, G_N_ELEMENTS (cases));
}

static void
test_fetch_of_what_is_here (void)
{
  static const char *const states[] = { "verified", "own" };
  static const ScriptedCase cases[] = {
    { "model fetch tiny", 0, "", "The model tiny is on this computer already.\n", "List({})\n" },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    {
      g_autofree char *rows = g_strdup_printf ("([" ROW (", 'state': <'%s'>") "],)", states[i]);

      scripted_service_answer (service, "List", rows);
      scripted_service_check (service, cases, 1);
    }
}

static void
test_fetch_that_fails (void)
{
  static const struct
  {
    const char *values;
    int status;
    const char *said;
  } cases[] = {
    { "('tiny', 'network', 'The network is gone.', 'download', 5000000)", 1,
      "whis: The network is gone. 5.0" NBSP
      "MB are kept; the next download goes on from there.\n" },
    { "('tiny', 'checksum', 'It is another file.', '', 0)", 1, "whis: It is another file.\n" },
    { "('tiny', 'cancelled', 'It was cancelled.', '', 0)", 130, "whis: It was cancelled.\n" },
    /* without a terminal nobody can be asked */
    { "('tiny', 'metered', 'The network is metered.', '', 0)", 1,
      "whis: The network is metered.\n" },
    { "('tiny', 'storage', 'The disk is full.', 'download', 5000000)", 1,
      "whis: The disk is full. 5.0" NBSP "MB are kept; the next download goes on from there.\n" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (ScriptedService) service = scripted_service_new ();
      g_autofree char *said = g_strconcat (FETCHING, cases[i].said, NULL);
      const ScriptedCase check[] = { { "model fetch tiny", cases[i].status, "", said, NULL } };

      scripted_service_answer (service, "List", FETCHED_ROW);
      scripted_service_signal (service, "Fetch", "FetchFailed", cases[i].values);
      scripted_service_check (service, check, 1);
    }
}

/* A service that refuses, and one that dies. */
static void
test_fetch_without_end (void)
{
  static const ScriptedCase refused[] = {
    { "model fetch tiny", 1, "", FETCHING "whis: It is being fetched already.\n", NULL },
  };
  static const ScriptedCase left[] = {
    { "model fetch tiny", 3, "", FETCHING "whis: The Whis service ended; what has come is kept.\n",
      NULL },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_answer (service, "List", FETCHED_ROW);
  scripted_service_refuse (service, "Fetch", "Failed", "It is being fetched already.");
  scripted_service_check (service, refused, 1);
  scripted_service_answer (service, "Fetch", "()");
  scripted_service_leave_after (service, "Fetch");
  scripted_service_check (service, left, 1);
}

static void
test_remove_and_check (void)
{
  static const ScriptedCase cases[] = {
    { "model remove tiny", 0, "", "The model tiny is removed; that frees 75.0" NBSP "MB.\n",
      "Remove('tiny')\n" },
    { "model remove", 2, "",
      "whis: Write “whis model remove NAME”; “whis models local” lists the models.\n", "" },
    { "model check tiny", 0, "", "The model tiny is as it should be.\n", "Check('tiny')\n" },
    { "model check a b", 2, "",
      "whis: Write “whis model check NAME”; “whis models local” lists the models.\n", "" },
  };
  static const ScriptedCase own[] = {
    { "model check tiny", 0, "",
      "The model tiny can be loaded; it is your own, so nobody can say whether it is what it "
      "seems.\n",
      NULL },
  };
  static const ScriptedCase damaged[] = {
    { "model check tiny", 1, "",
      "whis: The file of the model tiny is damaged; “whis model fetch tiny” fetches it again.\n",
      NULL },
  };
  static const ScriptedCase refused[] = {
    { "model remove tiny", 1, "", "whis: The model is in use.\n", NULL },
    { "model check tiny", 1, "", "whis: The model is not here.\n", NULL },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_answer (service, "Remove", "(75000000,)");
  scripted_service_answer (service, "Check", "('verified',)");
  scripted_service_check (service, cases, G_N_ELEMENTS (cases));
  scripted_service_answer (service, "Check", "('own',)");
  scripted_service_check (service, own, 1);
  scripted_service_answer (service, "Check", "('damaged',)");
  scripted_service_check (service, damaged, 1);
  scripted_service_refuse (service, "Remove", "Failed", "The model is in use.");
  scripted_service_refuse (service, "Check", "NotFound", "The model is not here.");
  scripted_service_check (service, refused, G_N_ELEMENTS (refused));
}

/* The file goes over the bus as a descriptor: the service may not see the caller's folders. */
static void
test_import (void)
{
  static const ScriptedCase verified[] = {
    { "model import ggml.bin", 0, "", "This is the model tiny; it is on this computer now.\n",
      "Import(0, 'ggml.bin') <- weights\n" },
    { "model import folder/../ggml.bin", 1, "",
      "whis: folder/../ggml.bin cannot be read: No such file or directory.\n", "" },
    { "model import .", 1, "", "whis: . is a directory; name the files in it.\n", "" },
  };
  static const ScriptedCase own[] = {
    { "model import ./ggml.bin", 0, "",
      "The model is on this computer now as my-own; it is not in the catalogue, so it is not "
      "verified.\n",
      "Import(0, 'ggml.bin') <- weights\n" },
  };
  static const ScriptedCase refused[] = {
    { "model import ggml.bin", 1, "", "whis: This is no model.\n", NULL },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();
  g_autofree char *path = scripted_service_dup_path (service, "ggml.bin");

  g_assert_true (g_file_set_contents (path, "weights", -1, NULL));
  scripted_service_answer (service, "Import", "('tiny', 'verified')");
  scripted_service_check (service, verified, G_N_ELEMENTS (verified));
  scripted_service_answer (service, "Import", "('my-own', 'own')");
  scripted_service_check (service, own, 1);
  scripted_service_refuse (service, "Import", "File", "This is no model.");
  scripted_service_check (service, refused, 1);
}

/* What was measured, and what follows from it. */
static void
test_measure (void)
{
  static const struct
  {
    const char *members;
    int status;
    const char *out;
    const char *err;
  } cases[] = {
    { ", 'times-faster': <5.31>", 0, "tiny: 5.3 times faster than speech\n", "" },
    { ", 'times-faster': <0.5>", 0, "tiny: 2.0 times slower than speech\n",
      "With tiny each text would come late on this computer.\n" },
    { ", 'times-faster': <0.5>, 'replacement': <'base'>", 0, "tiny: 2.0 times slower than speech\n",
      "With tiny each text would come late on this computer. The next smaller model is base: “whis "
      "model fetch base”, then “whis settings models/offline base”.\n" },
    { ", 'times-faster': <30.0>, 'gpu': <'Radeon'>, 'gpu-verdict': <'right'>", 0,
      "tiny: 30 times faster than speech\n", "The graphics processor Radeon is used.\n" },
    { ", 'times-faster': <3.0>, 'gpu': <'Radeon'>, 'gpu-verdict': <'wrong'>", 0,
      "tiny: 3.0 times faster than speech\n",
      "The graphics processor Radeon is not used: it gets another text than the processor.\n" },
    { ", 'times-faster': <3.0>, 'gpu': <'Radeon'>, 'gpu-verdict': <'slow'>", 0,
      "tiny: 3.0 times faster than speech\n",
      "The graphics processor Radeon is not used: it is slower than the processor.\n" },
    { ", 'times-faster': <3.0>, 'gpu-verdict': <'failed'>", 0,
      "tiny: 3.0 times faster than speech\n",
      "The graphics processor is not used: its driver crashed or did not finish.\n" },
    { "", 1, "", "whis: The model “tiny” is another one by now; measure it again.\n" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (ScriptedService) service = scripted_service_new ();
      g_autofree char *rows = g_strdup_printf ("([" ROW ("%s") "],)", cases[i].members);
      const ScriptedCase check[] = { { "model measure tiny", cases[i].status, cases[i].out,
                                       cases[i].err, "Measure('tiny')\nList({})\n" } };

      scripted_service_answer (service, "List", rows);
      scripted_service_answer (service, "Measure", "('measuring',)");
      scripted_service_signal (service, "Measure", "Measured", "('other',)");
      scripted_service_signal (service, "Measure", "Measured", "('tiny',)");
      scripted_service_check (service, check, 1);
    }
}

static void
test_measure_that_fails (void)
{
  static const ScriptedCase failed[] = {
    { "model measure tiny", 1, "",
      "It begins when the dictation and other measurements are at their end.\n"
      "whis: The recogniser crashed.\n",
      "Measure('tiny')\n" },
  };
  static const ScriptedCase cancelled[] = {
    { "model measure tiny", 130, "", "whis: It was cancelled.\n", NULL },
  };
  static const ScriptedCase left[] = {
    { "model measure tiny", 3, "", "whis: The Whis service ended.\n", NULL },
  };
  static const ScriptedCase refused[] = {
    { "model measure tiny", 1, "", "whis: The model is not here.\n", NULL },
    { "model measure", 2, "",
      "whis: Write “whis model measure NAME”; “whis models local” lists the models.\n", "" },
  };
  g_autoptr (ScriptedService) one = scripted_service_new ();

  scripted_service_refuse (one, "Measure", "NotFound", "The model is not here.");
  scripted_service_check (one, refused, G_N_ELEMENTS (refused));
  scripted_service_answer (one, "Measure", "('waiting',)");
  scripted_service_signal (one, "Measure", "MeasureFailed",
                           "('tiny', 'recogniser', 'The recogniser crashed.')");
  scripted_service_check (one, failed, 1);
  g_clear_pointer (&one, scripted_service_free);

  one = scripted_service_new ();
  scripted_service_answer (one, "Measure", "('measuring',)");
  scripted_service_signal (one, "Measure", "MeasureFailed",
                           "('tiny', 'cancelled', 'It was cancelled.')");
  scripted_service_check (one, cancelled, 1);
  g_clear_pointer (&one, scripted_service_free);

  one = scripted_service_new ();
  scripted_service_answer (one, "Measure", "('measuring',)");
  scripted_service_leave_after (one, "Measure");
  scripted_service_check (one, left, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/model-commands/list", test_list);
  g_test_add_func ("/model-commands/list-columns", test_list_columns);
  g_test_add_func ("/model-commands/places", test_places);
  g_test_add_func ("/model-commands/fetch", test_fetch);
  g_test_add_func ("/model-commands/fetch-of-what-is-here", test_fetch_of_what_is_here);
  g_test_add_func ("/model-commands/fetch-that-fails", test_fetch_that_fails);
  g_test_add_func ("/model-commands/fetch-without-end", test_fetch_without_end);
  g_test_add_func ("/model-commands/remove-and-check", test_remove_and_check);
  g_test_add_func ("/model-commands/import", test_import);
  g_test_add_func ("/model-commands/measure", test_measure);
  g_test_add_func ("/model-commands/measure-that-fails", test_measure_that_fails);

  return g_test_run ();
}
