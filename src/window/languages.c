/* SPDX-License-Identifier: MIT */
#include "languages.h"

#include <glib/gi18n-lib.h>

#include "choice-item.h"

/* ISO 639-1 codes of the languages that the transcription services have in common. */
static const struct
{
  const char *code;
  const char *name;
} languages[] = {
  { "af", N_ ("Afrikaans") },   { "ar", N_ ("Arabic") },     { "hy", N_ ("Armenian") },
  { "az", N_ ("Azerbaijani") }, { "be", N_ ("Belarusian") }, { "bs", N_ ("Bosnian") },
  { "bg", N_ ("Bulgarian") },   { "ca", N_ ("Catalan") },    { "zh", N_ ("Chinese") },
  { "hr", N_ ("Croatian") },    { "cs", N_ ("Czech") },      { "da", N_ ("Danish") },
  { "nl", N_ ("Dutch") },       { "en", N_ ("English") },    { "et", N_ ("Estonian") },
  { "fi", N_ ("Finnish") },     { "fr", N_ ("French") },     { "gl", N_ ("Galician") },
  { "de", N_ ("German") },      { "el", N_ ("Greek") },      { "he", N_ ("Hebrew") },
  { "hi", N_ ("Hindi") },       { "hu", N_ ("Hungarian") },  { "is", N_ ("Icelandic") },
  { "id", N_ ("Indonesian") },  { "it", N_ ("Italian") },    { "ja", N_ ("Japanese") },
  { "kn", N_ ("Kannada") },     { "kk", N_ ("Kazakh") },     { "ko", N_ ("Korean") },
  { "lv", N_ ("Latvian") },     { "lt", N_ ("Lithuanian") }, { "mk", N_ ("Macedonian") },
  { "ms", N_ ("Malay") },       { "mi", N_ ("Maori") },      { "mr", N_ ("Marathi") },
  { "ne", N_ ("Nepali") },      { "no", N_ ("Norwegian") },  { "fa", N_ ("Persian") },
  { "pl", N_ ("Polish") },      { "pt", N_ ("Portuguese") }, { "ro", N_ ("Romanian") },
  { "ru", N_ ("Russian") },     { "sr", N_ ("Serbian") },    { "sk", N_ ("Slovak") },
  { "sl", N_ ("Slovenian") },   { "es", N_ ("Spanish") },    { "sw", N_ ("Swahili") },
  { "sv", N_ ("Swedish") },     { "tl", N_ ("Tagalog") },    { "ta", N_ ("Tamil") },
  { "th", N_ ("Thai") },        { "tr", N_ ("Turkish") },    { "uk", N_ ("Ukrainian") },
  { "ur", N_ ("Urdu") },        { "vi", N_ ("Vietnamese") }, { "cy", N_ ("Welsh") },
};

static gboolean
is_of_the_desktop (const char *code)
{
  const char *const *names = g_get_language_names ();

  for (gsize i = 0; names[i] != NULL; i++)
    if (g_str_equal (names[i], code))
      return TRUE;

  return FALSE;
}

/* The languages of the desktop come first, then the others by their translated names. */
static int
languages_compare (gconstpointer a, gconstpointer b, gpointer user_data)
{
  WhisChoiceItem *left = WHIS_CHOICE_ITEM ((gpointer) a);
  WhisChoiceItem *right = WHIS_CHOICE_ITEM ((gpointer) b);
  gboolean left_first = is_of_the_desktop (whis_choice_item_get_id (left));
  gboolean right_first = is_of_the_desktop (whis_choice_item_get_id (right));

  if (left_first != right_first)
    return left_first ? -1 : 1;
  return g_utf8_collate (whis_choice_item_get_name (left), whis_choice_item_get_name (right));
}

/**
 * whis_languages_new:
 * @chosen: the language in the settings, which is in the list even if it is not a known one
 *
 * Returns: (transfer full): a list of #WhisChoiceItem: automatic, then languages to choose from
 */
GListStore *
whis_languages_new (const char *chosen)
{
  GListStore *list;

  g_return_val_if_fail (chosen != NULL, NULL);

  list = g_list_store_new (WHIS_TYPE_CHOICE_ITEM);
  for (gsize i = 0; i < G_N_ELEMENTS (languages); i++)
    whis_choice_list_append (list, languages[i].code, _ (languages[i].name));
  g_list_store_sort (list, languages_compare, NULL);

  {
    g_autoptr (WhisChoiceItem) automatic = whis_choice_item_new ("", _ ("Automatic"));

    g_list_store_insert (list, 0, automatic);
  }
  if (whis_choice_list_find (G_LIST_MODEL (list), chosen) == G_MAXUINT)
    whis_choice_list_append (list, chosen, chosen);

  return list;
}

/**
 * whis_language_get_name:
 * @code: a code
 *
 * Returns: the name of the language, @code itself if it is not a known one
 */
const char *
whis_language_get_name (const char *code)
{
  g_return_val_if_fail (code != NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (languages); i++)
    if (g_str_equal (languages[i].code, code))
      return _ (languages[i].name);

  return code;
}
