/* SPDX-License-Identifier: MIT */
#include "list-options.h"

#include "bus-error.h"

/* What a client may ask of the history. */

static GVariant *
parse (const char *text)
{
  return g_variant_ref_sink (g_variant_new_parsed (text));
}

/* A client that says nothing gets a page, and one that asks for all of it does not get that. */
static void
test_limits (void)
{
  static const struct
  {
    const char *options;
    guint limit;
    guint offset;
  } cases[] = {
    { "@a{sv} {}", 100, 0 },
    { "{'limit': <@u 0>}", 100, 0 },
    { "{'limit': <@u 1>, 'offset': <@u 7>}", 1, 7 },
    { "{'limit': <@u 500>}", 500, 0 },
    { "{'limit': <@u 501>}", 500, 0 },
    { "{'limit': <@u 4294967295>, 'offset': <@u 4294967295>}", 500, 4294967295 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GVariant) dictionary = parse (cases[i].options);
      g_auto (WhisListOptions) options = { 0 };
      g_autoptr (GError) error = NULL;

      g_assert_true (whis_list_options_read (&options, dictionary, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (options.query.limit, ==, cases[i].limit);
      g_assert_cmpuint (options.query.offset, ==, cases[i].offset);
      g_assert_cmpuint (options.query.states, ==, 0);
      g_assert_false (options.query.marked);
      g_assert_null (options.query.search);
    }
}

static void
test_filters (void)
{
  g_autoptr (GVariant) dictionary =
      parse ("{'search': <'two words'>, 'marked': <true>, 'states': <['failed', 'done', 'done']>}");
  g_autoptr (GVariant) no_states = parse ("{'states': <@as []>}");
  g_auto (WhisListOptions) options = { 0 };
  g_auto (WhisListOptions) all = { 0 };

  g_assert_true (whis_list_options_read (&options, dictionary, NULL));
  g_assert_cmpstr (options.query.search, ==, "two words");
  g_assert_true (options.query.marked);
  g_assert_cmphex (options.query.states, ==,
                   1u << WHIS_DICTATION_STATE_FAILED | 1u << WHIS_DICTATION_STATE_DONE);

  g_assert_true (whis_list_options_read (&all, no_states, NULL));
  g_assert_cmphex (all.query.states, ==, 0);
}

/* A misspelt wish is not taken for none: the client would show what was not asked for. */
static void
test_refused (void)
{
  static const struct
  {
    const char *options;
    const char *named; /* in the sentence */
  } cases[] = {
    { "{'serach': <'words'>}", "serach" }, { "{'search': <true>}", "search" },
    { "{'limit': <-1>}", "limit" },        { "{'limit': <@t 10>}", "limit" },
    { "{'states': <'done'>}", "states" },  { "{'states': <['done', 'finished']>}", "“finished”" },
    { "{'states': <['']>}", "“”" },        { "{'states': <['Done']>}", "“Done”" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GVariant) dictionary = parse (cases[i].options);
      g_auto (WhisListOptions) options = { 0 };
      g_autoptr (GError) error = NULL;

      g_assert_false (whis_list_options_read (&options, dictionary, &error));
      g_assert_error (error, WHIS_BUS_ERROR, WHIS_BUS_ERROR_ARGUMENTS);
      g_assert_nonnull (g_strstr_len (error->message, -1, cases[i].named));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/list-options/limits", test_limits);
  g_test_add_func ("/list-options/filters", test_filters);
  g_test_add_func ("/list-options/refused", test_refused);

  return g_test_run ();
}
