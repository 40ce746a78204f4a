/* SPDX-License-Identifier: MIT */
/* What the window says in words of an entry of the history, and of a model that it offers. */
#include "entry-details.h"
#include "model-offer-text.h"

static WhisHistoryItem *
entry_new (const char *printed)
{
  g_autoptr (GVariant) description = g_variant_ref_sink (g_variant_new_parsed (printed));

  return whis_history_item_new (description);
}

static void
assert_details (const char *printed, const char *expected)
{
  g_autoptr (WhisHistoryItem) entry = entry_new (printed);
  g_autofree char *details = whis_entry_details_describe (entry);

  g_assert_cmpstr (details, ==, expected);
}

/* Where the sound went is never left out. */
static void
test_destination (void)
{
  assert_details ("{'length': <@t 7000>, 'provider': <'offline'>, 'language': <'de'>}",
                  "0:07 · Offline · German · recognised on this computer");
  assert_details ("{'length': <@t 7000>, 'provider': <'groq'>, 'model': <'m'>,"
                  " 'host': <'api.groq.com'>}",
                  "0:07 · Groq · m · sound went to api.groq.com");
  assert_details ("{'length': <@t 0>, 'provider': <'groq'>}", "0:00 · Groq");
}

/* Each chunk may have gone somewhere else; a service that gave no text got the sound, too. */
static void
test_chunks (void)
{
  assert_details ("{'length': <@t 60000>, 'provider': <'openai'>, 'host': <'api.openai.com'>,"
                  " 'language': <'en'>, 'chunks': <["
                  "{'provider': <'openai'>, 'host': <'api.openai.com'>},"
                  "{'provider': <'groq'>, 'host': <'api.groq.com'>, 'tried': <'openai'>},"
                  "{'provider': <'groq'>, 'host': <'api.groq.com'>}]>}",
                  "1:00 · OpenAI, Groq · English · sound went to api.openai.com, api.groq.com");
  assert_details ("{'length': <@t 60000>, 'provider': <'openai'>, 'language': <'en'>, 'chunks': <["
                  "{'provider': <'groq'>, 'host': <'api.groq.com'>, 'tried': <'openai'>}]>}",
                  "1:00 · Groq · English · sound went to api.groq.com · also sent to OpenAI, "
                  "which gave no text");
  assert_details ("{'length': <@t 1000>, 'provider': <'openai'>, 'language': <'en'>,"
                  " 'chunks': <@aa{sv} []>}",
                  "0:01 · OpenAI · English");
}

static void
test_flags (void)
{
  assert_details ("{'name': <'talk.mp3'>, 'length': <@t 3723000>, 'language': <'en'>,"
                  " 'private': <true>}",
                  "talk.mp3 · 1:02:03 · English · private");
  /* A newer service may know outcomes that this window does not. */
  assert_details ("{'length': <@t 0>, 'language': <'en'>, 'outcome': <'whispered'>,"
                  " 'method': <'x11-paste'>}",
                  "0:00 · English");
}

static void
test_missing (void)
{
  g_autoptr (WhisHistoryItem) entry =
      entry_new ("{'chunks': <[{'has-speech': <true>, 'text': <'some'>}, {'has-speech': <true>},"
                 " {'has-speech': <false>}, {'text': <''>}]>}");
  g_autoptr (WhisHistoryItem) without = entry_new ("{'text': <'some'>}");
  guint total;

  g_assert_cmpuint (whis_entry_details_count_missing (entry, &total), ==, 2);
  g_assert_cmpuint (total, ==, 3);
  g_assert_cmpuint (whis_entry_details_count_missing (without, &total), ==, 0);
  g_assert_cmpuint (total, ==, 0);
}

/* --- models ----------------------------------------------------------------------------------- */

static void
assert_languages (const char *printed, const char *language, const char *expected)
{
  g_autoptr (GVariant) facts = g_variant_ref_sink (g_variant_new_parsed (printed));
  g_autofree char *text = whis_model_offer_describe_languages (facts, language);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_languages (void)
{
  const char *one = "{'name': <'Small'>, 'languages': <['de']>}";
  const char *two = "{'name': <'Base'>, 'languages': <['en', 'de']>}";

  assert_languages (one, "", "Small recognises 1 language.");
  assert_languages (one, "de", "Small recognises 1 language, which is German.");
  assert_languages (one, "de_AT", "Small recognises 1 language, which is German.");
  assert_languages (one, "fr-CA", "Small recognises 1 language; French is not among them.");
  assert_languages (two, "", "Base recognises 2 languages.");
  assert_languages (two, "de-CH", "Base recognises 2 languages, German among them.");
  assert_languages (two, "xx", "Base recognises 2 languages; your language is not among them.");
  assert_languages ("{'name': <'Odd'>}", "de", "Odd recognises 0 languages.");
}

/* Host, author and licence are said before anything is asked of the host. */
static void
test_download (void)
{
  const char *const cases[][2] = {
    { "{'bytes': <@t 80000000>, 'hosts': <'a.example, b.example'>, 'attribution': <'Somebody'>,"
      " 'license': <'MIT'>}",
      "80.0 MB are downloaded from a.example, b.example, once. Somebody (MIT)" },
    { "{'bytes': <@t 80000000>, 'done': <@t 20000000>, 'hosts': <'a.example'>,"
      " 'attribution': <'Somebody'>, 'license': <'MIT'>}",
      "20.0 MB of 80.0 MB are here; the rest is downloaded from a.example. Somebody (MIT)" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GVariant) facts = g_variant_ref_sink (g_variant_new_parsed (cases[i][0]));
      g_autofree char *text = whis_model_offer_describe_download (facts);
      g_autoptr (GString) plain = g_string_new (text);

      /* In front of a unit GLib puts a blank that does not break. */
      g_string_replace (plain, "\u00a0", " ", 0);
      g_assert_cmpstr (plain->str, ==, cases[i][1]);
    }
}

static void
test_earlier (void)
{
  g_autofree char *one = whis_model_offer_describe_earlier (1);
  g_autofree char *many = whis_model_offer_describe_earlier (12);

  g_assert_cmpstr (one, ==, "1 earlier dictation is kept, and can be recognised with it.");
  g_assert_cmpstr (many, ==, "12 earlier dictations are kept, and can be recognised with it.");
  g_assert_cmpstr (whis_model_offer_describe_present ("english"), ==,
                   "So far Whis recognises English alone, and roughly.");
  g_assert_cmpstr (whis_model_offer_describe_present (""), ==,
                   whis_model_offer_describe_present (NULL));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/window/descriptions/entry/destination", test_destination);
  g_test_add_func ("/window/descriptions/entry/chunks", test_chunks);
  g_test_add_func ("/window/descriptions/entry/flags", test_flags);
  g_test_add_func ("/window/descriptions/entry/missing", test_missing);
  g_test_add_func ("/window/descriptions/model/languages", test_languages);
  g_test_add_func ("/window/descriptions/model/download", test_download);
  g_test_add_func ("/window/descriptions/model/earlier", test_earlier);

  return g_test_run ();
}
