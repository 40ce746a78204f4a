/* SPDX-License-Identifier: MIT */
#include "model-offer.h"

#include <glib/gi18n-lib.h>

#include "again-job.h"
#include "desktop-language.h"
#include "languages.h"
#include "local-models.h"
#include "question.h"

#define PROVIDER "offline"
#define SPHINX "english"

/**
 * WhisModelOffer:
 *
 * A card for somebody who has no model on this computer and uses no other service: it offers the
 * recommended model, shows its download, and offers then to recognise with it what is kept. It is
 * shown until the user does not want it; the preferences have all models in any case.
 */

/**
 * State:
 * @STATE_HIDDEN: there is nothing to offer
 * @STATE_OFFER: a model can be downloaded
 * @STATE_FETCHING: it is downloaded
 * @STATE_HERE: it is here
 * @STATE_AGAIN: earlier dictations are recognised with it
 * @STATE_RESULT: that has ended
 *
 * What the card shows.
 */
typedef enum
{
  STATE_HIDDEN,
  STATE_OFFER,
  STATE_FETCHING,
  STATE_HERE,
  STATE_AGAIN,
  STATE_RESULT,
  N_STATES,
} State;

static const gboolean edges[N_STATES][N_STATES] = {
  [STATE_HIDDEN] = { [STATE_OFFER] = TRUE, [STATE_FETCHING] = TRUE, [STATE_HERE] = TRUE },
  [STATE_OFFER] = { [STATE_HIDDEN] = TRUE, [STATE_FETCHING] = TRUE, [STATE_HERE] = TRUE },
  [STATE_FETCHING] = { [STATE_HIDDEN] = TRUE, [STATE_OFFER] = TRUE, [STATE_HERE] = TRUE },
  [STATE_HERE] = { [STATE_HIDDEN] = TRUE, [STATE_OFFER] = TRUE, [STATE_AGAIN] = TRUE },
  [STATE_AGAIN] = { [STATE_RESULT] = TRUE },
  [STATE_RESULT] = { [STATE_HIDDEN] = TRUE },
};

struct _WhisModelOffer
{
  AdwBin parent;

  WhisServiceProxy *service;
  WhisWindowSettings *settings;
  WhisLocalModels *models;
  GCancellable *asking; /* for the chosen service; NULL when that is known */
  char *service_name;   /* of the chosen service where that is another one, or NULL */
  gboolean lacks_key;   /* the chosen service does */
  State state;
  char *id;          /* of the model that is offered, or NULL for the recommended one */
  char *problem;     /* why it was not downloaded, or NULL */
  WhisAgainJob *job; /* once the model is here */
  char *result;      /* what came of it */
  GtkRevealer *revealer;
  GtkWidget *card;
  GtkLabel *title;
  GtkLabel *text;
  GtkProgressBar *progress;
  GtkLabel *facts;
  GtkLabel *problem_label;
  GtkButton *dismiss;
  GtkButton *smaller;
  GtkButton *stop;
  GtkButton *action;
};

G_DEFINE_FINAL_TYPE (WhisModelOffer, whis_model_offer, ADW_TYPE_BIN)

/* --- what there is -----------------------------------------------------------------------------
 */

static gboolean
is_local (WhisModelOffer *self)
{
  return g_str_equal (whis_window_settings_get_provider (self->settings), PROVIDER);
}

static gboolean
is_wanted (WhisModelOffer *self)
{
  gboolean wanted;

  g_object_get (self->settings, "model-offer", &wanted, NULL);

  return wanted;
}

/* The model that was downloaded from here, also while the window was closed. */
static char *
dup_fetched (WhisModelOffer *self)
{
  char *id;

  g_object_get (self->settings, "fetched-model", &id, NULL);

  return id;
}

static void
set_fetched (WhisModelOffer *self, const char *id)
{
  g_object_set (self->settings, "fetched-model", id, NULL);
}

/* The first row that a test holds for. */
static GVariant *
find_row (WhisModelOffer *self, gboolean (*test) (GVariant *facts))
{
  GVariant *list = whis_local_models_get_list (self->models);
  GVariantIter iter;
  GVariant *facts;

  if (list == NULL)
    return NULL;

  g_variant_iter_init (&iter, list);
  while ((facts = g_variant_iter_next_value (&iter)) != NULL)
    {
      if (test (facts))
        return facts;
      g_variant_unref (facts);
    }

  return NULL;
}

static gboolean
is_fetching (GVariant *facts)
{
  return whis_local_model_facts_have_state (facts, "fetching");
}

static gboolean
is_recommended (GVariant *facts)
{
  gboolean recommended = FALSE;

  g_variant_lookup (facts, "recommended", "b", &recommended);

  return recommended;
}

/* No model is here, and nothing goes to another service. */
static gboolean
is_newcomer (WhisModelOffer *self)
{
  g_autoptr (GVariant) usable = find_row (self, whis_local_model_facts_are_usable);

  return usable == NULL && (is_local (self) || self->lacks_key);
}

static GVariant *
get_offered (WhisModelOffer *self)
{
  GVariant *facts = whis_local_models_find (self->models, self->id);

  return facts != NULL ? facts : find_row (self, is_recommended);
}

/* Whether dictations are recognised with the model by the settings. */
static gboolean
is_chosen (WhisModelOffer *self)
{
  g_autofree char *model = whis_window_settings_dup_model (self->settings, PROVIDER);

  return is_local (self) && (model == NULL || *model == '\0' || g_strcmp0 (model, self->id) == 0);
}

/* --- what is shown -----------------------------------------------------------------------------
 */

static void
show_label (GtkLabel *label, const char *text)
{
  /* What is said once more would be read out once more. */
  if (g_strcmp0 (gtk_label_get_text (label), text != NULL ? text : "") != 0)
    gtk_label_set_text (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL && *text != '\0');
}

static void
show_button (GtkButton *button, const char *label)
{
  gtk_widget_set_visible (GTK_WIDGET (button), label != NULL);
  if (label != NULL && g_strcmp0 (gtk_button_get_label (button), label) != 0)
    gtk_button_set_label (button, label);
}

static char *
dup_language (WhisModelOffer *self)
{
  const char *language = whis_window_settings_get_language (self->settings);

  return *language != '\0' ? g_strdup (language) : whis_dup_desktop_language ();
}

/* Whether the user's own language is among them is what counts. */
static char *
describe_languages (WhisModelOffer *self, GVariant *facts)
{
  const char *name = whis_local_model_facts_get (facts, "name");
  g_autofree const char **languages = NULL;
  g_autofree char *language = dup_language (self);
  const char *spoken = whis_language_get_name (language);
  guint n;

  g_variant_lookup (facts, "languages", "^a&s", &languages);
  n = languages != NULL ? g_strv_length ((char **) languages) : 0;
  if (n == 0 || *language == '\0')
    return g_strdup_printf (
        ngettext ("%s recognises %u language.", "%s recognises %u languages.", n), name, n);
  if (!g_strv_contains (languages, language))
    /* Translators: a model, a number, a language, such as “German” */
    return g_strdup_printf (ngettext ("%s recognises %u language; %s is not among them.",
                                      "%s recognises %u languages; %s is not among them.", n),
                            name, n, spoken);

  return g_strdup_printf (ngettext ("%s recognises %u language, which is %s.",
                                    "%s recognises %u languages, %s among them.", n),
                          name, n, spoken);
}

/* What is used so far. */
static const char *
describe_present (WhisModelOffer *self)
{
  const char *current = whis_local_models_get_current (self->models);

  if (!is_local (self))
    return NULL;

  return g_strcmp0 (current, SPHINX) == 0
             ? _ ("So far Whis recognises English alone, and roughly.")
             : _ ("There is no model yet: what you say is kept until there is one.");
}

/* One sentence says where it comes from before anything is asked of that host; the licence wants it
 * said who made it. */
static char *
describe_download (GVariant *facts)
{
  g_autofree char *size = whis_local_model_facts_dup_size (facts);
  g_autofree char *there = NULL;
  guint64 done = 0;

  g_variant_lookup (facts, "done", "t", &done);
  if (done > 0)
    {
      there = g_format_size (done);
      /* Translators: an amount that is there, the whole, a host, who made a model, its licence */
      return g_strdup_printf (_ ("%s of %s are here; the rest is downloaded from %s. %s (%s)"),
                              there, size, whis_local_model_facts_get (facts, "hosts"),
                              whis_local_model_facts_get (facts, "attribution"),
                              whis_local_model_facts_get (facts, "license"));
    }

  /* Translators: a size, a host, who made a model, its licence */
  return g_strdup_printf (_ ("%s are downloaded from %s, once. %s (%s)"), size,
                          whis_local_model_facts_get (facts, "hosts"),
                          whis_local_model_facts_get (facts, "attribution"),
                          whis_local_model_facts_get (facts, "license"));
}

static void
show_offer (WhisModelOffer *self, GVariant *facts)
{
  const char *present = describe_present (self);
  g_autofree char *languages = describe_languages (self, facts);
  g_autofree char *text = NULL;
  g_autofree char *download = describe_download (facts);
  g_autoptr (GVariant) smaller =
      whis_local_models_find (self->models, whis_local_model_facts_get (facts, "smaller"));

  text =
      g_strjoin (" ", languages, _ ("What you say does not leave this computer."), present, NULL);
  show_label (self->title, _ ("Better Recognition on This Computer"));
  show_label (self->text, text);
  show_label (self->facts, download);
  show_label (self->problem_label, self->problem);
  show_button (self->dismiss, _ ("_Not Now"));
  show_button (self->action, _ ("_Download"));
  gtk_widget_set_visible (GTK_WIDGET (self->smaller), smaller != NULL);
  if (smaller != NULL)
    {
      g_autofree char *size = whis_local_model_facts_dup_size (smaller);
      g_autofree char *tip =
          g_strjoin (", ", whis_local_model_facts_get (smaller, "name"), size, NULL);

      gtk_widget_set_tooltip_text (GTK_WIDGET (self->smaller), tip);
    }
}

static void
show_amount (WhisModelOffer *self, guint64 done, guint64 total)
{
  g_autoptr (GVariant) facts = get_offered (self);
  g_autofree char *there = g_format_size (done);
  g_autofree char *all = g_format_size (total);
  g_autofree char *amount = NULL;

  /* Translators: an amount that is there, the whole, a host */
  amount = g_strdup_printf (_ ("%s of %s from %s"), there, all,
                            facts != NULL ? whis_local_model_facts_get (facts, "hosts") : "");
  gtk_progress_bar_set_fraction (self->progress,
                                 total > 0 ? MIN ((double) done / (double) total, 1) : 0);
  show_label (self->facts, amount);
}

static void
show_fetching (WhisModelOffer *self, GVariant *facts)
{
  guint64 done = 0, total = 0;
  g_autofree char *title =
      g_strdup_printf (_ ("Downloading %s"), whis_local_model_facts_get (facts, "name"));

  g_variant_lookup (facts, "done", "t", &done);
  g_variant_lookup (facts, "bytes", "t", &total);
  show_label (self->title, title);
  show_label (self->text, _ ("You can dictate meanwhile, and close the window."));
  show_amount (self, done, total);
  show_button (self->stop, _ ("_Cancel"));
}

static void
show_here (WhisModelOffer *self, GVariant *facts)
{
  guint n = whis_again_job_get_total (self->job);
  g_autofree char *title =
      g_strdup_printf (_ ("%s Is Here"), whis_local_model_facts_get (facts, "name"));
  g_autofree char *text = NULL;
  g_autofree char *earlier = NULL;

  show_label (self->title, title);
  show_button (self->dismiss, _ ("_Close"));
  if (!is_local (self))
    {
      /* Translators: %s is the name of a service, such as OpenAI */
      text = g_strdup_printf (
          _ ("Dictations still go to %s, which you have chosen. With this model "
             "they would stay on this computer."),
          self->service_name != NULL ? self->service_name
                                     : whis_window_settings_get_provider (self->settings));
      show_label (self->text, text);
      show_button (self->action, _ ("_Use This Model"));
      return;
    }
  if (!is_chosen (self))
    {
      show_label (self->text, _ ("Another model is chosen in the preferences."));
      show_button (self->action, _ ("_Use This Model"));
      return;
    }

  show_label (self->text, _ ("It recognises what you dictate from now on."));
  if (n == 0)
    return;

  earlier =
      g_strdup_printf (ngettext ("%u earlier dictation is kept, and can be recognised with it.",
                                 "%u earlier dictations are kept, and can be recognised with "
                                 "it.",
                                 n),
                       n);
  show_label (self->facts, earlier);
  show_button (self->action, _ ("_Recognise Again"));
}

static void
show_again (WhisModelOffer *self)
{
  guint n = whis_again_job_get_total (self->job);
  g_autofree char *text =
      g_strdup_printf (_ ("%u of %u"), MIN (whis_again_job_get_done (self->job) + 1, n), n);

  show_label (self->title, _ ("Recognising Earlier Dictations Again"));
  show_label (self->facts, text);
  gtk_progress_bar_set_fraction (self->progress, whis_again_job_get_fraction (self->job));
  show_button (self->stop, _ ("_Stop"));
}

static void
show_result (WhisModelOffer *self)
{
  show_label (self->title, _ ("Earlier Dictations"));
  show_label (self->text, self->result);
  show_button (self->dismiss, _ ("_Close"));
  show_button (self->action, _ ("Show in _History"));
}

static void
show (WhisModelOffer *self)
{
  g_autoptr (GVariant) facts = get_offered (self);
  gboolean visible = self->state != STATE_HIDDEN && facts != NULL;
  gboolean moves = self->state == STATE_FETCHING || self->state == STATE_AGAIN;

  /* What is only folded away could still be reached with the keyboard. */
  gtk_widget_set_visible (self->card, visible);
  gtk_revealer_set_reveal_child (self->revealer, visible);
  if (!visible)
    return;

  gtk_widget_set_visible (GTK_WIDGET (self->progress), moves);
  if (self->state != STATE_OFFER)
    {
      gtk_widget_set_visible (GTK_WIDGET (self->smaller), FALSE);
      show_label (self->problem_label, NULL);
    }
  if (self->state == STATE_AGAIN || self->state == STATE_RESULT)
    show_label (self->text, NULL);
  if (self->state == STATE_HERE || self->state == STATE_RESULT)
    show_label (self->facts, NULL);
  if (moves)
    show_button (self->dismiss, NULL);
  else
    show_button (self->stop, NULL);
  if (moves || self->state == STATE_HERE)
    show_button (self->action, NULL);

  switch (self->state)
    {
    case STATE_OFFER:
      show_offer (self, facts);
      break;
    case STATE_FETCHING:
      show_fetching (self, facts);
      break;
    case STATE_HERE:
      show_here (self, facts);
      break;
    case STATE_AGAIN:
      show_again (self);
      break;
    case STATE_RESULT:
      show_result (self);
      break;
    case STATE_HIDDEN:
    case N_STATES:
    default:
      break;
    }
}

/* --- what happens ------------------------------------------------------------------------------
 */

static void job_changed_cb (WhisModelOffer *self);

static void
drop_job (WhisModelOffer *self)
{
  if (self->job == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->job, self);
  /* Its calls may be on their way. */
  g_object_run_dispose (G_OBJECT (self->job));
  g_clear_object (&self->job);
}

static void
ensure_job (WhisModelOffer *self)
{
  if (self->job != NULL)
    return;

  self->job =
      whis_again_job_new (self->service, whis_local_models_get_list (self->models), self->id);
  g_signal_connect_object (self->job, "changed", G_CALLBACK (job_changed_cb), self,
                           G_CONNECT_SWAPPED);
  whis_again_job_count (self->job);
}

static void
set_state (WhisModelOffer *self, State state)
{
  if (self->state != state)
    {
      g_return_if_fail (edges[self->state][state]);

      g_debug ("model offer: %d -> %d", (int) self->state, (int) state);
      self->state = state;
      if (state == STATE_HERE)
        ensure_job (self);
      else if (state != STATE_AGAIN)
        drop_job (self);
    }
  show (self);
}

static void
take_id (WhisModelOffer *self, const char *id)
{
  char *copy = g_strdup (id);

  g_free (self->id);
  self->id = copy;
}

static State
find_state (WhisModelOffer *self)
{
  g_autofree char *fetched = dup_fetched (self);
  g_autoptr (GVariant) own = whis_local_models_find (self->models, self->id);
  g_autoptr (GVariant) fetching = find_row (self, is_fetching);
  g_autoptr (GVariant) here = whis_local_models_find (self->models, fetched);

  if (here != NULL && whis_local_model_facts_are_usable (here))
    {
      take_id (self, fetched);
      return STATE_HERE;
    }
  if ((self->state == STATE_FETCHING || self->state == STATE_HERE) && own != NULL
      && whis_local_model_facts_are_usable (own))
    return STATE_HERE;
  if (!is_wanted (self) || !is_newcomer (self))
    return STATE_HIDDEN;
  if (fetching == NULL)
    return STATE_OFFER;

  take_id (self, whis_local_model_facts_get (fetching, "id"));

  return STATE_FETCHING;
}

static void
update (WhisModelOffer *self)
{
  if (whis_local_models_get_list (self->models) == NULL)
    return;
  if (self->state == STATE_AGAIN || self->state == STATE_RESULT)
    show (self);
  else
    set_state (self, find_state (self));
}

static void
progress_cb (WhisModelOffer *self, const char *id, guint64 done, guint64 total)
{
  if (self->state == STATE_FETCHING && g_strcmp0 (id, self->id) == 0)
    show_amount (self, done, total);
}

static void
take_problem (WhisModelOffer *self, const char *sentence)
{
  g_free (self->problem);
  self->problem = g_strdup (sentence);
}

static void
fetch (WhisModelOffer *self, const char *id, gboolean metered)
{
  take_problem (self, NULL);
  set_fetched (self, id);
  whis_local_models_fetch (self->models, id, metered, self);
}

static void
fetch_metered (GtkWidget *owner, const char *id)
{
  if (WHIS_MODEL_OFFER (owner)->models != NULL)
    fetch (WHIS_MODEL_OFFER (owner), id, TRUE);
}

/* The card stays, and says what happened; what the user has done needs no word. */
static void
failed_cb (WhisModelOffer *self,
           const char *id,
           const char *code,
           const char *sentence,
           gpointer asker)
{
  if (g_strcmp0 (id, self->id) != 0)
    return;

  set_fetched (self, "");
  if (g_str_equal (code, "metered") && asker == self)
    whis_question_ask_metered (GTK_WIDGET (self), id, fetch_metered);
  else if (!g_str_equal (code, "cancelled") && !g_str_equal (code, "metered"))
    take_problem (self, sentence);
  update (self);
}

static char *
describe_result (WhisAgainJob *job)
{
  guint n = whis_again_job_get_done (job);
  guint n_good = n - whis_again_job_get_failed (job);

  if (n_good < n)
    return g_strdup_printf (ngettext ("%u of %u dictation was recognised again; the others are as "
                                      "they were.",
                                      "%u of %u dictations were recognised again; the others are "
                                      "as they were.",
                                      n),
                            n_good, n);

  return g_strdup_printf (ngettext ("%u dictation was recognised again; its new text is in the "
                                    "history.",
                                    "%u dictations were recognised again; their new texts are in "
                                    "the history.",
                                    n),
                          n);
}

static void
job_changed_cb (WhisModelOffer *self)
{
  if (self->state == STATE_AGAIN && !whis_again_job_is_running (self->job))
    {
      g_free (self->result);
      self->result = describe_result (self->job);
      set_fetched (self, "");
      set_state (self, STATE_RESULT);
      return;
    }

  show (self);
}

/* --- the user ----------------------------------------------------------------------------------
 */

static void
dismissed_cb (WhisModelOffer *self)
{
  if (self->state == STATE_OFFER)
    g_object_set (self->settings, "model-offer", FALSE, NULL);
  set_fetched (self, "");
  set_state (self, STATE_HIDDEN);
}

static void
smaller_clicked_cb (WhisModelOffer *self)
{
  g_autoptr (GVariant) facts = get_offered (self);

  if (facts == NULL)
    return;

  take_id (self, whis_local_model_facts_get (facts, "smaller"));
  take_problem (self, NULL);
  show (self);
  /* The button may be gone, and the focus with it. */
  gtk_widget_grab_focus (GTK_WIDGET (self->action));
}

static void
stop_clicked_cb (WhisModelOffer *self)
{
  if (self->state == STATE_FETCHING)
    whis_local_models_cancel_fetch (self->models, self->id);
  else if (self->state == STATE_AGAIN)
    whis_again_job_stop (self->job);
}

static void
use_model (WhisModelOffer *self)
{
  if (!is_chosen (self))
    {
      whis_window_settings_set_model (self->settings, PROVIDER, self->id);
      whis_window_settings_set_provider (self->settings, PROVIDER);
    }
  update (self);
}

static void
action_clicked_cb (WhisModelOffer *self)
{
  g_autoptr (GVariant) facts = get_offered (self);

  if (facts == NULL)
    return;

  take_id (self, whis_local_model_facts_get (facts, "id"));
  if (self->state == STATE_OFFER)
    fetch (self, self->id, FALSE);
  else if (self->state == STATE_RESULT)
    {
      set_state (self, STATE_HIDDEN);
      gtk_widget_activate_action (GTK_WIDGET (self), "win.view", "s", "history");
    }
  else if (self->state == STATE_HERE && !is_chosen (self))
    use_model (self);
  else if (self->state == STATE_HERE)
    {
      set_state (self, STATE_AGAIN);
      whis_again_job_run (self->job);
    }
}

/* --- the chosen service ------------------------------------------------------------------------
 */

static void
providers_listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  WhisModelOffer *self = user_data;
  g_autoptr (GVariant) providers = NULL;
  g_autoptr (GError) error = NULL;
  GVariantIter iter;
  GVariant *facts;

  whis_bus_whis1_call_list_providers_finish (WHIS_BUS_WHIS1 (object), &providers, result, &error);
  /* Another service was chosen since, or the card is gone. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->asking);
  if (providers == NULL)
    return;

  g_variant_iter_init (&iter, providers);
  while (g_variant_iter_loop (&iter, "@a{sv}", &facts))
    if (g_str_equal (whis_local_model_facts_get (facts, "id"),
                     whis_window_settings_get_provider (self->settings)))
      {
        gboolean needs_key = FALSE, has_key = FALSE;

        g_variant_lookup (facts, "needs-key", "b", &needs_key);
        g_variant_lookup (facts, "has-key", "b", &has_key);
        self->lacks_key = needs_key && !has_key;
        g_free (self->service_name);
        self->service_name = g_strdup (whis_local_model_facts_get (facts, "name"));
      }
  update (self);
}

static void
provider_changed_cb (WhisModelOffer *self)
{
  g_cancellable_cancel (self->asking);
  g_clear_object (&self->asking);
  self->lacks_key = FALSE;
  g_clear_pointer (&self->service_name, g_free);
  if (!is_local (self) && whis_service_proxy_is_running (self->service))
    {
      self->asking = g_cancellable_new ();
      whis_bus_whis1_call_list_providers (whis_service_proxy_get_interface (self->service),
                                          self->asking, providers_listed_cb, self);
    }
  update (self);
}

static void
language_changed_cb (WhisModelOffer *self)
{
  g_autofree char *language = dup_language (self);

  whis_local_models_set_language (self->models, language);
  update (self);
}

/* --- the widget --------------------------------------------------------------------------------
 */

static void
whis_model_offer_dispose (GObject *object)
{
  WhisModelOffer *self = WHIS_MODEL_OFFER (object);

  g_cancellable_cancel (self->asking);
  g_clear_object (&self->asking);
  drop_job (self);
  if (self->models != NULL)
    g_signal_handlers_disconnect_by_data (self->models, self);
  g_clear_object (&self->models);
  g_clear_object (&self->service);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (whis_model_offer_parent_class)->dispose (object);
}

static void
whis_model_offer_finalize (GObject *object)
{
  WhisModelOffer *self = WHIS_MODEL_OFFER (object);

  g_free (self->service_name);
  g_free (self->id);
  g_free (self->problem);
  g_free (self->result);

  G_OBJECT_CLASS (whis_model_offer_parent_class)->finalize (object);
}

static void
whis_model_offer_class_init (WhisModelOfferClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = whis_model_offer_dispose;
  G_OBJECT_CLASS (klass)->finalize = whis_model_offer_finalize;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               WHIS_WINDOW_RESOURCES "/model-offer.ui");
  gtk_widget_class_bind_template_child (widget_class, WhisModelOffer, revealer);
  gtk_widget_class_bind_template_child (widget_class, WhisModelOffer, card);
  gtk_widget_class_bind_template_child (widget_class, WhisModelOffer, title);
  gtk_widget_class_bind_template_child (widget_class, WhisModelOffer, text);
  gtk_widget_class_bind_template_child (widget_class, WhisModelOffer, progress);
  gtk_widget_class_bind_template_child (widget_class, WhisModelOffer, facts);
  gtk_widget_class_bind_template_child_full (widget_class, "problem", FALSE,
                                             G_STRUCT_OFFSET (WhisModelOffer, problem_label));
  gtk_widget_class_bind_template_child (widget_class, WhisModelOffer, dismiss);
  gtk_widget_class_bind_template_child (widget_class, WhisModelOffer, smaller);
  gtk_widget_class_bind_template_child (widget_class, WhisModelOffer, stop);
  gtk_widget_class_bind_template_child (widget_class, WhisModelOffer, action);
  gtk_widget_class_bind_template_callback (widget_class, dismissed_cb);
  gtk_widget_class_bind_template_callback (widget_class, smaller_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, action_clicked_cb);
}

static void
whis_model_offer_init (WhisModelOffer *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_visible (self->card, FALSE);
}

/**
 * whis_model_offer_connect:
 * @self: the card
 * @service: the service; set once
 * @settings: which service is used, and what the user said to the card
 *
 * Makes the card follow both.
 */
void
whis_model_offer_connect (WhisModelOffer *self,
                          WhisServiceProxy *service,
                          WhisWindowSettings *settings)
{
  g_return_if_fail (WHIS_IS_MODEL_OFFER (self));
  g_return_if_fail (WHIS_IS_SERVICE_PROXY (service));
  g_return_if_fail (WHIS_IS_WINDOW_SETTINGS (settings));
  g_return_if_fail (self->service == NULL);

  self->service = g_object_ref (service);
  self->settings = g_object_ref (settings);
  self->models = whis_local_models_get (service);
  g_signal_connect_object (self->models, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->models, "progress", G_CALLBACK (progress_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->models, "failed", G_CALLBACK (failed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (service, "notify::availability", G_CALLBACK (provider_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "notify::provider", G_CALLBACK (provider_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "notify::models", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "notify::model-offer", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "notify::language", G_CALLBACK (language_changed_cb), self,
                           G_CONNECT_SWAPPED);
  language_changed_cb (self);
  provider_changed_cb (self);
}
