/* SPDX-License-Identifier: MIT */
#include "model-offer.h"

#include <glib/gi18n-lib.h>

#include "transcribe-again-job.h"
#include "chosen-service.h"
#include "desktop-language.h"
#include "local-models.h"
#include "model-offer-text.h"
#include "confirm-dialog.h"
#include "providers.h"

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
  WhisSettings *settings;
  WhisLocalModels *models;
  WhisChosenService *chosen;
  State state;
  char *id;                    /* of the model that is offered, or NULL for the recommended one */
  char *problem;               /* why it was not downloaded, or NULL */
  WhisTranscribeAgainJob *job; /* once the model is here */
  char *result;                /* what came of it */
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

/* --- models ------------------------------------------------------------------------------------
 */

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

/* No model is on this computer, and no other service can be used. */
static gboolean
has_no_recogniser (WhisModelOffer *self)
{
  g_autoptr (GVariant) usable =
      whis_local_models_find_first (self->models, whis_local_model_facts_are_usable);

  return usable == NULL
         && (whis_chosen_service_is_local (self->chosen)
             || whis_chosen_service_lacks_key (self->chosen));
}

static GVariant *
get_offered (WhisModelOffer *self)
{
  GVariant *facts = whis_local_models_find (self->models, self->id);

  return facts != NULL ? facts : whis_local_models_find_first (self->models, is_recommended);
}

/* Whether dictations are recognised with the model by the settings. */
static gboolean
is_chosen (WhisModelOffer *self)
{
  g_autofree char *model = whis_settings_dup_model (self->settings, WHIS_PROVIDER_LOCAL);

  return whis_chosen_service_is_local (self->chosen)
         && (model == NULL || *model == '\0' || g_strcmp0 (model, self->id) == 0);
}

/* --- the view ----------------------------------------------------------------------------------
 */

static void
show_label (GtkLabel *label, const char *text)
{
  /* A screen reader reads a label again when its text is set again. */
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
  const char *language = whis_settings_get_language (self->settings);

  return *language != '\0' ? g_strdup (language) : whis_dup_desktop_language ();
}

static void
show_offer (WhisModelOffer *self, GVariant *facts)
{
  const char *present =
      whis_chosen_service_is_local (self->chosen)
          ? whis_model_offer_describe_present (whis_local_models_get_current (self->models))
          : NULL;
  g_autofree char *language = dup_language (self);
  g_autofree char *languages = whis_model_offer_describe_languages (facts, language);
  g_autofree char *text = NULL;
  g_autofree char *download = whis_model_offer_describe_download (facts);
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
  guint n = whis_transcribe_again_job_get_total (self->job);
  g_autofree char *title =
      g_strdup_printf (_ ("%s Is Here"), whis_local_model_facts_get (facts, "name"));
  g_autofree char *text = NULL;
  g_autofree char *earlier = NULL;

  show_label (self->title, title);
  show_button (self->dismiss, _ ("_Close"));
  if (!whis_chosen_service_is_local (self->chosen))
    {
      /* Translators: %s is the name of a service, such as OpenAI */
      text =
          g_strdup_printf (_ ("Dictations still go to %s, which you have chosen. With this model "
                              "they would stay on this computer."),
                           whis_chosen_service_get_name (self->chosen));
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

  earlier = whis_model_offer_describe_earlier (n);
  show_label (self->facts, earlier);
  show_button (self->action, _ ("_Recognise Again"));
}

static void
show_again (WhisModelOffer *self)
{
  guint n = whis_transcribe_again_job_get_total (self->job);
  g_autofree char *text = g_strdup_printf (
      _ ("%u of %u"), MIN (whis_transcribe_again_job_get_done (self->job) + 1, n), n);

  show_label (self->title, _ ("Recognising Earlier Dictations Again"));
  show_label (self->facts, text);
  gtk_progress_bar_set_fraction (self->progress,
                                 whis_transcribe_again_job_get_fraction (self->job));
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
model_offer_show (WhisModelOffer *self)
{
  g_autoptr (GVariant) facts = get_offered (self);
  gboolean visible = self->state != STATE_HIDDEN && facts != NULL;
  gboolean moves = self->state == STATE_FETCHING || self->state == STATE_AGAIN;

  /* A child that is only folded away could still get the keyboard focus. */
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

/* --- the states --------------------------------------------------------------------------------
 */

static void job_changed_cb (WhisModelOffer *self);

static void
clear_job (WhisModelOffer *self)
{
  if (self->job == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->job, self);
  /* Its pending calls hold a reference to the job. */
  g_object_run_dispose (G_OBJECT (self->job));
  g_clear_object (&self->job);
}

static void
ensure_job (WhisModelOffer *self)
{
  if (self->job != NULL)
    return;

  self->job = whis_transcribe_again_job_new (self->service,
                                             whis_local_models_get_list (self->models), self->id);
  g_signal_connect_object (self->job, "changed", G_CALLBACK (job_changed_cb), self,
                           G_CONNECT_SWAPPED);
  whis_transcribe_again_job_count (self->job);
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
        clear_job (self);
    }
  model_offer_show (self);
}

static void
set_id (WhisModelOffer *self, const char *id)
{
  char *copy = g_strdup (id);

  g_free (self->id);
  self->id = copy;
}

static State
find_state (WhisModelOffer *self)
{
  /* Downloaded from here, perhaps while the window was closed. */
  const char *fetched = whis_settings_get_fetched_model (self->settings);
  g_autoptr (GVariant) own = whis_local_models_find (self->models, self->id);
  g_autoptr (GVariant) fetching = whis_local_models_find_first (self->models, is_fetching);
  g_autoptr (GVariant) here = whis_local_models_find (self->models, fetched);

  if (here != NULL && whis_local_model_facts_are_usable (here))
    {
      set_id (self, fetched);
      return STATE_HERE;
    }
  if ((self->state == STATE_FETCHING || self->state == STATE_HERE) && own != NULL
      && whis_local_model_facts_are_usable (own))
    return STATE_HERE;
  if (!whis_settings_get_model_offer (self->settings) || !has_no_recogniser (self))
    return STATE_HIDDEN;
  if (fetching == NULL)
    return STATE_OFFER;

  set_id (self, whis_local_model_facts_get (fetching, "id"));

  return STATE_FETCHING;
}

static void
model_offer_update (WhisModelOffer *self)
{
  if (whis_local_models_get_list (self->models) == NULL)
    return;
  if (self->state == STATE_AGAIN || self->state == STATE_RESULT)
    model_offer_show (self);
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
set_problem (WhisModelOffer *self, const char *sentence)
{
  g_free (self->problem);
  self->problem = g_strdup (sentence);
}

static void
model_offer_fetch (WhisModelOffer *self, const char *id, gboolean metered)
{
  set_problem (self, NULL);
  whis_settings_set_fetched_model (self->settings, id);
  whis_local_models_fetch (self->models, id, metered, self);
}

static void
fetch_metered (GtkWidget *owner, const char *id)
{
  if (WHIS_MODEL_OFFER (owner)->models != NULL)
    model_offer_fetch (WHIS_MODEL_OFFER (owner), id, TRUE);
}

/* The card shows why a download failed, unless the user has cancelled it. */
static void
failed_cb (WhisModelOffer *self,
           const char *id,
           const char *code,
           const char *sentence,
           gpointer asker)
{
  if (g_strcmp0 (id, self->id) != 0)
    return;

  whis_settings_set_fetched_model (self->settings, "");
  if (g_str_equal (code, "metered") && asker == self)
    whis_confirm_dialog_present_metered (GTK_WIDGET (self), id, fetch_metered);
  else if (!g_str_equal (code, "cancelled") && !g_str_equal (code, "metered"))
    set_problem (self, sentence);
  model_offer_update (self);
}

static void
job_changed_cb (WhisModelOffer *self)
{
  if (self->state == STATE_AGAIN && !whis_transcribe_again_job_is_running (self->job))
    {
      g_free (self->result);
      self->result = whis_model_offer_describe_result (self->job);
      whis_settings_set_fetched_model (self->settings, "");
      set_state (self, STATE_RESULT);
      return;
    }

  model_offer_show (self);
}

/* --- the user ----------------------------------------------------------------------------------
 */

static void
dismissed_cb (WhisModelOffer *self)
{
  if (self->state == STATE_OFFER)
    whis_settings_set_model_offer (self->settings, FALSE);
  whis_settings_set_fetched_model (self->settings, "");
  set_state (self, STATE_HIDDEN);
}

static void
smaller_clicked_cb (WhisModelOffer *self)
{
  g_autoptr (GVariant) facts = get_offered (self);

  if (facts == NULL)
    return;

  set_id (self, whis_local_model_facts_get (facts, "smaller"));
  set_problem (self, NULL);
  model_offer_show (self);
  /* The button that had the focus may be hidden now. */
  gtk_widget_grab_focus (GTK_WIDGET (self->action));
}

static void
stop_clicked_cb (WhisModelOffer *self)
{
  if (self->state == STATE_FETCHING)
    whis_local_models_cancel_fetch (self->models, self->id);
  else if (self->state == STATE_AGAIN)
    whis_transcribe_again_job_stop (self->job);
}

static void
use_model (WhisModelOffer *self)
{
  if (!is_chosen (self))
    {
      whis_settings_set_model (self->settings, WHIS_PROVIDER_LOCAL, self->id);
      whis_settings_set_provider (self->settings, WHIS_PROVIDER_LOCAL);
    }
  model_offer_update (self);
}

static void
action_clicked_cb (WhisModelOffer *self)
{
  g_autoptr (GVariant) facts = get_offered (self);

  if (facts == NULL)
    return;

  set_id (self, whis_local_model_facts_get (facts, "id"));
  if (self->state == STATE_OFFER)
    model_offer_fetch (self, self->id, FALSE);
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
      whis_transcribe_again_job_run (self->job);
    }
}

static void
language_changed_cb (WhisModelOffer *self)
{
  g_autofree char *language = dup_language (self);

  whis_local_models_set_language (self->models, language);
  model_offer_update (self);
}

/* --- the widget --------------------------------------------------------------------------------
 */

static void
whis_model_offer_dispose (GObject *object)
{
  WhisModelOffer *self = WHIS_MODEL_OFFER (object);

  clear_job (self);
  if (self->models != NULL)
    g_signal_handlers_disconnect_by_data (self->models, self);
  g_clear_object (&self->models);
  g_clear_object (&self->chosen);
  g_clear_object (&self->service);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (whis_model_offer_parent_class)->dispose (object);
}

static void
whis_model_offer_finalize (GObject *object)
{
  WhisModelOffer *self = WHIS_MODEL_OFFER (object);

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
                                               WHIS_WINDOW_RESOURCES "/dictate/model-offer.ui");
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
whis_model_offer_connect (WhisModelOffer *self, WhisServiceProxy *service, WhisSettings *settings)
{
  g_return_if_fail (WHIS_IS_MODEL_OFFER (self));
  g_return_if_fail (WHIS_IS_SERVICE_PROXY (service));
  g_return_if_fail (WHIS_IS_SETTINGS (settings));
  g_return_if_fail (self->service == NULL);

  self->service = g_object_ref (service);
  self->settings = g_object_ref (settings);
  self->models = whis_local_models_get (service);
  g_signal_connect_object (self->models, "changed", G_CALLBACK (model_offer_update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->models, "progress", G_CALLBACK (progress_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->models, "failed", G_CALLBACK (failed_cb), self, G_CONNECT_SWAPPED);
  self->chosen = whis_chosen_service_new (service, settings);
  g_signal_connect_object (self->chosen, "changed", G_CALLBACK (model_offer_update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::models", G_CALLBACK (model_offer_update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::model-offer", G_CALLBACK (model_offer_update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::language", G_CALLBACK (language_changed_cb), self,
                           G_CONNECT_SWAPPED);
  language_changed_cb (self);
}
