/* SPDX-License-Identifier: MIT */
#include "bus-fixture.h"

#include <string.h>

#include "bus-error.h"
#include "endpoint-recogniser.h"

/* --- who would work for other programs -------------------------------------------------------- */

#define IDLE_TYPE_RECOGNISER (idle_recogniser_get_type ())
G_DECLARE_FINAL_TYPE (IdleRecogniser, idle_recogniser, IDLE, RECOGNISER, GObject)

struct _IdleRecogniser
{
  GObject parent_instance;
};

static void
idle_recogniser_init_iface (WhisEndpointRecogniserInterface *iface)
{
}

G_DEFINE_FINAL_TYPE_WITH_CODE (IdleRecogniser,
                               idle_recogniser,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (WHIS_TYPE_ENDPOINT_RECOGNISER,
                                                      idle_recogniser_init_iface))

static void
idle_recogniser_class_init (IdleRecogniserClass *klass)
{
}

static void
idle_recogniser_init (IdleRecogniser *self)
{
}

/* --- the object ------------------------------------------------------------------------------- */

static void
on_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GString *activated = user_data;

  g_string_append_printf (activated, "%s ", g_action_get_name (G_ACTION (action)));
}

static GSimpleActionGroup *
create_actions (BusFixture *fixture)
{
  static const GActionEntry entries[] = {
    { .name = "open", .activate = on_activated },
    { .name = "preferences", .activate = on_activated },
    { .name = "quit", .activate = on_activated },
  };
  GSimpleActionGroup *actions = g_simple_action_group_new ();

  g_action_map_add_action_entries (G_ACTION_MAP (actions), entries, G_N_ELEMENTS (entries),
                                   fixture->activated);

  return actions;
}

static void
add_method (BusFixture *fixture)
{
  fixture->inserted = g_string_new (NULL);
  fixture->method = g_object_new (FAKE_TYPE_METHOD, NULL);
  fixture->method->name = "fake";
  fixture->method->log = fixture->inserted;
  whis_delivery_add_method (fixture->base.delivery, WHIS_INSERTION_METHOD (fixture->method));
}

static void
create_object (BusFixture *fixture)
{
  DictationsFixture *base = &fixture->base;
  const char *const environment[] = { NULL };
  g_autoptr (WhisSessionDisplay) display = whis_session_display_new (environment);
  g_autoptr (IdleRecogniser) recogniser = g_object_new (IDLE_TYPE_RECOGNISER, NULL);
  g_autoptr (WhisEndpointSwitch) endpoint_switch = whis_endpoint_switch_new (
      WHIS_ENDPOINT_RECOGNISER (recogniser), base->settings, base->keyring);
  g_autoptr (WhisLoginStart) login_start = whis_login_start_new (fixture->bus.ours, base->settings);
  g_autoptr (GSimpleActionGroup) actions = create_actions (fixture);

  fixture->unfinished = whis_unfinished_new (base->history, base->dictations, base->local_model);
  fixture->object = whis_bus_object_new (base->dictations, base->settings, base->keyring, display,
                                         base->delivery, NULL, base->history, fixture->unfinished,
                                         base->meter, base->store, base->local_model,
                                         endpoint_switch, login_start, G_ACTION_GROUP (actions));
}

void
bus_fixture_set_up (BusFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  dictations_fixture_set_up (&fixture->base, data);
  bus_set_up (&fixture->bus, data);
  /* The session bus of the program is none: only what has a connection is on this one. */
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", TRUE);
  fixture->activated = g_string_new (NULL);
  add_method (fixture);
  create_object (fixture);
  g_assert_true (
      whis_bus_object_export (fixture->object, fixture->bus.ours, WHIS_APP_PATH, &error));
  g_assert_no_error (error);
}

void
bus_fixture_tear_down (BusFixture *fixture, gconstpointer data)
{
  whis_dictations_interrupt_all (fixture->base.dictations);
  whis_bus_object_unexport (fixture->object);
  bus_settle (&fixture->bus);
  g_clear_object (&fixture->object);
  g_clear_object (&fixture->unfinished);
  bus_tear_down (&fixture->bus, data);
  dictations_fixture_tear_down (&fixture->base, data);
  g_clear_object (&fixture->method);
  g_string_free (fixture->inserted, TRUE);
  g_string_free (fixture->activated, TRUE);
}

/* --- calls ------------------------------------------------------------------------------------ */

GVariant *
bus_fixture_call (BusFixture *fixture,
                  GDBusConnection *caller,
                  const char *method,
                  const char *arguments,
                  GError **error)
{
  const char *dot = strchr (method, '.');
  g_autofree char *area = dot != NULL ? g_strndup (method, (gsize) (dot - method)) : NULL;
  g_autofree char *interface = g_strjoin (".", "io.github.whis_gtk.Whis1", area, NULL);

  return bus_call_from (&fixture->bus, caller, WHIS_APP_PATH, interface,
                        dot != NULL ? dot + 1 : method,
                        arguments != NULL ? g_variant_new_parsed (arguments) : NULL, error);
}

char *
bus_fixture_ask (BusFixture *fixture, const char *method, const char *arguments)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
      bus_fixture_call (fixture, fixture->bus.theirs, method, arguments, &error);

  g_assert_no_error (error);

  return g_variant_print (answer, FALSE);
}

void
bus_fixture_assert_refused (BusFixture *fixture,
                            const char *method,
                            const char *arguments,
                            int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
      bus_fixture_call (fixture, fixture->bus.theirs, method, arguments, &error);

  g_assert_null (answer);
  g_assert_error (error, WHIS_BUS_ERROR, code);
}

static void
on_name_vanished (GDBusConnection *connection, const char *name, gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
}

void
bus_fixture_leave (BusFixture *fixture, GDBusConnection *caller)
{
  gboolean gone = FALSE;
  guint watch = g_bus_watch_name_on_connection (
      fixture->bus.ours, g_dbus_connection_get_unique_name (caller), G_BUS_NAME_WATCHER_FLAGS_NONE,
      NULL, on_name_vanished, &gone, NULL);

  bus_settle (&fixture->bus);
  g_assert_false (gone);
  g_dbus_connection_close_sync (caller, NULL, NULL);
  bus_await (gone);
  g_bus_unwatch_name (watch);
  bus_settle (&fixture->bus);
}
