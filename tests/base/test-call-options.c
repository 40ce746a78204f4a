/* SPDX-License-Identifier: MIT */
#include "call-options.h"

#include <string.h>

#include "bus-error.h"

typedef struct
{
  gboolean flag;
  guint number;
  char *text;
  GStrv list;
} Options;

static void
options_clear (Options *self)
{
  g_free (self->text);
  g_strfreev (self->list);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static const WhisCallOption known[] = {
  { "flag", "b", G_STRUCT_OFFSET (Options, flag) },
  { "number", "u", G_STRUCT_OFFSET (Options, number) },
  { "text", "s", G_STRUCT_OFFSET (Options, text) },
  { "list", "as", G_STRUCT_OFFSET (Options, list) },
};

static gboolean
read_options (Options *self, const char *text, GError **error)
{
  g_autoptr (GError) parse_error = NULL;
  g_autoptr (GVariant) options =
      g_variant_parse (G_VARIANT_TYPE_VARDICT, text, NULL, NULL, &parse_error);

  g_assert_no_error (parse_error);

  return whis_call_options_read (options, known, G_N_ELEMENTS (known), self, error);
}

static void
test_read (void)
{
  g_auto (Options) self = { .number = 3, .text = g_strdup ("before") };
  g_autoptr (GError) error = NULL;

  read_options (&self, "{}", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (self.number, ==, 3);
  g_assert_cmpstr (self.text, ==, "before");
  read_options (&self, "{'flag': <true>, 'text': <'new'>, 'list': <['a', 'b']>}", &error);
  g_assert_no_error (error);
  g_assert_true (self.flag);
  g_assert_cmpuint (self.number, ==, 3);
  g_assert_cmpstr (self.text, ==, "new");
  g_assert_cmpuint (g_strv_length (self.list), ==, 2);
  /* Said twice, the last one holds, and nothing leaks. */
  read_options (&self, "{'text': <'one'>, 'number': <@u 7>, 'text': <'two'>}", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (self.number, ==, 7);
  g_assert_cmpstr (self.text, ==, "two");
}

static void
test_refused (void)
{
  static const char *const wrong[] = {
    "{'colour': <'blue'>}", "{'flag': <'true'>}", "{'number': <7>}",
    "{'list': <'a'>}",      "{'text': <['a']>}",  "{'text': <'a'>, 'flags': <true>}",
    "{'': <true>}",         "{'flag': <<true>>}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_auto (Options) self = { FALSE };
      g_autoptr (GError) error = NULL;

      g_assert_false (read_options (&self, wrong[i], &error));
      g_assert_error (error, WHIS_BUS_ERROR, WHIS_BUS_ERROR_ARGUMENTS);
    }
}

/* Who mistyped an option gets to know which; what stood before it was read, and leaks not. */
static void
test_refused_sentence (void)
{
  g_auto (Options) self = { .text = g_strdup ("before") };
  g_autoptr (GError) error = NULL;

  g_assert_false (read_options (
      &self, "{'text': <'read'>, 'list': <['a']>, 'modle': <'m'>, 'number': <@u 9>}", &error));
  g_assert_nonnull (strstr (error->message, "“modle”"));
  g_assert_cmpstr (self.text, ==, "read");
  g_assert_cmpuint (self.number, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/call-options/read", test_read);
  g_test_add_func ("/call-options/refused", test_refused);
  g_test_add_func ("/call-options/refused-sentence", test_refused_sentence);

  return g_test_run ();
}
