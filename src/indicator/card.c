/* SPDX-License-Identifier: MIT */
#include "card.h"

#include "direction.h"
#include "elapsed-time.h"
#include "icon.h"
#include "palette.h"

#define PADDING 12
#define GAP 10
#define ROW_GAP 8
#define BAR_WIDTH 3
#define BAR_STRIDE 5
#define METER_WIDTH (WHIS_LEVEL_HISTORY_LENGTH * BAR_STRIDE)
#define DETAIL_WIDTH (WHIS_INDICATOR_WIDTH - 2 * PADDING - 4)

/* How high the bars are that do not move, as a share of the highest. */
#define CALM_SHARE 0.5

/* A failure may take so many lines. */
#define PROBLEM_LINES 3

/**
 * WhisIndicatorCard:
 *
 * Draws the indicator: a card with the state, the level and the time in its first row, and the end
 * of the text below. Where the state is in a language that runs from right to left, so does the
 * card.
 */
struct _WhisIndicatorCard
{
  GObject parent_instance;

  PangoContext *context;
  PangoAttrList *figures; /* of equal width, so that the time does not tremble */
  PangoAttrList *bold;
  const WhisPalette *palette;
  gboolean reduces_motion;
};

G_DEFINE_FINAL_TYPE (WhisIndicatorCard, whis_indicator_card, G_TYPE_OBJECT)

static void
whis_indicator_card_finalize (GObject *object)
{
  WhisIndicatorCard *self = WHIS_INDICATOR_CARD (object);

  g_clear_pointer (&self->figures, pango_attr_list_unref);
  g_clear_pointer (&self->bold, pango_attr_list_unref);
  g_clear_object (&self->context);

  G_OBJECT_CLASS (whis_indicator_card_parent_class)->finalize (object);
}

static void
whis_indicator_card_class_init (WhisIndicatorCardClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = whis_indicator_card_finalize;
}

static void
whis_indicator_card_init (WhisIndicatorCard *self)
{
  g_autoptr (PangoFontMap) fonts = pango_cairo_font_map_new ();

  self->context = pango_font_map_create_context (fonts);
  pango_context_set_round_glyph_positions (self->context, FALSE);
  self->figures = pango_attr_list_new ();
  pango_attr_list_insert (self->figures, pango_attr_font_features_new ("tnum=1"));
  self->bold = pango_attr_list_new ();
  pango_attr_list_insert (self->bold, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  whis_indicator_card_set_look (self, &(WhisLook){ 0 });
}

/**
 * whis_indicator_card_new:
 *
 * Returns: (transfer full): a card in the look for an unknown desktop
 */
WhisIndicatorCard *
whis_indicator_card_new (void)
{
  return g_object_new (WHIS_TYPE_INDICATOR_CARD, NULL);
}

/**
 * whis_indicator_card_set_look:
 * @self: a card
 * @look: how the desktop looks
 */
void
whis_indicator_card_set_look (WhisIndicatorCard *self, const WhisLook *look)
{
  g_autoptr (PangoFontDescription) font = NULL;

  g_return_if_fail (WHIS_IS_INDICATOR_CARD (self));
  g_return_if_fail (look != NULL);

  /* Pango counts points for 96 dots per inch. */
  font = pango_font_description_from_string (look->font != NULL ? look->font : "Sans 11");
  if (pango_font_description_get_size (font) < 8 * PANGO_SCALE
      || pango_font_description_get_size (font) > 18 * PANGO_SCALE)
    pango_font_description_set_size (font, 11 * PANGO_SCALE);
  pango_context_set_font_description (self->context, font);
  self->palette = whis_palette_get (look->is_light, look->is_high_contrast);
  self->reduces_motion = look->reduces_motion;
}

static PangoLayout *
card_create_layout (WhisIndicatorCard *self, const char *text, gboolean is_rtl)
{
  PangoLayout *layout;

  pango_context_set_base_dir (self->context, is_rtl ? PANGO_DIRECTION_RTL : PANGO_DIRECTION_LTR);
  layout = pango_layout_new (self->context);
  pango_layout_set_auto_dir (layout, FALSE);
  pango_layout_set_alignment (layout, is_rtl ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
  pango_layout_set_text (layout, text, -1);

  return layout;
}

/**
 * whis_indicator_card_create_detail:
 * @self: a card
 * @content: what is shown
 *
 * Returns: (transfer full) (nullable): what stands below the state: the end of the text on one
 *   line, or the whole of a failure; %NULL if there is nothing
 */
PangoLayout *
whis_indicator_card_create_detail (WhisIndicatorCard *self, const WhisIndicatorContent *content)
{
  const char *text;
  PangoLayout *layout;

  g_return_val_if_fail (WHIS_IS_INDICATOR_CARD (self), NULL);
  g_return_val_if_fail (content != NULL, NULL);

  text = whis_indicator_content_get_detail (content);
  if (*text == '\0')
    return NULL;

  layout = card_create_layout (
      self, text,
      whis_indicator_content_is_problem (content) ? whis_direction_is_rtl (text) : content->is_rtl);
  pango_layout_set_width (layout, DETAIL_WIDTH * PANGO_SCALE);
  if (whis_indicator_content_is_problem (content))
    {
      pango_layout_set_height (layout, -PROBLEM_LINES);
      pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
      pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
    }
  else
    {
      pango_layout_set_height (layout, -1);
      pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_START);
    }

  return layout;
}

/**
 * whis_indicator_card_get_height:
 * @self: a card
 * @content: what is shown
 *
 * Returns: how high the card is then, in logical pixels
 */
int
whis_indicator_card_get_height (WhisIndicatorCard *self, const WhisIndicatorContent *content)
{
  g_autoptr (PangoLayout) detail = NULL;
  int height = 2 * PADDING + WHIS_INDICATOR_ICON_SIZE;
  int detail_height;

  g_return_val_if_fail (WHIS_IS_INDICATOR_CARD (self), 0);
  g_return_val_if_fail (content != NULL, 0);

  detail = whis_indicator_card_create_detail (self, content);
  if (detail == NULL)
    return height;
  pango_layout_get_pixel_size (detail, NULL, &detail_height);

  return height + ROW_GAP + detail_height;
}

static void
card_draw_frame (WhisIndicatorCard *self, cairo_t *cr, int height, gboolean is_open)
{
  double inset = self->palette->border_width / 2;
  double radius = WHIS_INDICATOR_RADIUS - inset;
  double right = WHIS_INDICATOR_WIDTH - WHIS_INDICATOR_RADIUS;
  double bottom = height - WHIS_INDICATOR_RADIUS;

  cairo_new_sub_path (cr);
  cairo_arc (cr, WHIS_INDICATOR_RADIUS, WHIS_INDICATOR_RADIUS, radius, G_PI, 1.5 * G_PI);
  cairo_arc (cr, right, WHIS_INDICATOR_RADIUS, radius, 1.5 * G_PI, 2 * G_PI);
  cairo_arc (cr, right, bottom, radius, 0, 0.5 * G_PI);
  cairo_arc (cr, WHIS_INDICATOR_RADIUS, bottom, radius, 0.5 * G_PI, G_PI);
  cairo_close_path (cr);
  whis_colour_set (&self->palette->background, cr);
  cairo_fill_preserve (cr);
  whis_colour_set (is_open ? &self->palette->open : &self->palette->border, cr);
  cairo_set_line_width (cr,
                        is_open ? 2 * self->palette->border_width : self->palette->border_width);
  cairo_stroke (cr);
}

/* The left edge of what begins at @x where texts run from left to right. */
static double
card_place (gboolean is_rtl, double x, double width)
{
  return is_rtl ? WHIS_INDICATOR_WIDTH - x - width : x;
}

static void
draw_layout (cairo_t *cr, PangoLayout *layout, const WhisColour *colour, double x, double middle)
{
  int height;

  pango_layout_get_pixel_size (layout, NULL, &height);
  whis_colour_set (colour, cr);
  cairo_move_to (cr, x, middle - height / 2.0);
  pango_cairo_show_layout (cr, layout);
}

/* The levels pass by, or the bars stay where they are and show how loud it is now. */
static void
card_draw_meter (WhisIndicatorCard *self,
                 cairo_t *cr,
                 const WhisLevelHistory *levels,
                 double x,
                 double middle)
{
  guint latest =
      whis_level_history_get_latest (levels) * WHIS_LEVEL_HISTORY_LENGTH / WHIS_LEVEL_HISTORY_STEPS;

  for (guint i = 0; i < WHIS_LEVEL_HISTORY_LENGTH; i++)
    {
      double share = (double) levels->steps[i] / WHIS_LEVEL_HISTORY_STEPS;
      double height;

      if (self->reduces_motion)
        share = i < latest ? CALM_SHARE : 0;
      height = MAX (BAR_WIDTH, share * WHIS_INDICATOR_ICON_SIZE);
      whis_colour_set (share > 0 ? &self->palette->foreground : &self->palette->border, cr);
      cairo_rectangle (cr, x + i * BAR_STRIDE, middle - height / 2, BAR_WIDTH, height);
      cairo_fill (cr);
    }
}

static WhisIndicatorIcon
get_icon (const WhisIndicatorContent *content)
{
  if (whis_indicator_content_is_open (content))
    return content->is_silent ? WHIS_INDICATOR_ICON_SILENT : WHIS_INDICATOR_ICON_OPEN;
  if (whis_indicator_content_is_problem (content))
    return WHIS_INDICATOR_ICON_PROBLEM;

  return WHIS_INDICATOR_ICON_WORKING;
}

static void
card_draw_row (WhisIndicatorCard *self,
               cairo_t *cr,
               const WhisIndicatorContent *content,
               PangoLayout *label,
               gboolean is_rtl)
{
  double middle = PADDING + WHIS_INDICATOR_ICON_SIZE / 2.0;
  double label_x = PADDING + WHIS_INDICATOR_ICON_SIZE + GAP;
  g_autofree char *time = whis_elapsed_time_format (content->elapsed_ms);
  g_autoptr (PangoLayout) elapsed = card_create_layout (self, time, FALSE);
  double meter_x, label_width;
  int elapsed_width;

  pango_layout_set_attributes (elapsed, self->figures);
  pango_layout_get_pixel_size (elapsed, &elapsed_width, NULL);
  meter_x = WHIS_INDICATOR_WIDTH - PADDING - elapsed_width - GAP - METER_WIDTH;
  label_width = whis_indicator_content_is_open (content)
                    ? meter_x - GAP - label_x
                    : WHIS_INDICATOR_WIDTH - PADDING - elapsed_width - GAP - label_x;

  whis_indicator_icon_draw (get_icon (content), cr,
                            card_place (is_rtl, PADDING, WHIS_INDICATOR_ICON_SIZE), PADDING,
                            self->palette);
  pango_layout_set_width (label, (int) label_width * PANGO_SCALE);
  draw_layout (cr, label, &self->palette->foreground,
               card_place (is_rtl, label_x, (int) label_width), middle);
  if (whis_indicator_content_is_open (content))
    card_draw_meter (self, cr, &content->levels, card_place (is_rtl, meter_x, METER_WIDTH), middle);
  draw_layout (cr, elapsed, &self->palette->foreground,
               card_place (is_rtl, WHIS_INDICATOR_WIDTH - PADDING - elapsed_width, elapsed_width),
               middle);
}

/**
 * whis_indicator_card_draw:
 * @self: a card
 * @cr: what is drawn on, in logical pixels, and transparent
 * @content: what is shown
 */
void
whis_indicator_card_draw (WhisIndicatorCard *self, cairo_t *cr, const WhisIndicatorContent *content)
{
  g_autoptr (PangoLayout) label = NULL;
  g_autoptr (PangoLayout) detail = NULL;
  const char *state;
  int height;

  g_return_if_fail (WHIS_IS_INDICATOR_CARD (self));
  g_return_if_fail (cr != NULL && content != NULL);

  height = whis_indicator_card_get_height (self, content);
  card_draw_frame (self, cr, height, whis_indicator_content_is_open (content));

  state = whis_indicator_content_get_label (content);
  label = card_create_layout (self, state, whis_direction_is_rtl (state));
  pango_layout_set_attributes (label, self->bold);
  pango_layout_set_ellipsize (label, PANGO_ELLIPSIZE_END);
  card_draw_row (self, cr, content, label, whis_direction_is_rtl (state));

  detail = whis_indicator_card_create_detail (self, content);
  if (detail == NULL)
    return;

  whis_colour_set (&self->palette->foreground, cr);
  cairo_move_to (cr, PADDING + 2, PADDING + WHIS_INDICATOR_ICON_SIZE + ROW_GAP);
  pango_cairo_show_layout (cr, detail);
}
