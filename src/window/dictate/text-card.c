/* SPDX-License-Identifier: MIT */
#include "text-card.h"

#include <glib/gi18n-lib.h>

/**
 * WhisTextCard:
 *
 * The text of the last finished dictation, or the text so far of the one that is transcribed. The
 * buttons activate `win.insert` and `win.copy`.
 */
struct _WhisTextCard
{
  AdwBin parent;

  WhisServiceProxy *service;
  GCancellable *cancellable;
  gboolean has_finished_text;
  gboolean follows_end;

  GtkLabel *title;
  GtkWidget *copy;
  GtkWidget *insert;
  GtkStack *stack;
  GtkTextBuffer *buffer;
};

G_DEFINE_FINAL_TYPE (WhisTextCard, whis_text_card, ADW_TYPE_BIN)

enum
{
  PROP_0,
  PROP_HAS_FINISHED_TEXT,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
set_has_finished_text (WhisTextCard *self, gboolean has)
{
  if (self->has_finished_text == has)
    return;

  self->has_finished_text = has;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_FINISHED_TEXT]);
}

static void
show_text (WhisTextCard *self, const char *title, const char *text)
{
  gtk_label_set_text (self->title, title);
  gtk_text_buffer_set_text (self->buffer, text, -1);
  gtk_stack_set_visible_child_name (self->stack, *text != '\0' ? "text" : "empty");
}

static void
text_card_show_buttons (WhisTextCard *self, gboolean show)
{
  gtk_widget_set_visible (self->copy, show);
  gtk_widget_set_visible (self->insert, show);
}

static void
show_finished (WhisTextCard *self, const char *text)
{
  self->follows_end = FALSE;
  show_text (self, *text != '\0' ? _ ("Last Text") : "", text);
  text_card_show_buttons (self, *text != '\0');
  set_has_finished_text (self, *text != '\0');
}

/* New text is at the end. The height is known only after the layout. */
static void
height_changed_cb (WhisTextCard *self, GtkAdjustment *adjustment)
{
  if (self->follows_end)
    gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment));
}

static void
show_partial (WhisTextCard *self, const char *text)
{
  self->follows_end = TRUE;
  show_text (self, _ ("Text so Far"), text);
  text_card_show_buttons (self, FALSE);
}

static void
got_last_text_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisTextCard) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (whis_bus_whis1_call_get_last_text_finish (WHIS_BUS_WHIS1 (source), &text, result, &error))
    show_finished (self, text);
  else
    g_debug ("text card: no last text: %s", error->message);
}

static void
request_last_text (WhisTextCard *self)
{
  g_cancellable_cancel (self->cancellable);
  g_set_object (&self->cancellable, NULL);
  self->cancellable = g_cancellable_new ();
  whis_bus_whis1_call_get_last_text (whis_service_proxy_get_interface (self->service),
                                     self->cancellable, got_last_text_cb, g_object_ref (self));
}

/* Provisional text costs processor time, so it is asked for only while it can be seen. */
static void
watch_text (WhisTextCard *self, gboolean watch)
{
  if (self->service != NULL && whis_service_proxy_is_running (self->service))
    whis_bus_whis1_call_watch_text (whis_service_proxy_get_interface (self->service), watch, NULL,
                                    NULL, NULL);
}

static void
whis_text_card_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (whis_text_card_parent_class)->map (widget);
  watch_text (WHIS_TEXT_CARD (widget), TRUE);
}

static void
whis_text_card_unmap (GtkWidget *widget)
{
  watch_text (WHIS_TEXT_CARD (widget), FALSE);
  GTK_WIDGET_CLASS (whis_text_card_parent_class)->unmap (widget);
}

static void
availability_changed_cb (WhisTextCard *self)
{
  if (!whis_service_proxy_is_running (self->service))
    return;

  request_last_text (self);
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    watch_text (self, TRUE);
}

/* When a dictation ends without a text, the last text is that of the one before. */
static void
state_changed_cb (WhisTextCard *self)
{
  WhisDictationState state = whis_service_proxy_get_state (self->service);

  if (state == WHIS_DICTATION_STATE_CANCELLED || state == WHIS_DICTATION_STATE_FAILED)
    availability_changed_cb (self);
}

static void
finished_cb (WhisTextCard *self, const char *id, const char *text)
{
  g_cancellable_cancel (self->cancellable);
  show_finished (self, text);
}

static void
partial_text_cb (WhisTextCard *self, const char *id, const char *text)
{
  if (g_str_equal (id, whis_service_proxy_get_dictation (self->service)) && *text != '\0')
    show_partial (self, text);
}

static void
whis_text_card_dispose (GObject *object)
{
  WhisTextCard *self = WHIS_TEXT_CARD (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->service);

  G_OBJECT_CLASS (whis_text_card_parent_class)->dispose (object);
}

static void
whis_text_card_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  WhisTextCard *self = WHIS_TEXT_CARD (object);

  switch (id)
    {
    case PROP_HAS_FINISHED_TEXT:
      g_value_set_boolean (value, self->has_finished_text);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
whis_text_card_class_init (WhisTextCardClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = whis_text_card_dispose;
  object_class->get_property = whis_text_card_get_property;
  widget_class->map = whis_text_card_map;
  widget_class->unmap = whis_text_card_unmap;

  properties[PROP_HAS_FINISHED_TEXT] =
      g_param_spec_boolean ("has-finished-text", NULL, NULL, FALSE,
                            G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               WHIS_WINDOW_RESOURCES "/dictate/text-card.ui");
  gtk_widget_class_bind_template_child (widget_class, WhisTextCard, title);
  gtk_widget_class_bind_template_child (widget_class, WhisTextCard, copy);
  gtk_widget_class_bind_template_child (widget_class, WhisTextCard, insert);
  gtk_widget_class_bind_template_child (widget_class, WhisTextCard, stack);
  gtk_widget_class_bind_template_child (widget_class, WhisTextCard, buffer);
  gtk_widget_class_bind_template_callback (widget_class, height_changed_cb);
}

static void
whis_text_card_init (WhisTextCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  show_finished (self, "");
}

/**
 * whis_text_card_set_service:
 * @self: a card
 * @service: the service whose texts to show; set once
 *
 * Makes the card follow the service.
 */
void
whis_text_card_set_service (WhisTextCard *self, WhisServiceProxy *service)
{
  g_return_if_fail (WHIS_IS_TEXT_CARD (self));
  g_return_if_fail (WHIS_IS_SERVICE_PROXY (service));
  g_return_if_fail (self->service == NULL);

  self->service = g_object_ref (service);
  g_signal_connect_object (service, "notify::availability", G_CALLBACK (availability_changed_cb),
                           self, G_CONNECT_SWAPPED);
  whis_service_proxy_connect (service, "notify::state", G_CALLBACK (state_changed_cb), self);
  whis_service_proxy_connect (service, "finished", G_CALLBACK (finished_cb), self);
  whis_service_proxy_connect (service, "partial-text", G_CALLBACK (partial_text_cb), self);
  availability_changed_cb (self);
}

/**
 * whis_text_card_has_finished_text:
 * @self: a card
 *
 * Returns: whether there is a finished text to copy
 */
gboolean
whis_text_card_has_finished_text (WhisTextCard *self)
{
  g_return_val_if_fail (WHIS_IS_TEXT_CARD (self), FALSE);

  return self->has_finished_text;
}
