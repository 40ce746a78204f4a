/* SPDX-License-Identifier: MIT */
#include "text-spacing.h"

#include <string.h>

#include "words.h"

/* Words that are small within a sentence, whatever they mean: articles, conjunctions, prepositions,
 * pronouns. What may be a name or, in German, a noun is none of them; nor is a polite pronoun. */
static const struct
{
  const char *language;
  const char *words;
} small_words[] = {
  { "de",
    " aber als am an auch auf aus bei bis da damit dann das dass dem den denn der des die doch "
    "du ein eine einem einen einer eines er es für hat hier ich im in ist ja kann man mit nach "
    "nicht noch nun nur ob oder ohne schon sehr sind so um und uns unter vom von vor war was "
    "weil wenn wer wie wir wird wo zu zum zur über " },
  { "en",
    " a about after all also an and are as at because before but by can could did do does for "
    "from had has have he her here his how if in into is it its just like my no not now of on "
    "only or our out over she should so some than that the their then there these they this "
    "those to up was we were what when where which while who why will with would yet you your " },
  { "es",
    " a al así aunque como con cuando de del desde donde el ella en entonces es esta este la las "
    "le lo los mi más muy no nos o para pero por porque que se si sin sobre su también tu un una "
    "y ya yo " },
  { "fr",
    " alors au aussi avec c'est car ce ces cette comme d'un d'une dans de des donc du elle en est "
    "et il ils j'ai je la le les leur mais mon ne nous on ou où par pas pour puis que qui sa se "
    "ses si son sur tu un une vous à " },
  { "it",
    " a al alla anche che ci come con così da dal del della di e ed era gli ho i il in io la le lo "
    "ma mi nel nella noi non o per perché più quando questa questo se si sono su tu un una è " },
  { "nl",
    " aan als ook bij dan dat de deze die dit door een en er geen had het hij hoe ik in is je kan "
    "maar met naar niet nog nu of om onder ons op over te toen tot uit van veel voor want was wat "
    "we wij ze zij zijn zo zou " },
  { "pl",
    " a albo ale bez bo by co czy dla do gdy i ich ja jak jest już lub ma my na nad nie o od on "
    "ona oraz po pod przez przy się są ta tak ten to tu ty w we więc z za ze że " },
  { "pt",
    " a ao as com como da das de do dos e ela ele em entre era essa este eu foi isso já mas me "
    "muito na nas no nos não o os ou para pela pelo por porque que se sem seu sua também um uma "
    "é " },
  { "ru", " а без бы был в вы где да для до его если ещё же за и из или как когда кто мы на над не "
          "но о он она они от по под при с так там то только ты у уже что чтобы это я " },
  { "uk",
    " а або але без би був в ви від він вона вони де для до з за й його коли ми на не о по при "
    "та так там ти то у це цей чи що щоб я як якщо і " },
};

/**
 * whis_spacing_from_nick:
 * @nick: (nullable): a value of the setting `spacing`
 *
 * Returns: the spacing of that name, %WHIS_SPACING_AUTOMATIC for an unknown one
 */
WhisSpacing
whis_spacing_from_nick (const char *nick)
{
  static const char *const nicks[] = { "automatic", "space", "newline", "none" };

  for (gsize i = 0; i < G_N_ELEMENTS (nicks); i++)
    if (g_strcmp0 (nick, nicks[i]) == 0)
      return (WhisSpacing) i;

  return WHIS_SPACING_AUTOMATIC;
}

static gboolean
character_opens (gunichar c)
{
  GUnicodeType type = g_unichar_type (c);

  return type == G_UNICODE_OPEN_PUNCTUATION || type == G_UNICODE_INITIAL_PUNCTUATION || c == 0x00bf
         || c == 0x00a1;
}

static gboolean
character_closes (gunichar c)
{
  return c < 0x80 ? strchr (".,;:!?)]}%", (int) c) != NULL
                  : g_unichar_type (c) == G_UNICODE_CLOSE_PUNCTUATION;
}

/* Whether a space belongs between two characters. */
static gboolean
needs_space (gunichar before, gunichar after)
{
  return !g_unichar_isspace (before) && !g_unichar_isspace (after) && !character_opens (before)
         && !character_closes (after) && before != '/' && before != '@' && before != '#'
         && before != '_' && before != '-' && !whis_character_joins_without_space (before)
         && !whis_character_joins_without_space (after);
}

/* Whether a text ends in a quotation mark that opens, if it is one that both opens and closes. */
static gboolean
ends_in_opening_quote (const char *text)
{
  const char *last = g_utf8_find_prev_char (text, text + strlen (text));
  const char *before = g_utf8_find_prev_char (text, last);

  if (*last != '"' && *last != '\'')
    return FALSE;

  return before == NULL || g_unichar_isspace (g_utf8_get_char (before))
         || character_opens (g_utf8_get_char (before));
}

/* The last character that is no space, 0 at the beginning or after a newline. */
static gunichar
find_last_of_line (const char *text_before)
{
  const char *at = text_before + strlen (text_before);

  while (at > text_before)
    {
      gunichar c;

      at = g_utf8_prev_char (at);
      c = g_utf8_get_char (at);
      if (c == '\n' || c == 0x2029)
        return 0;
      if (!g_unichar_isspace (c) && c != '"' && c != '\'' && c != ')' && c != 0x201d)
        return c;
    }

  return 0;
}

static gboolean
ends_sentence (gunichar c)
{
  return c == 0 || c == '.' || c == '!' || c == '?' || c == 0x2026 || c == 0x3002 || c == 0xff01
         || c == 0xff1f || c == 0x061f || c == 0x0964;
}

/* The first word in small letters, between blanks, and with one kind of apostrophe. */
static char *
dup_first_word (const char *text)
{
  g_autoptr (GString) word = g_string_new (" ");

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (c == '\'' || c == 0x2019)
        g_string_append_c (word, '\'');
      else if (g_unichar_isalpha (c))
        g_string_append_unichar (word, g_unichar_tolower (c));
      else
        break;
    }
  g_string_append_c (word, ' ');

  return g_string_free (g_steal_pointer (&word), FALSE);
}

/* Whether a text begins with a word that is small within a sentence of this language. */
static gboolean
begins_with_small_word (const char *text, const char *language)
{
  g_autofree char *padded = dup_first_word (text);

  for (gsize i = 0; i < G_N_ELEMENTS (small_words); i++)
    if (g_str_has_prefix (language, small_words[i].language)
        && !g_ascii_isalpha (language[strlen (small_words[i].language)]))
      return strstr (small_words[i].words, padded) != NULL;

  return FALSE;
}

static char *
with_first_letter (const char *text, gunichar letter)
{
  char first[7] = "";

  g_unichar_to_utf8 (letter, first);

  return g_strconcat (first, g_utf8_next_char (text), NULL);
}

/* The first letter as it is at this place: large where a sentence begins, small within one if the
 * word is one that is never large there. */
static char *
fit_first_letter (const char *text, const char *text_before, const char *language)
{
  gunichar first = g_utf8_get_char (text);

  if (*text_before != '\0' && ends_in_opening_quote (text_before))
    return g_strdup (text);
  if (ends_sentence (find_last_of_line (text_before)))
    return with_first_letter (text, g_unichar_toupper (first));
  if (g_unichar_isupper (first) && language != NULL && begins_with_small_word (text, language))
    return with_first_letter (text, g_unichar_tolower (first));

  return g_strdup (text);
}

/**
 * whis_spacing_apply:
 * @self: what is put around
 * @text: a text, not empty
 * @text_before: (nullable): the end of the text before the cursor; %NULL if it cannot be read
 * @language: (nullable): language code of @text
 *
 * Returns: (transfer full): the text as it is inserted at this place
 */
char *
whis_spacing_apply (WhisSpacing self,
                    const char *text,
                    const char *text_before,
                    const char *language)
{
  g_autofree char *fitted = NULL;
  const char *last;

  g_return_val_if_fail (text != NULL && *text != '\0', NULL);

  if (self == WHIS_SPACING_SPACE)
    return g_strconcat (text, " ", NULL);
  if (self == WHIS_SPACING_NEWLINE)
    return g_strconcat (text, "\n", NULL);
  if (self == WHIS_SPACING_NONE || text_before == NULL)
    return g_strdup (text);

  fitted = fit_first_letter (text, text_before, language);
  if (*text_before == '\0')
    return g_steal_pointer (&fitted);

  last = g_utf8_find_prev_char (text_before, text_before + strlen (text_before));
  if (ends_in_opening_quote (text_before)
      || !needs_space (g_utf8_get_char (last), g_utf8_get_char (fitted)))
    return g_steal_pointer (&fitted);

  return g_strconcat (" ", fitted, NULL);
}
