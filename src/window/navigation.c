/* SPDX-License-Identifier: MIT */
#include "toolkit-version.h"

#include "navigation.h"

/**
 * WhisNavigation:
 *
 * A widget and another one on top of it, with the gestures and keys that lead back: an
 * AdwNavigationView, or an AdwLeaflet where there is none.
 */
struct _WhisNavigation
{
  AdwBin parent;

  GtkWidget *root;
  GtkWidget *page;
#if WHIS_HAS_NAVIGATION_VIEW
  AdwNavigationView *view;
#else
  AdwLeaflet *view;
#endif
};

enum
{
  PROP_VISIBLE_CHILD = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void whis_navigation_buildable_init (GtkBuildableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WhisNavigation,
                               whis_navigation,
                               ADW_TYPE_BIN,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE,
                                                      whis_navigation_buildable_init))

static void
visible_child_changed (WhisNavigation *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VISIBLE_CHILD]);
}

#if WHIS_HAS_NAVIGATION_VIEW

#define ROOT_TAG "root"
#define PAGE_TAG "page"

static void
create_view (WhisNavigation *self)
{
  self->view = ADW_NAVIGATION_VIEW (adw_navigation_view_new ());
  /* Escape cancels a dictation. */
  adw_navigation_view_set_pop_on_escape (self->view, FALSE);
  g_signal_connect_object (self->view, "notify::visible-page", G_CALLBACK (visible_child_changed),
                           self, G_CONNECT_SWAPPED);
}

static void
navigation_add (WhisNavigation *self, GtkWidget *child, gboolean is_root)
{
  adw_navigation_view_add (
      self->view, adw_navigation_page_new_with_tag (child, "Whis", is_root ? ROOT_TAG : PAGE_TAG));
}

static GtkWidget *
get_visible_child (WhisNavigation *self)
{
  AdwNavigationPage *page = adw_navigation_view_get_visible_page (self->view);

  return page != NULL ? adw_navigation_page_get_child (page) : NULL;
}

static void
navigation_push (WhisNavigation *self)
{
  adw_navigation_view_push_by_tag (self->view, PAGE_TAG);
}

static void
navigation_pop (WhisNavigation *self)
{
  adw_navigation_view_pop_to_tag (self->view, ROOT_TAG);
}

static void
hide_back_button (AdwHeaderBar *bar)
{
  adw_header_bar_set_show_back_button (bar, FALSE);
}

#else

/* A leaflet leaves its hidden child in the focus chain, so Tab would go through widgets that cannot
 * be seen. */
static void
update_focus_chain (WhisNavigation *self)
{
  GtkWidget *visible = adw_leaflet_get_visible_child (self->view);

  gtk_widget_set_can_focus (self->root, visible == NULL || visible == self->root);
  if (self->page != NULL)
    gtk_widget_set_can_focus (self->page, visible == self->page);
}

static void
leaflet_changed_cb (WhisNavigation *self)
{
  if (self->root != NULL)
    update_focus_chain (self);
  visible_child_changed (self);
}

static void
create_view (WhisNavigation *self)
{
  self->view =
      g_object_new (ADW_TYPE_LEAFLET, "can-unfold", FALSE, "can-navigate-back", TRUE, NULL);
  g_signal_connect_object (self->view, "notify::visible-child", G_CALLBACK (leaflet_changed_cb),
                           self, G_CONNECT_SWAPPED);
}

static void
navigation_add (WhisNavigation *self, GtkWidget *child, gboolean is_root)
{
  adw_leaflet_append (self->view, child);
  update_focus_chain (self);
}

static GtkWidget *
get_visible_child (WhisNavigation *self)
{
  return adw_leaflet_get_visible_child (self->view);
}

static void
navigation_push (WhisNavigation *self)
{
  adw_leaflet_set_visible_child (self->view, self->page);
}

static void
navigation_pop (WhisNavigation *self)
{
  adw_leaflet_set_visible_child (self->view, self->root);
}

static void
hide_back_button (AdwHeaderBar *bar)
{
}

#endif

/* Children come in the order of the template: the root first, then the one on top of it. */
static void
whis_navigation_add_child (GtkBuildable *buildable,
                           GtkBuilder *builder,
                           GObject *child,
                           const char *type)
{
  WhisNavigation *self = WHIS_NAVIGATION (buildable);
  GtkWidget **place = self->root == NULL ? &self->root : &self->page;

  g_return_if_fail (self->page == NULL);

  *place = GTK_WIDGET (child);
  navigation_add (self, *place, place == &self->root);
}

static void
whis_navigation_buildable_init (GtkBuildableIface *iface)
{
  iface->add_child = whis_navigation_add_child;
}

static void
whis_navigation_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  WhisNavigation *self = WHIS_NAVIGATION (object);

  switch (id)
    {
    case PROP_VISIBLE_CHILD:
      g_value_set_object (value, get_visible_child (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
whis_navigation_class_init (WhisNavigationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = whis_navigation_get_property;
  properties[PROP_VISIBLE_CHILD] =
      g_param_spec_object ("visible-child", NULL, NULL, GTK_TYPE_WIDGET,
                           G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
whis_navigation_init (WhisNavigation *self)
{
  create_view (self);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->view));
}

/**
 * whis_navigation_get_visible_child:
 * @self: the navigation
 *
 * Returns: (transfer none) (nullable): which of the two is seen
 */
GtkWidget *
whis_navigation_get_visible_child (WhisNavigation *self)
{
  g_return_val_if_fail (WHIS_IS_NAVIGATION (self), NULL);

  return get_visible_child (self);
}

/**
 * whis_navigation_push:
 * @self: the navigation
 *
 * Shows the widget on top, if it is not seen already.
 */
void
whis_navigation_push (WhisNavigation *self)
{
  g_return_if_fail (WHIS_IS_NAVIGATION (self));

  if (get_visible_child (self) != self->page)
    navigation_push (self);
}

/**
 * whis_navigation_pop:
 * @self: the navigation
 *
 * Goes back to the first widget, if it is not seen already.
 */
void
whis_navigation_pop (WhisNavigation *self)
{
  g_return_if_fail (WHIS_IS_NAVIGATION (self));

  if (get_visible_child (self) != self->root)
    navigation_pop (self);
}

/**
 * whis_navigation_hide_back_button:
 * @bar: a header bar in a navigation, with a back button of its own
 *
 * An AdwNavigationView would add another one.
 */
void
whis_navigation_hide_back_button (AdwHeaderBar *bar)
{
  g_return_if_fail (ADW_IS_HEADER_BAR (bar));

  hide_back_button (bar);
}
