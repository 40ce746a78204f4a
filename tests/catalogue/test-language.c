/* SPDX-License-Identifier: MIT */
#include "language.h"

static void
test_primary (void)
{
  static const char *const cases[][2] = {
    { "de", "de" },          { "DE", "de" },     { "de-AT", "de" },   { "de_AT.UTF-8@euro", "de" },
    { "sr@latin", "sr" },    { "C.UTF-8", "c" }, { "yue-HK", "yue" }, { "zh-Hant-TW", "zh" },
    { "pt_BR.UTF-8", "pt" }, { "", "" },         { "-", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *primary = whis_language_get_primary (cases[i][0]);

      g_assert_cmpstr (primary, ==, cases[i][1]);
    }
}

/* What may stand in a request: nothing else reaches a service. */
static void
test_is_tag (void)
{
  static const char *const tags[] = { "de", "DE", "yue", "de-AT", "zh-Hant-TW", "es-419", "haw" };
  static const char *const others[] = { "",      "d",     "deutsch",
                                        "-",     "-de",   "de_AT",
                                        "de AT", "de\n",  "de-ê",
                                        "ê",     "d-AT",  "de&x=y",
                                        "de\"",  "de/..", "de-aaaaaaaa-aaaaaaaa-aaaaaaaa-aaaaaaa" };

  for (gsize i = 0; i < G_N_ELEMENTS (tags); i++)
    {
      g_test_message ("%s", tags[i]);
      g_assert_true (whis_language_is_tag (tags[i]));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_test_message ("%s", others[i]);
      g_assert_false (whis_language_is_tag (others[i]));
    }
}

/* Of a language that a model does not list nothing is sent: some services refuse the request. */
static void
test_for_model (void)
{
  static const struct
  {
    const char *languages;
    const char *chosen;
    const char *sent;
  } cases[] = {
    /* a model that takes any */
    { NULL, "de", "de" },
    { NULL, "de-AT", "de" },
    { NULL, "xx_YY.UTF-8", "xx" },
    { NULL, "", NULL },
    { NULL, NULL, NULL },

    { "de en", "de", "de" },
    { "de en", "DE-at", "de" },
    { "de en", "fr", NULL },
    { "de en", "", NULL },
    /* the same tag before one of the same language */
    { "pt-PT pt-BR", "pt-BR", "pt-BR" },
    { "pt-PT pt-BR", "PT-br", "pt-BR" },
    { "pt-PT pt-BR", "pt", "pt-PT" },
    { "pt-PT pt-BR", "pt-AO", "pt-PT" },
    /* a code that only begins so is of another language */
    { "fil", "fi", NULL },
    { "fil fi", "fi", "fi" },
    { "yue", "yu", NULL },

    /* services that have the code of the language that is meant */
    { "nb en", "no", "nb" },
    { "nb-NO en", "no-NO", "nb-NO" },
    { "no nb", "no", "no" },
    { "fil en", "tl", "fil" },
    { "cmn-Hans-CN en", "zh-TW", "cmn-Hans-CN" },
    { "no en", "nb", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const WhisModel model = { .id = "m", .languages = cases[i].languages };
      g_autofree char *sent = whis_language_for_model (&model, cases[i].chosen);

      g_test_message ("%s of %s", cases[i].chosen, cases[i].languages);
      g_assert_cmpstr (sent, ==, cases[i].sent);
    }
}

static void
test_for_no_model (void)
{
  g_autofree char *code = whis_language_for_model (NULL, "de-AT");

  g_assert_cmpstr (code, ==, "de");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/language/primary", test_primary);
  g_test_add_func ("/language/is-tag", test_is_tag);
  g_test_add_func ("/language/for-model", test_for_model);
  g_test_add_func ("/language/for-no-model", test_for_no_model);

  return g_test_run ();
}
