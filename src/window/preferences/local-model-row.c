/* SPDX-License-Identifier: MIT */
#include "local-model-row.h"

#include <glib/gi18n-lib.h>

#include "local-models.h"
#include "measure-text.h"

/**
 * WhisLocalModelRow:
 *
 * A model for this computer: what it is, where it comes from, what there is of it, and a button
 * that fetches, cancels or removes it.
 */
struct _WhisLocalModelRow
{
  AdwActionRow parent;

  char *id;
  char *state;
  char *size;
  char *smaller; /* id of the model to be offered in its place; nullable */
  GtkProgressBar *progress;
  GtkButton *button;
  GtkButton *smaller_button;
};

enum
{
  WANTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisLocalModelRow, whis_local_model_row, ADW_TYPE_ACTION_ROW)

static gboolean
has_state (WhisLocalModelRow *self, const char *state)
{
  return g_strcmp0 (self->state, state) == 0;
}

/* What the button does, as the methods of the D-Bus interface are called. */
static const char *
get_wish (WhisLocalModelRow *self)
{
  if (has_state (self, "fetching"))
    return "cancel";

  return whis_local_model_row_is_here (self) ? "remove" : "fetch";
}

static void
clicked_cb (WhisLocalModelRow *self)
{
  g_signal_emit (self, signals[WANTED], 0, get_wish (self));
}

static void
smaller_clicked_cb (WhisLocalModelRow *self)
{
  g_signal_emit (self, signals[WANTED], 0, "smaller");
}

static void
whis_local_model_row_finalize (GObject *object)
{
  WhisLocalModelRow *self = WHIS_LOCAL_MODEL_ROW (object);

  g_free (self->id);
  g_free (self->state);
  g_free (self->size);
  g_free (self->smaller);

  G_OBJECT_CLASS (whis_local_model_row_parent_class)->finalize (object);
}

static void
whis_local_model_row_class_init (WhisLocalModelRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = whis_local_model_row_finalize;

  /**
   * WhisLocalModelRow::wanted:
   * @self: the row
   * @what: `fetch`, `cancel`, `remove` or `smaller` (to use the next smaller model in its place)
   *
   * The button was clicked.
   */
  signals[WANTED] = g_signal_new ("wanted", WHIS_TYPE_LOCAL_MODEL_ROW, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class, WHIS_WINDOW_RESOURCES
                                               "/preferences/local-model-row.ui");
  gtk_widget_class_bind_template_child (widget_class, WhisLocalModelRow, progress);
  gtk_widget_class_bind_template_child (widget_class, WhisLocalModelRow, button);
  gtk_widget_class_bind_template_child (widget_class, WhisLocalModelRow, smaller_button);
  gtk_widget_class_bind_template_callback (widget_class, clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, smaller_clicked_cb);
}

static void
whis_local_model_row_init (WhisLocalModelRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Size and host before anything is fetched, and who made it, as its licence wants. */
static char *
describe_offer (WhisLocalModelRow *self, GVariant *facts)
{
  const char *hosts = whis_local_model_facts_get (facts, "hosts");
  const char *license = whis_local_model_facts_get (facts, "license");
  const char *attribution = whis_local_model_facts_get (facts, "attribution");
  g_autofree const char **languages = NULL;
  gboolean verified = TRUE;
  g_autofree char *spoken = NULL;
  guint n;

  g_variant_lookup (facts, "checksum-verified", "b", &verified);
  if (!g_variant_lookup (facts, "languages", "^a&s", &languages))
    return g_strdup (self->size);

  n = g_strv_length ((char **) languages);
  spoken = g_strdup_printf (ngettext ("%u language", "%u languages", n), n);
  if (whis_local_model_row_is_here (self))
    /* Translators: a size, “25 languages”, who made a model, its licence */
    return g_strdup_printf (_ ("%s, %s. %s (%s)"), self->size, spoken, attribution, license);

  /* Translators: a size, a host, “25 languages”, who made a model, its licence, maybe a sentence */
  return g_strdup_printf (
      _ ("%s from %s, %s. %s (%s)%s"), self->size, hosts, spoken, attribution, license,
      verified ? "" : _ (". Its checksum was not yet verified against the address"));
}

static char *
local_model_row_describe (WhisLocalModelRow *self, GVariant *facts)
{
  g_autofree char *done_size = NULL;
  guint64 done = 0;

  g_variant_lookup (facts, "done", "t", &done);
  done_size = g_format_size (done);
  if (has_state (self, "own"))
    return g_strdup_printf (_ ("%s, your own, not verified"), self->size);
  if (has_state (self, "damaged"))
    return g_strdup (_ ("Its file is damaged; download it again"));
  if (has_state (self, "partial"))
    return g_strdup_printf (_ ("%s of %s are here; the download goes on from there"), done_size,
                            self->size);

  return describe_offer (self, facts);
}

/* How fast the model is here, or why that is not known; NULL if nobody has looked. */
static char *
describe_measure (GVariant *facts)
{
  const char *measuring = "", *problem = NULL;
  g_autofree char *late = NULL;
  g_autofree char *measured = whis_measure_text_new (facts);
  g_autofree char *gpu = whis_measure_text_new_for_gpu (facts);

  g_variant_lookup (facts, "measuring", "&s", &measuring);
  g_variant_lookup (facts, "measure-problem", "&s", &problem);
  if (g_str_equal (measuring, "running"))
    return g_strdup (_ ("Its speed on this computer is being measured"));
  if (measured == NULL && problem != NULL)
    /* Translators: %s is a sentence that says why */
    return g_strdup_printf (_ ("Its speed could not be measured: %s"), problem);
  if (measured == NULL)
    return NULL;
  /* Translators: %s is “1.7 times slower than speech, 242 MB of memory” */
  if (whis_measure_text_is_slow (facts))
    late = g_strdup_printf (_ ("%s: each text would come late"), measured);

  return g_strjoin (". ", late != NULL ? late : measured, gpu, NULL);
}

/* The next smaller model is offered, and never taken by itself. */
static void
show_smaller (WhisLocalModelRow *self, GVariant *facts)
{
  const char *name = "";
  g_autofree char *label = NULL;

  g_clear_pointer (&self->smaller, g_free);
  g_variant_lookup (facts, "replacement", "s", &self->smaller);
  g_variant_lookup (facts, "replacement-name", "&s", &name);
  /* Translators: %s is the name of a model */
  label = g_strdup_printf (_ ("Use %s"), name);
  gtk_button_set_label (self->smaller_button, label);
  gtk_widget_set_visible (GTK_WIDGET (self->smaller_button), self->smaller != NULL);
}

static void
show_button (WhisLocalModelRow *self, gboolean system)
{
  const char *wish = get_wish (self);

  if (g_str_equal (wish, "fetch"))
    gtk_button_set_label (self->button, _ ("Download"));
  else
    gtk_button_set_label (self->button, g_str_equal (wish, "cancel") ? _ ("Cancel") : _ ("Remove"));
  gtk_widget_set_visible (GTK_WIDGET (self->button), !system);
}

/**
 * whis_local_model_row_new:
 * @id: a model
 *
 * Returns: (transfer floating): a row that shows nothing yet
 */
GtkWidget *
whis_local_model_row_new (const char *id)
{
  WhisLocalModelRow *self = g_object_new (WHIS_TYPE_LOCAL_MODEL_ROW, NULL);

  self->id = g_strdup (id);

  return GTK_WIDGET (self);
}

/**
 * whis_local_model_row_get_id:
 * @self: a row
 *
 * Returns: (transfer none): the id of its model
 */
const char *
whis_local_model_row_get_id (WhisLocalModelRow *self)
{
  g_return_val_if_fail (WHIS_IS_LOCAL_MODEL_ROW (self), NULL);

  return self->id;
}

/**
 * whis_local_model_row_show:
 * @self: a row
 * @facts: a dictionary of the D-Bus method `List`
 *
 * Shows what there is of the model.
 */
void
whis_local_model_row_show (WhisLocalModelRow *self, GVariant *facts)
{
  const char *name = whis_local_model_facts_get (facts, "name");
  guint64 bytes = 0, done = 0;
  gboolean system = FALSE;
  g_autofree char *what = NULL;
  g_autofree char *measure = NULL;
  g_autofree char *subtitle = NULL;

  g_return_if_fail (WHIS_IS_LOCAL_MODEL_ROW (self));

  g_variant_lookup (facts, "bytes", "t", &bytes);
  g_variant_lookup (facts, "done", "t", &done);
  g_variant_lookup (facts, "system", "b", &system);
  g_free (self->state);
  self->state = g_strdup (whis_local_model_facts_get (facts, "state"));
  g_free (self->size);
  self->size = whis_local_model_facts_dup_size (facts);
  what = local_model_row_describe (self, facts);
  measure = describe_measure (facts);
  subtitle = g_strjoin (measure != NULL ? "\n" : "", what, measure, NULL);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), subtitle);
  show_button (self, system);
  show_smaller (self, facts);
  whis_local_model_row_show_progress (self, done, bytes);
}

/**
 * whis_local_model_row_show_progress:
 * @self: a row
 * @done: bytes that are there
 * @total: bytes in all
 *
 * Shows how far a download is, while there is one.
 */
void
whis_local_model_row_show_progress (WhisLocalModelRow *self, guint64 done, guint64 total)
{
  g_return_if_fail (WHIS_IS_LOCAL_MODEL_ROW (self));

  gtk_widget_set_visible (GTK_WIDGET (self->progress), has_state (self, "fetching"));
  gtk_progress_bar_set_fraction (self->progress,
                                 total > 0 ? MIN ((double) done / (double) total, 1) : 0);
}

/**
 * whis_local_model_row_is_here:
 * @self: a row
 *
 * Returns: whether the model can be used
 */
gboolean
whis_local_model_row_is_here (WhisLocalModelRow *self)
{
  g_return_val_if_fail (WHIS_IS_LOCAL_MODEL_ROW (self), FALSE);

  return has_state (self, "verified") || has_state (self, "unchecked") || has_state (self, "own");
}

/**
 * whis_local_model_row_get_smaller:
 * @self: a row
 *
 * Returns: (transfer none) (nullable): the id of the model that is offered in place of this one,
 *   which is too slow
 */
const char *
whis_local_model_row_get_smaller (WhisLocalModelRow *self)
{
  g_return_val_if_fail (WHIS_IS_LOCAL_MODEL_ROW (self), NULL);

  return self->smaller;
}

/**
 * whis_local_model_row_get_size:
 * @self: a row
 *
 * Returns: (transfer none): the size of the model, for people
 */
const char *
whis_local_model_row_get_size (WhisLocalModelRow *self)
{
  g_return_val_if_fail (WHIS_IS_LOCAL_MODEL_ROW (self), NULL);

  return self->size;
}
