/* SPDX-License-Identifier: MIT */
#include <locale.h>

#include "card.h"
#include "palette.h"

#define LONG_TEXT                                                                                  \
  "It was a dark and stormy night; the rain fell in torrents, except at occasional intervals, "    \
  "when it was checked by a violent gust of wind which swept up the streets"
#define LONG_HEBREW                                                                                                                                                    \
  "שלום לכולם, היום נדבר על הממשק החדש של התוכנה שלנו ועל כל מה שאפשר לעשות איתה בכל יום ובכל " \
  "שעה "                                                                                                                                                            \
  "ובכל מקום שבו יש מיקרופון"

typedef struct
{
  WhisIndicatorCard *card;
  WhisIndicatorContent *content;
  cairo_surface_t *image; /* nullable */
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->card = whis_indicator_card_new ();
  self->content = whis_indicator_content_new ();
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_clear_pointer (&self->image, cairo_surface_destroy);
  g_clear_pointer (&self->content, whis_indicator_content_free);
  g_assert_finalize_object (self->card);
}

static void
draw (Fixture *self)
{
  int height = whis_indicator_card_get_height (self->card, self->content);
  cairo_t *cr;

  g_clear_pointer (&self->image, cairo_surface_destroy);
  self->image = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, WHIS_INDICATOR_WIDTH, height);
  cr = cairo_create (self->image);
  whis_indicator_card_draw (self->card, cr, self->content);
  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (cr);
  cairo_surface_flush (self->image);
}

static guint32
get_pixel (Fixture *self, int x, int y)
{
  const guint8 *data = cairo_image_surface_get_data (self->image);
  const guint32 *row =
      (const guint32 *) (gconstpointer) (data
                                         + (gsize) y
                                               * (gsize) cairo_image_surface_get_stride (
                                                   self->image));

  return row[x];
}

/* How many pixels have a colour, from the column @from up to @to. */
static guint
count (Fixture *self, guint32 colour, int from, int to)
{
  guint found = 0;

  for (int y = 0; y < cairo_image_surface_get_height (self->image); y++)
    for (int x = from; x < to; x++)
      if (get_pixel (self, x, y) == colour)
        found++;

  return found;
}

static guint32
pack (const WhisColour *colour)
{
  return 0xff000000u | (guint32) (colour->red * 255 + 0.5) << 16
         | (guint32) (colour->green * 255 + 0.5) << 8 | (guint32) (colour->blue * 255 + 0.5);
}

/* The last character is at the edge where the text ends, and is not one of those that share the
 * width of the ellipsis. */
static void
assert_end_is_visible (Fixture *self, const char *text, gboolean at_left)
{
  g_autoptr (PangoLayout) layout = NULL;
  PangoRectangle last;
  int width;

  whis_indicator_content_set_text (self->content, text);
  layout = whis_indicator_card_create_detail (self->card, self->content);
  g_assert_true (pango_layout_is_ellipsized (layout));
  g_assert_cmpint (pango_layout_get_line_count (layout), ==, 1);
  width = pango_layout_get_width (layout);
  pango_layout_index_to_pos (layout, (int) strlen (self->content->text) - (at_left ? 2 : 1), &last);
  g_assert_cmpint (ABS (last.width), >, 2 * PANGO_SCALE);
  if (at_left)
    {
      g_assert_cmpint (last.x + last.width, >=, 0);
      g_assert_cmpint (last.x + last.width, <, width / 20);
    }
  else
    {
      g_assert_cmpint (last.x + last.width, <=, width);
      g_assert_cmpint (last.x + last.width, >, width - width / 20);
    }
}

static void
test_end_is_visible (Fixture *self, gconstpointer data)
{
  assert_end_is_visible (self, LONG_TEXT, FALSE);
  assert_end_is_visible (self, LONG_HEBREW, TRUE);
}

static void
test_short_text (Fixture *self, gconstpointer data)
{
  g_autoptr (PangoLayout) layout = NULL;

  g_assert_null (whis_indicator_card_create_detail (self->card, self->content));
  whis_indicator_content_set_text (self->content, "Hello");
  layout = whis_indicator_card_create_detail (self->card, self->content);
  g_assert_false (pango_layout_is_ellipsized (layout));
}

/* A text begins where its language does. */
static void
test_direction (Fixture *self, gconstpointer data)
{
  static const char *const texts[] = { "Hello", "שלום" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (PangoLayout) layout = NULL;
      PangoRectangle first;
      int edge;

      whis_indicator_content_set_text (self->content, texts[i]);
      layout = whis_indicator_card_create_detail (self->card, self->content);
      pango_layout_index_to_pos (layout, 0, &first);
      edge = i == 0 ? 0 : pango_layout_get_width (layout);
      g_assert_cmpint (first.x, ==, edge);
    }
}

static void
test_height (Fixture *self, gconstpointer data)
{
  int without_text = whis_indicator_card_get_height (self->card, self->content);
  int with_text;

  whis_indicator_content_set_text (self->content, "Hello");
  with_text = whis_indicator_card_get_height (self->card, self->content);
  g_assert_cmpint (with_text, >, without_text);
  /* However long, a text has one line. */
  whis_indicator_content_set_text (self->content, LONG_TEXT);
  g_assert_cmpint (whis_indicator_card_get_height (self->card, self->content), ==, with_text);
  /* A failure has as many as it needs, up to three. */
  self->content->state = WHIS_DICTATION_STATE_FAILED;
  whis_indicator_content_set_failure (self->content, "network", LONG_TEXT LONG_TEXT LONG_TEXT);
  g_assert_cmpint (whis_indicator_card_get_height (self->card, self->content), >, with_text);
  g_assert_cmpint (whis_indicator_card_get_height (self->card, self->content), <, 2 * with_text);
}

/* An open microphone has a colour that is nowhere else; the level is in the other half. */
static void
test_open_microphone (Fixture *self, gconstpointer data)
{
  guint32 open = pack (&whis_palette_get (FALSE, FALSE)->open);

  draw (self);
  g_assert_cmpuint (count (self, open, 0, 40), >, 200);
  g_assert_cmpuint (get_pixel (self, WHIS_INDICATOR_WIDTH / 2, 0), ==, open);
  g_assert_cmpuint (get_pixel (self, 0, 0), ==, 0);

  self->content->is_silent = TRUE;
  draw (self);
  g_assert_cmpuint (count (self, pack (&whis_palette_get (FALSE, FALSE)->warning), 0, 40), >, 200);

  self->content->state = WHIS_DICTATION_STATE_TRANSCRIBING;
  draw (self);
  g_assert_cmpuint (count (self, open, 0, WHIS_INDICATOR_WIDTH), ==, 0);

  self->content->state = WHIS_DICTATION_STATE_FAILED;
  draw (self);
  g_assert_cmpuint (count (self, open, 0, WHIS_INDICATOR_WIDTH), ==, 0);
  g_assert_cmpuint (count (self, pack (&whis_palette_get (FALSE, FALSE)->warning), 0, 40), >, 200);
}

static guint
count_level (Fixture *self)
{
  draw (self);

  return count (self, pack (&whis_palette_get (FALSE, FALSE)->foreground), 280, 390);
}

static void
test_level (Fixture *self, gconstpointer data)
{
  guint silence = count_level (self);
  guint quiet;

  for (guint i = 0; i < WHIS_LEVEL_HISTORY_LENGTH; i++)
    whis_level_history_push (&self->content->levels, -35);
  quiet = count_level (self);
  g_assert_cmpuint (quiet, >, silence);
  for (guint i = 0; i < WHIS_LEVEL_HISTORY_LENGTH; i++)
    whis_level_history_push (&self->content->levels, -5);
  g_assert_cmpuint (count_level (self), >, 2 * quiet);

  /* With less motion the bars show the last level alone. */
  whis_indicator_card_set_look (self->card, &(WhisLook){ .reduces_motion = TRUE });
  g_assert_cmpuint (count_level (self), >, silence);
  whis_level_history_push (&self->content->levels, -100);
  g_assert_cmpuint (count_level (self), ==, silence);
}

static void
test_looks (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < 4; i++)
    {
      const WhisLook look = { .is_light = i & 1, .is_high_contrast = (i & 2) != 0 };
      const WhisPalette *palette = whis_palette_get (look.is_light, look.is_high_contrast);

      whis_indicator_card_set_look (self->card, &look);
      draw (self);
      g_assert_cmpuint (get_pixel (self, WHIS_INDICATOR_WIDTH / 2, 8), ==,
                        pack (&palette->background));
    }
}

/* WCAG wants 4.5 for texts, 7 for more contrast, and 3 for what is no text. */
static void
test_contrast (void)
{
  for (guint i = 0; i < 4; i++)
    {
      gboolean is_high = (i & 2) != 0;
      const WhisPalette *palette = whis_palette_get (i & 1, is_high);
      const WhisColour *background = &palette->background;

      g_assert_cmpfloat (whis_colour_get_contrast (&palette->foreground, background), >=,
                         is_high ? 20 : 15);
      g_assert_cmpfloat (whis_colour_get_contrast (&palette->dim, background), >=,
                         is_high ? 7 : 4.5);
      g_assert_cmpfloat (whis_colour_get_contrast (&palette->warning, background), >=,
                         is_high ? 7 : 4.5);
      g_assert_cmpfloat (whis_colour_get_contrast (&palette->open, background), >=, 3);
      g_assert_cmpfloat (whis_colour_get_contrast (&palette->glyph, &palette->open), >=,
                         is_high ? 7 : 4.5);
      g_assert_cmpfloat (whis_colour_get_contrast (&palette->border, background), >=, 3);
    }
}

/* A font that cannot be used leaves the usual one. */
static void
test_fonts (Fixture *self, gconstpointer data)
{
  static const char *const fonts[] = { "Cantarell 11", "Sans 0", "Sans 400", "",
                                       "No Such Font 12" };

  whis_indicator_content_set_text (self->content, "Hello");
  for (gsize i = 0; i < G_N_ELEMENTS (fonts); i++)
    {
      whis_indicator_card_set_look (self->card, &(WhisLook){ .font = fonts[i] });
      g_assert_cmpint (whis_indicator_card_get_height (self->card, self->content), >, 60);
      g_assert_cmpint (whis_indicator_card_get_height (self->card, self->content), <, 100);
      draw (self);
    }
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add ("/card/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("end-is-visible", test_end_is_visible);
  ADD ("short-text", test_short_text);
  ADD ("direction", test_direction);
  ADD ("height", test_height);
  ADD ("open-microphone", test_open_microphone);
  ADD ("level", test_level);
  ADD ("looks", test_looks);
  ADD ("fonts", test_fonts);
#undef ADD
  g_test_add_func ("/card/contrast", test_contrast);

  return g_test_run ();
}
