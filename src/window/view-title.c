/* SPDX-License-Identifier: MIT */
#include "toolkit-version.h"

#include "view-title.h"

/* Below this the header bar has no room for a switcher of two views. */
#define NARROW "max-width: 450sp"

/**
 * WhisViewTitle:
 *
 * The title of a header bar: a switcher of views, or where that has no room, a text. An
 * AdwViewSwitcher with a breakpoint, or an AdwViewSwitcherTitle where there are no breakpoints.
 */
struct _WhisViewTitle
{
  AdwBin parent;

  AdwViewStack *stack;
  char *title;
  gboolean is_narrow;
  gboolean is_enabled;
#if WHIS_HAS_BREAKPOINTS
  GtkStack *choice;
  AdwViewSwitcher *switcher;
  AdwWindowTitle *text;
#else
  AdwViewSwitcherTitle *switcher;
#endif
};

enum
{
  PROP_STACK = 1,
  PROP_TITLE,
  PROP_NARROW,
  PROP_TITLE_VISIBLE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (WhisViewTitle, whis_view_title, ADW_TYPE_BIN)

static void
title_visible_changed (WhisViewTitle *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TITLE_VISIBLE]);
}

#if WHIS_HAS_BREAKPOINTS

static void
create_switcher (WhisViewTitle *self)
{
  self->switcher =
      g_object_new (ADW_TYPE_VIEW_SWITCHER, "policy", ADW_VIEW_SWITCHER_POLICY_WIDE, NULL);
  self->text = ADW_WINDOW_TITLE (adw_window_title_new ("", ""));
  self->choice = g_object_new (GTK_TYPE_STACK, "hhomogeneous", FALSE, NULL);
  gtk_stack_add_child (self->choice, GTK_WIDGET (self->switcher));
  gtk_stack_add_child (self->choice, GTK_WIDGET (self->text));
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->choice));
}

/* Without a switcher the title is shown at every width. */
static gboolean
is_title_visible (WhisViewTitle *self)
{
  return self->is_enabled && self->is_narrow;
}

static void
view_title_update (WhisViewTitle *self)
{
  gboolean has_switcher = self->is_enabled && !self->is_narrow;

  adw_view_switcher_set_stack (self->switcher, self->stack);
  adw_window_title_set_title (self->text, self->title != NULL ? self->title : "");
  gtk_stack_set_visible_child (self->choice, has_switcher ? GTK_WIDGET (self->switcher)
                                                          : GTK_WIDGET (self->text));
  title_visible_changed (self);
}

/**
 * whis_view_title_set_window:
 * @self: the title
 * @window: the window that it is in
 *
 * Says whose width decides between switcher and text.
 */
void
whis_view_title_set_window (WhisViewTitle *self, AdwApplicationWindow *window)
{
  AdwBreakpoint *breakpoint = adw_breakpoint_new (adw_breakpoint_condition_parse (NARROW));
  g_auto (GValue) yes = G_VALUE_INIT;

  g_return_if_fail (WHIS_IS_VIEW_TITLE (self));

  g_value_init (&yes, G_TYPE_BOOLEAN);
  g_value_set_boolean (&yes, TRUE);
  adw_breakpoint_add_setter (breakpoint, G_OBJECT (self), "narrow", &yes);
  adw_application_window_add_breakpoint (window, breakpoint);
}

#else

static void
create_switcher (WhisViewTitle *self)
{
  self->switcher = ADW_VIEW_SWITCHER_TITLE (adw_view_switcher_title_new ());
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->switcher));
  g_signal_connect_object (self->switcher, "notify::title-visible",
                           G_CALLBACK (title_visible_changed), self, G_CONNECT_SWAPPED);
}

static gboolean
is_title_visible (WhisViewTitle *self)
{
  return adw_view_switcher_title_get_title_visible (self->switcher);
}

static void
view_title_update (WhisViewTitle *self)
{
  adw_view_switcher_title_set_stack (self->switcher, self->stack);
  adw_view_switcher_title_set_title (self->switcher, self->title != NULL ? self->title : "");
  adw_view_switcher_title_set_view_switcher_enabled (self->switcher, self->is_enabled);
}

/**
 * whis_view_title_set_window:
 * @self: the title
 * @window: the window that it is in
 *
 * Says whose width decides between switcher and text.
 */
void
whis_view_title_set_window (WhisViewTitle *self, AdwApplicationWindow *window)
{
  g_return_if_fail (WHIS_IS_VIEW_TITLE (self));
}

#endif

static void
whis_view_title_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  WhisViewTitle *self = WHIS_VIEW_TITLE (object);

  switch (id)
    {
    case PROP_STACK:
      g_value_set_object (value, self->stack);
      break;
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_NARROW:
      g_value_set_boolean (value, self->is_narrow);
      break;
    case PROP_TITLE_VISIBLE:
      g_value_set_boolean (value, is_title_visible (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
whis_view_title_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  WhisViewTitle *self = WHIS_VIEW_TITLE (object);

  switch (id)
    {
    case PROP_STACK:
      g_set_object (&self->stack, g_value_get_object (value));
      break;
    case PROP_TITLE:
      g_free (self->title);
      self->title = g_value_dup_string (value);
      break;
    case PROP_NARROW:
      self->is_narrow = g_value_get_boolean (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }
  view_title_update (self);
}

static void
whis_view_title_dispose (GObject *object)
{
  WhisViewTitle *self = WHIS_VIEW_TITLE (object);

  g_clear_object (&self->stack);
  g_clear_pointer (&self->title, g_free);

  G_OBJECT_CLASS (whis_view_title_parent_class)->dispose (object);
}

static void
whis_view_title_class_init (WhisViewTitleClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = whis_view_title_dispose;
  object_class->get_property = whis_view_title_get_property;
  object_class->set_property = whis_view_title_set_property;
  properties[PROP_STACK] = g_param_spec_object ("stack", NULL, NULL, ADW_TYPE_VIEW_STACK,
                                                G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_TITLE] =
      g_param_spec_string ("title", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_NARROW] = g_param_spec_boolean ("narrow", NULL, NULL, FALSE,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_TITLE_VISIBLE] =
      g_param_spec_boolean ("title-visible", NULL, NULL, FALSE,
                            G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
whis_view_title_init (WhisViewTitle *self)
{
  self->is_enabled = TRUE;
  create_switcher (self);
}

/**
 * whis_view_title_set_switcher_enabled:
 * @self: the title
 * @enabled: whether there are views to choose from
 */
void
whis_view_title_set_switcher_enabled (WhisViewTitle *self, gboolean enabled)
{
  g_return_if_fail (WHIS_IS_VIEW_TITLE (self));

  self->is_enabled = enabled;
  view_title_update (self);
}
