/* SPDX-License-Identifier: MIT */
#include "recorder-view.h"

#include <glib/gi18n-lib.h>

#include "level-meter.h"
#include "local-models.h"
#include "accessible-labels.h"
#include "dictation-state-label.h"
#include "elapsed-time.h"

/**
 * WhisRecorderView:
 *
 * The record button, with the state, the time, the level or the progress, where the sound goes,
 * warnings, and Cancel. The buttons activate `win.toggle` and `win.cancel`.
 */
struct _WhisRecorderView
{
  AdwBin parent;

  WhisServiceProxy *service;
  WhisLocalModels *models;
  GtkButton *button;
  GtkImage *icon;
  GtkLabel *elapsed;
  GtkLabel *state;
  GtkStack *meter_stack;
  WhisLevelMeter *level;
  GtkProgressBar *progress;
  GtkLabel *destination;
  GtkLabel *warning;
  GtkStack *cancel_stack;
  char *remark; /* the last warning about what is being recorded */
};

G_DEFINE_FINAL_TYPE (WhisRecorderView, whis_recorder_view, ADW_TYPE_BIN)

static void
elapsed_changed_cb (WhisRecorderView *self)
{
  g_autofree char *text = whis_elapsed_time_format (whis_service_proxy_get_elapsed (self->service));

  /* The property changes several times a second, the text once. */
  if (!g_str_equal (gtk_label_get_text (self->elapsed), text))
    gtk_label_set_text (self->elapsed, text);
}

static void
level_changed_cb (WhisRecorderView *self)
{
  whis_level_meter_set_level (self->level, whis_service_proxy_get_level (self->service));
}

/* The model decides how good the recogniser on this computer is, so that it is named. */
static char *
describe_local (WhisRecorderView *self)
{
  const char *current = whis_local_models_get_current (self->models);
  g_autoptr (GVariant) facts = whis_local_models_find (self->models, current);

  if (g_strcmp0 (current, "english") == 0)
    return g_strdup (
        _ ("Recognised on this computer, English only and rougher than a cloud service"));
  if (g_strcmp0 (current, "") == 0)
    return g_strdup (_ ("Kept on this computer until there is a model that recognises it"));
  if (facts == NULL)
    return g_strdup (_ ("Recognised on this computer"));

  /* Translators: %s is the name of a model, such as Whisper base (8 bits) */
  return g_strdup_printf (_ ("Recognised on this computer by %s"),
                          whis_local_model_facts_get (facts, "name"));
}

static void
destination_changed_cb (WhisRecorderView *self)
{
  const char *destination = whis_service_proxy_get_destination (self->service);
  g_autofree char *sentence = NULL;

  if (g_str_equal (whis_service_proxy_get_provider (self->service), "offline"))
    sentence = describe_local (self);
  else if (*destination != '\0')
    /* Translators: %s is the name of a host, such as api.openai.com */
    sentence = g_strdup_printf (_ ("Sound goes to %s"), destination);

  gtk_label_set_text (self->destination, sentence != NULL ? sentence : "");
}

static void
set_style_class (GtkWidget *widget, const char *name, gboolean present)
{
  if (present)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

static void
show_button (WhisRecorderView *self, gboolean records)
{
  GtkWidget *button = GTK_WIDGET (self->button);

  gtk_image_set_from_icon_name (self->icon, records ? "media-playback-stop-symbolic"
                                                    : "audio-input-microphone-symbolic");
  set_style_class (button, "suggested-action", !records);
  set_style_class (button, "destructive-action", records);
  gtk_widget_set_tooltip_text (button, records ? _ ("Stop Recording (Ctrl+R)")
                                               : _ ("Start Recording (Ctrl+R)"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  records ? _ ("Stop recording") : _ ("Start recording"), -1);
  whis_accessible_labels_fix (button);
}

/* A silent microphone is shown before other warnings: every word may be lost. */
static void
show_warning (WhisRecorderView *self)
{
  const char *sentence = self->remark;

  if (whis_service_proxy_get_silent (self->service))
    sentence = _ ("Nothing is heard. Is the microphone muted, or is it another one?");
  if (!whis_dictation_state_takes_sound (whis_service_proxy_get_state (self->service)))
    sentence = NULL;

  gtk_label_set_text (self->warning, sentence != NULL ? sentence : "");
  gtk_widget_set_visible (GTK_WIDGET (self->warning), sentence != NULL);
}

static void
warning_cb (WhisRecorderView *self, const char *id, const char *message)
{
  if (!g_str_equal (id, whis_service_proxy_get_dictation (self->service)))
    return;

  g_free (self->remark);
  self->remark = g_strdup (message);
  show_warning (self);
}

/* The message is empty when the reason for the warning is gone. */
static void
message_changed_cb (WhisRecorderView *self)
{
  if (*whis_service_proxy_get_message (self->service) != '\0')
    return;

  g_clear_pointer (&self->remark, g_free);
  show_warning (self);
}

static void
dictation_changed_cb (WhisRecorderView *self)
{
  g_clear_pointer (&self->remark, g_free);
  show_warning (self);
}

static void
state_changed_cb (WhisRecorderView *self)
{
  WhisDictationState state = whis_service_proxy_get_state (self->service);
  gboolean waits =
      state == WHIS_DICTATION_STATE_TRANSCRIBING || state == WHIS_DICTATION_STATE_DELIVERING;

  gtk_label_set_text (self->state, whis_dictation_state_get_label (
                                       state, whis_service_proxy_get_code (self->service)));
  show_button (self, whis_dictation_state_takes_sound (state));
  set_style_class (GTK_WIDGET (self->elapsed), "dim-label",
                   state != WHIS_DICTATION_STATE_RECORDING);
  if (!waits)
    gtk_progress_bar_set_fraction (self->progress, 0.0);
  gtk_stack_set_visible_child_name (self->meter_stack, waits ? "progress" : "level");
  gtk_stack_set_visible_child_name (self->cancel_stack,
                                    whis_dictation_state_is_busy (state) ? "cancel" : "nothing");
  show_warning (self);
}

static void
progress_cb (WhisRecorderView *self, const char *id, guint64 done, guint64 total)
{
  if (!g_str_equal (id, whis_service_proxy_get_dictation (self->service)))
    return;

  if (total > 0)
    gtk_progress_bar_set_fraction (self->progress, MIN ((double) done / (double) total, 1.0));
  else
    gtk_progress_bar_pulse (self->progress);
}

/* The record button gets the focus first. */
static void
whis_recorder_view_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (whis_recorder_view_parent_class)->map (widget);

  gtk_widget_grab_focus (GTK_WIDGET (WHIS_RECORDER_VIEW (widget)->button));
}

static void
whis_recorder_view_dispose (GObject *object)
{
  WhisRecorderView *self = WHIS_RECORDER_VIEW (object);

  if (self->models != NULL)
    g_signal_handlers_disconnect_by_data (self->models, self);
  g_clear_object (&self->models);
  g_clear_object (&self->service);
  g_clear_pointer (&self->remark, g_free);

  G_OBJECT_CLASS (whis_recorder_view_parent_class)->dispose (object);
}

static void
whis_recorder_view_class_init (WhisRecorderViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = whis_recorder_view_dispose;

  widget_class->map = whis_recorder_view_map;

  g_type_ensure (WHIS_TYPE_LEVEL_METER);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               WHIS_WINDOW_RESOURCES "/dictate/recorder-view.ui");
  gtk_widget_class_bind_template_child (widget_class, WhisRecorderView, button);
  gtk_widget_class_bind_template_child (widget_class, WhisRecorderView, icon);
  gtk_widget_class_bind_template_child (widget_class, WhisRecorderView, elapsed);
  gtk_widget_class_bind_template_child (widget_class, WhisRecorderView, state);
  gtk_widget_class_bind_template_child (widget_class, WhisRecorderView, meter_stack);
  gtk_widget_class_bind_template_child (widget_class, WhisRecorderView, level);
  gtk_widget_class_bind_template_child (widget_class, WhisRecorderView, progress);
  gtk_widget_class_bind_template_child (widget_class, WhisRecorderView, destination);
  gtk_widget_class_bind_template_child (widget_class, WhisRecorderView, cancel_stack);
  gtk_widget_class_bind_template_child (widget_class, WhisRecorderView, warning);
}

static void
whis_recorder_view_init (WhisRecorderView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * whis_recorder_view_set_service:
 * @self: a view
 * @service: the service to show; set once
 *
 * Makes the view follow the service.
 */
void
whis_recorder_view_set_service (WhisRecorderView *self, WhisServiceProxy *service)
{
  const struct
  {
    const char *signal;
    void (*callback) (WhisRecorderView *self);
  } handlers[] = {
    { "notify::state", state_changed_cb },
    { "notify::code", state_changed_cb },
    { "notify::message", message_changed_cb },
    { "notify::elapsed", elapsed_changed_cb },
    { "notify::level", level_changed_cb },
    { "notify::destination", destination_changed_cb },
    { "notify::provider", destination_changed_cb },
    { "notify::silent", show_warning },
    { "notify::dictation", dictation_changed_cb },
  };

  g_return_if_fail (WHIS_IS_RECORDER_VIEW (self));
  g_return_if_fail (WHIS_IS_SERVICE_PROXY (service));
  g_return_if_fail (self->service == NULL);

  self->service = g_object_ref (service);
  self->models = whis_local_models_get (service);
  g_signal_connect_object (self->models, "changed", G_CALLBACK (destination_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (service, "notify::availability", G_CALLBACK (state_changed_cb), self,
                           G_CONNECT_SWAPPED);
  for (gsize i = 0; i < G_N_ELEMENTS (handlers); i++)
    {
      whis_service_proxy_connect (service, handlers[i].signal, G_CALLBACK (handlers[i].callback),
                                  self);
      handlers[i].callback (self);
    }
  whis_service_proxy_connect (service, "progress", G_CALLBACK (progress_cb), self);
  whis_service_proxy_connect (service, "warning", G_CALLBACK (warning_cb), self);
}
