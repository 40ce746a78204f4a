/* SPDX-License-Identifier: MIT */
#include "model-row.h"

#include <string.h>

/* What downloads and measurements say of the model of the test, in the place of those that have a
 * store and a recogniser. */
static struct
{
  gboolean is_fetching;
  guint64 done;
  guint64 total;
  const char *measuring;
  const char *problem;
} fakes;

gboolean
whis_model_downloads_get (WhisModelDownloads *self, const char *id, guint64 *done, guint64 *total)
{
  if (!fakes.is_fetching)
    return FALSE;
  *done = fakes.done;
  *total = fakes.total;

  return TRUE;
}

const char *
whis_model_calibrations_get_state (WhisModelCalibrations *self, const char *id)
{
  return fakes.measuring;
}

const char *
whis_model_calibrations_get_problem (WhisModelCalibrations *self, const char *id)
{
  return fakes.problem;
}

typedef struct
{
  WhisModelEntry *entry;
  GPtrArray *entries;
  WhisModelRowContext context;
  GVariant *row;
} Fixture;

static WhisModelEntry *
add_entry (Fixture *fixture, const char *id)
{
  WhisModelEntry *entry = whis_model_entry_new (id, whis_local_model_lookup (id));

  g_ptr_array_add (fixture->entries, entry);

  return entry;
}

static void
set_up (Fixture *fixture, gconstpointer id)
{
  memset (&fakes, 0, sizeof fakes);
  fixture->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) whis_model_entry_unref);
  fixture->context = (WhisModelRowContext){ .entries = fixture->entries, .language = "" };
  fixture->entry = add_entry (fixture, id);
}

static void
tear_down (Fixture *fixture, gconstpointer id)
{
  g_clear_pointer (&fixture->row, g_variant_unref);
  g_ptr_array_unref (fixture->entries);
}

static void
make_row (Fixture *fixture)
{
  g_clear_pointer (&fixture->row, g_variant_unref);
  fixture->row = g_variant_ref_sink (whis_model_row_new (fixture->entry, &fixture->context));
}

/* A member as GVariant's text, or "-" where there is none. */
static void
assert_member (Fixture *fixture, const char *name, const char *expected)
{
  g_autoptr (GVariant) value = g_variant_lookup_value (fixture->row, name, NULL);
  g_autofree char *text = value != NULL ? g_variant_print (value, TRUE) : g_strdup ("-");

  g_test_message ("%s", name);
  g_assert_cmpstr (text, ==, expected);
}

static void
give_file (Fixture *fixture, WhisModelState state)
{
  fixture->entry->path = g_strdup ("/models/some-file.bin");
  fixture->entry->bytes = 1234;
  fixture->entry->state = state;
}

/* A model that could be fetched: what it would take, and nothing that only a file has. */
static void
test_absent (Fixture *fixture, gconstpointer id)
{
  static const char *const of_files[] = { "measuring",    "measure-problem",
                                          "times-faster", "peak-memory",
                                          "gpu",          "gpu-verdict" };

  fakes.problem = "It was measured once and failed.";
  make_row (fixture);
  assert_member (fixture, "id", "'whisper-tiny'");
  assert_member (fixture, "state", "'absent'");
  assert_member (fixture, "bytes", "uint64 77691713");
  assert_member (fixture, "done", "uint64 0");
  assert_member (fixture, "engine", "'whisper'");
  assert_member (fixture, "system", "false");
  assert_member (fixture, "recommended", "false");
  assert_member (fixture, "smaller", "'whisper-base-q5_1'");
  for (gsize i = 0; i < G_N_ELEMENTS (of_files); i++)
    assert_member (fixture, of_files[i], "-");
}

/* While it is fetched the sizes are those of the download, whatever lies there already. */
static void
test_fetching (Fixture *fixture, gconstpointer id)
{
  fixture->entry->state = WHIS_MODEL_STATE_PARTIAL;
  fixture->entry->bytes = 1000;
  make_row (fixture);
  assert_member (fixture, "state", "'partial'");
  assert_member (fixture, "done", "uint64 1000");
  assert_member (fixture, "bytes", "uint64 77691713");
  fakes.is_fetching = TRUE;
  fakes.done = 2000;
  fakes.total = 77691713;
  make_row (fixture);
  assert_member (fixture, "state", "'fetching'");
  assert_member (fixture, "done", "uint64 2000");
  assert_member (fixture, "bytes", "uint64 77691713");
}

/* The states that a file can be in, with its real size. */
static void
test_file (Fixture *fixture, gconstpointer id)
{
  static const struct
  {
    WhisModelState state;
    const char *nick;
  } cases[] = { { WHIS_MODEL_STATE_VERIFIED, "'verified'" },
                { WHIS_MODEL_STATE_UNCHECKED, "'unchecked'" },
                { WHIS_MODEL_STATE_DAMAGED, "'damaged'" } };

  give_file (fixture, WHIS_MODEL_STATE_VERIFIED);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      fixture->entry->state = cases[i].state;
      fixture->entry->system = i == 1;
      make_row (fixture);
      assert_member (fixture, "state", cases[i].nick);
      assert_member (fixture, "bytes", "uint64 1234");
      assert_member (fixture, "done", "uint64 1234");
      assert_member (fixture, "file", "'some-file.bin'");
      assert_member (fixture, "system", i == 1 ? "true" : "false");
      assert_member (fixture, "measuring", "''");
      assert_member (fixture, "times-faster", "-");
    }
}

/* A model of the user's own has no licence, no languages and no place where it comes from. */
static void
test_own (Fixture *fixture, gconstpointer id)
{
  static const char *const of_catalogue[] = { "hosts",       "license", "attribution", "languages",
                                              "recommended", "smaller", "memory",      "pinned" };

  give_file (fixture, WHIS_MODEL_STATE_OWN);
  fixture->entry->kind = WHIS_MODEL_PARAKEET;
  make_row (fixture);
  assert_member (fixture, "id", "'my-own'");
  assert_member (fixture, "name", "'my-own'");
  assert_member (fixture, "state", "'own'");
  assert_member (fixture, "engine", "'parakeet'");
  for (gsize i = 0; i < G_N_ELEMENTS (of_catalogue); i++)
    assert_member (fixture, of_catalogue[i], "-");
}

/* The user is told each host that is asked, once, before the first byte. */
static void
test_hosts (Fixture *fixture, gconstpointer id)
{
  static const struct
  {
    const char *mirror;
    const char *endpoint;
    const char *hosts;
  } cases[] = {
    { NULL, NULL, "'huggingface.co'" },
    { NULL, "https://hf.example:8443/", "'hf.example'" },
    { "https://mirror.example/models", "https://hf.example", "'mirror.example'" },
    { "http://[::1]:8080", NULL, "'::1'" },
    { "no address", NULL, "''" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      fixture->context.mirror = cases[i].mirror;
      fixture->context.endpoint = cases[i].endpoint;
      make_row (fixture);
      assert_member (fixture, "hosts", cases[i].hosts);
    }
}

/* A catalogue of the user's may have several places, some of them on one host. */
static void
test_several_hosts (Fixture *fixture, gconstpointer id)
{
  static const char *const addresses[] = { "https://one.example/a.bin", "https://two.example/a.bin",
                                           "https://one.example:8443/b.bin", NULL };
  WhisLocalModel model = *whis_local_model_lookup ("whisper-tiny");

  model.addresses = addresses;
  fixture->entry->row = &model;
  make_row (fixture);
  assert_member (fixture, "hosts", "'one.example, two.example'");
}

static void
measure (WhisModelEntry *entry, guint64 speech_ms, guint64 work_ms)
{
  entry->measure.speech_ms = speech_ms;
  entry->measure.work_ms = work_ms;
  entry->measure.peak_bytes = 5000;
}

static void
test_measured (Fixture *fixture, gconstpointer id)
{
  give_file (fixture, WHIS_MODEL_STATE_VERIFIED);
  measure (fixture->entry, 10000, 2500);
  fixture->entry->measure.gpu_verdict = WHIS_GPU_NONE;
  make_row (fixture);
  assert_member (fixture, "times-faster", "4.0");
  assert_member (fixture, "peak-memory", "uint64 5000");
  assert_member (fixture, "gpu-verdict", "'none'");
  assert_member (fixture, "gpu", "-");
  assert_member (fixture, "replacement", "-");

  /* A card that is right is what it is used with. */
  fixture->entry->measure.gpu_verdict = WHIS_GPU_RIGHT;
  fixture->entry->measure.gpu_work_ms = 500;
  fixture->entry->measure.gpu = g_strdup ("A “card”");
  make_row (fixture);
  assert_member (fixture, "times-faster", "20.0");
  assert_member (fixture, "gpu", "'A “card”'");

  fixture->entry->measure.gpu_verdict = WHIS_GPU_WRONG;
  make_row (fixture);
  assert_member (fixture, "times-faster", "4.0");
  assert_member (fixture, "gpu-verdict", "'wrong'");
}

/* It is measured again, and what went wrong the last time stands beside it. */
static void
test_measuring (Fixture *fixture, gconstpointer id)
{
  give_file (fixture, WHIS_MODEL_STATE_VERIFIED);
  fakes.measuring = "running";
  fakes.problem = "It crashed.";
  make_row (fixture);
  assert_member (fixture, "measuring", "'running'");
  assert_member (fixture, "measure-problem", "'It crashed.'");
}

/* Who has a model that is slower than speech learns of one that keeps up, and never of one that is
 * damaged or slow, too. */
static void
test_replacement (Fixture *fixture, gconstpointer id)
{
  WhisModelEntry *base = add_entry (fixture, "whisper-base-q5_1");
  WhisModelEntry *tiny = add_entry (fixture, "whisper-tiny");

  give_file (fixture, WHIS_MODEL_STATE_VERIFIED);
  measure (fixture->entry, 10000, 10000);
  make_row (fixture);
  assert_member (fixture, "replacement", "-");

  measure (fixture->entry, 10000, 10001);
  make_row (fixture);
  assert_member (fixture, "replacement", "'whisper-tiny'");
  measure (tiny, 10000, 20000);
  make_row (fixture);
  assert_member (fixture, "replacement", "'whisper-base-q5_1'");
  base->state = WHIS_MODEL_STATE_DAMAGED;
  make_row (fixture);
  assert_member (fixture, "replacement", "-");
  assert_member (fixture, "replacement-name", "-");
}

static void
test_recommended (Fixture *fixture, gconstpointer id)
{
  fixture->context.recommended = whis_local_model_lookup (id);
  make_row (fixture);
  assert_member (fixture, "recommended", "true");
  fixture->context.recommended = whis_local_model_lookup ("whisper-tiny");
  make_row (fixture);
  assert_member (fixture, "recommended", "false");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, id, test) g_test_add ("/model-row/" path, Fixture, id, set_up, test, tear_down)
  ADD ("absent", "whisper-tiny", test_absent);
  ADD ("fetching", "whisper-tiny", test_fetching);
  ADD ("file", "whisper-tiny", test_file);
  ADD ("own", "my-own", test_own);
  ADD ("hosts", "whisper-tiny", test_hosts);
  ADD ("several-hosts", "whisper-tiny", test_several_hosts);
  ADD ("measured", "whisper-tiny", test_measured);
  ADD ("measuring", "whisper-tiny", test_measuring);
  ADD ("replacement", "whisper-small-q8_0", test_replacement);
  ADD ("recommended", "whisper-small-q8_0", test_recommended);

  return g_test_run ();
}
