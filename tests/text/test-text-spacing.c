/* SPDX-License-Identifier: MIT */
#include <glib.h>

#include "text-spacing.h"

/* What is inserted behind what stands there, by the setting and the language. */
static const struct
{
  WhisSpacing spacing;
  const char *text;
  const char *before; /* NULL if it cannot be read */
  const char *language;
  const char *inserted;
} cases[] = {
  { WHIS_SPACING_AUTOMATIC, "Hello.", NULL, "en", "Hello." },
  { WHIS_SPACING_AUTOMATIC, "Hello.", "", "en", "Hello." },
  { WHIS_SPACING_AUTOMATIC, "hello.", "", "en", "Hello." },
  { WHIS_SPACING_AUTOMATIC, "Hello.", "First.", "en", " Hello." },
  { WHIS_SPACING_AUTOMATIC, "Hello.", "First. ", "en", "Hello." },
  { WHIS_SPACING_AUTOMATIC, "hello.", "First.\n", "en", "Hello." },
  { WHIS_SPACING_AUTOMATIC, "Hello.", "First.\302\240", "en", "Hello." },
  { WHIS_SPACING_AUTOMATIC, "And more.", "One thing", "en", " and more." },
  { WHIS_SPACING_AUTOMATIC, "And more.", "One thing.", "en", " And more." },
  { WHIS_SPACING_AUTOMATIC, "And more.", "He said \"No.\"", "en", " And more." },
  { WHIS_SPACING_AUTOMATIC, "I think so.", "One thing", "en", " I think so." },
  { WHIS_SPACING_AUTOMATIC, "Peter said so.", "One thing", "en", " Peter said so." },
  { WHIS_SPACING_AUTOMATIC, "And more.", "One thing", NULL, " And more." },
  { WHIS_SPACING_AUTOMATIC, "And more.", "One thing", "eng", " And more." },
  { WHIS_SPACING_AUTOMATIC, "And more.", "One thing", "en-GB", " and more." },
  { WHIS_SPACING_AUTOMATIC, "Und dann.", "Erst das", "de", " und dann." },
  { WHIS_SPACING_AUTOMATIC, "Haus und Hof.", "Erst das", "de", " Haus und Hof." },
  { WHIS_SPACING_AUTOMATIC, "Sie kommen.", "Ich glaube,", "de", " Sie kommen." },
  { WHIS_SPACING_AUTOMATIC, "Über allem.", "Es steht", "de", " über allem." },
  { WHIS_SPACING_AUTOMATIC, "Это так.", "Я думаю,", "ru", " это так." },
  { WHIS_SPACING_AUTOMATIC, "Pero no.", "Lo dijo,", "es", " pero no." },
  { WHIS_SPACING_AUTOMATIC, "Madrid no.", "Lo dijo,", "es", " Madrid no." },
  { WHIS_SPACING_AUTOMATIC, "C'est tout.", "Il dit,", "fr", " c'est tout." },
  { WHIS_SPACING_AUTOMATIC, "C\342\200\231est tout.", "Il dit,", "fr", " c\342\200\231est tout." },
  { WHIS_SPACING_AUTOMATIC, "C\342\200\231est tout.", "Il l'a dit.", "fr",
    " C\342\200\231est tout." },
  { WHIS_SPACING_AUTOMATIC, "È vero.", "Dico che", "it", " è vero." },
  { WHIS_SPACING_AUTOMATIC, "Maar niet zo.", "Dat is goed,", "nl", " maar niet zo." },
  { WHIS_SPACING_AUTOMATIC, "Że tak.", "Mówię,", "pl", " że tak." },
  { WHIS_SPACING_AUTOMATIC, "Você sabe.", "Acho que", "pt", " Você sabe." },
  { WHIS_SPACING_AUTOMATIC, "É assim.", "Acho que", "pt-BR", " é assim." },
  { WHIS_SPACING_AUTOMATIC, "Є так.", "Я думаю,", "uk", " Є так." },
  { WHIS_SPACING_AUTOMATIC, "І так.", "Я думаю,", "uk_UA", " і так." },
  /* A sign that ends a sentence, whatever stands around it. */
  { WHIS_SPACING_AUTOMATIC, "and more", "Really?", "en", " And more" },
  { WHIS_SPACING_AUTOMATIC, "and more", "(Really!)", "en", " And more" },
  { WHIS_SPACING_AUTOMATIC, "and more", "Well\342\200\246 ", "en", "And more" },
  { WHIS_SPACING_AUTOMATIC, "ещё", "«Да». ", "ru", "Ещё" },
  { WHIS_SPACING_AUTOMATIC, "और", "यह ठीक है।", "hi", " और" },
  { WHIS_SPACING_AUTOMATIC, "نعم", "هل هذا؟", "ar", " نعم" },
  { WHIS_SPACING_AUTOMATIC, "3 more", "One thing", "en", " 3 more" },
  { WHIS_SPACING_AUTOMATIC, "¿Quién?", "Dijo", "es", " ¿Quién?" },
  { WHIS_SPACING_AUTOMATIC, "word", "¿", "es", "word" },
  { WHIS_SPACING_AUTOMATIC, "name", "write to @", "en", "name" },
  { WHIS_SPACING_AUTOMATIC, "topic", "#", "en", "topic" },
  { WHIS_SPACING_AUTOMATIC, "known", "well-", "en", "known" },
  { WHIS_SPACING_AUTOMATIC, "50 %", "about", "en", " 50 %" },
  { WHIS_SPACING_AUTOMATIC, ") and so on", "one", "en", ") and so on" },
  { WHIS_SPACING_AUTOMATIC, "말", "이것은", "ko", " 말" },
  { WHIS_SPACING_AUTOMATIC, "No, never.", "He said \"", "en", "No, never." },
  { WHIS_SPACING_AUTOMATIC, "word", "\"", "en", "word" },
  { WHIS_SPACING_AUTOMATIC, "word", "one (", "en", "word" },
  { WHIS_SPACING_AUTOMATIC, "word", "un \302\253", "fr", "word" },
  { WHIS_SPACING_AUTOMATIC, "word", "path/", "en", "word" },
  { WHIS_SPACING_AUTOMATIC, ", he said", "Word", "en", ", he said" },
  { WHIS_SPACING_AUTOMATIC, "今日は", "天気がいい", "ja", "今日は" },
  { WHIS_SPACING_AUTOMATIC, "今日は", "天気がいい。", "ja", "今日は" },
  { WHIS_SPACING_SPACE, "Hello.", "First.", "en", "Hello. " },
  { WHIS_SPACING_NEWLINE, "Hello.", NULL, "en", "Hello.\n" },
  { WHIS_SPACING_NONE, "And more.", "One thing", "en", "And more." },
};

static void
test_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *inserted =
          whis_spacing_apply (cases[i].spacing, cases[i].text, cases[i].before, cases[i].language);

      g_test_message ("“%s” behind “%s”", cases[i].text, cases[i].before);
      g_assert_cmpstr (inserted, ==, cases[i].inserted);
    }
}

static void
test_nicks (void)
{
  g_assert_cmpint (whis_spacing_from_nick ("automatic"), ==, WHIS_SPACING_AUTOMATIC);
  g_assert_cmpint (whis_spacing_from_nick ("space"), ==, WHIS_SPACING_SPACE);
  g_assert_cmpint (whis_spacing_from_nick ("newline"), ==, WHIS_SPACING_NEWLINE);
  g_assert_cmpint (whis_spacing_from_nick ("none"), ==, WHIS_SPACING_NONE);
  g_assert_cmpint (whis_spacing_from_nick ("of a later version"), ==, WHIS_SPACING_AUTOMATIC);
  g_assert_cmpint (whis_spacing_from_nick (NULL), ==, WHIS_SPACING_AUTOMATIC);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/text-spacing/cases", test_cases);
  g_test_add_func ("/text-spacing/nicks", test_nicks);

  return g_test_run ();
}
