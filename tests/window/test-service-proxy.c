/* SPDX-License-Identifier: MIT */
#include "mock.h"

static void
count_cb (GObject *object)
{
  guint count = GPOINTER_TO_UINT (g_object_get_data (object, "count"));

  g_object_set_data (object, "count", GUINT_TO_POINTER (count + 1));
}

static guint
get_count (GObject *object)
{
  return GPOINTER_TO_UINT (g_object_get_data (object, "count"));
}

/* Views connect before the bus is reached, and may be gone when it is. */
static void
test_connect_early (void)
{
  WhisServiceProxy *proxy;
  g_autoptr (GObject) object = g_object_new (G_TYPE_OBJECT, NULL);
  GObject *gone = g_object_new (G_TYPE_OBJECT, NULL);

  mock_start ();
  proxy = whis_service_proxy_new ();
  g_assert_null (whis_service_proxy_get_interface (proxy));
  whis_service_proxy_connect (proxy, "history-changed", G_CALLBACK (count_cb), object);
  whis_service_proxy_connect (proxy, "history-changed", G_CALLBACK (count_cb), gone);
  g_assert_finalize_object (gone);
  AWAIT (whis_service_proxy_is_running (proxy));
  g_assert_cmpuint (get_count (object), ==, 0);
  mock_emit ("HistoryChanged", g_variant_new ("(s)", "a"));
  AWAIT (get_count (object) == 1);

  mock_stop ();
  AWAIT (!whis_service_proxy_is_running (proxy));
  g_assert_finalize_object (proxy);
}

/* All properties have their defaults while the service is absent, and who follows one is told. */
static void
test_service_comes_and_goes (void)
{
  WhisServiceProxy *proxy;
  g_autoptr (GObject) object = g_object_new (G_TYPE_OBJECT, NULL);

  mock_start ();
  proxy = whis_service_proxy_new ();
  whis_service_proxy_connect (proxy, "notify::message", G_CALLBACK (count_cb), object);
  g_assert_cmpstr (whis_service_proxy_get_message (proxy), ==, "");
  g_assert_cmpfloat (whis_service_proxy_get_level (proxy), ==, -100);
  g_assert_true (whis_service_proxy_get_keyring_available (proxy));

  AWAIT (whis_service_proxy_is_running (proxy));
  AWAIT (get_count (object) > 0);
  mock_set ("Message", g_variant_new_string ("No credit."));
  AWAIT (g_str_equal (whis_service_proxy_get_message (proxy), "No credit."));

  g_object_set_data (object, "count", NULL);
  mock_stop ();
  AWAIT (!whis_service_proxy_is_running (proxy));
  g_assert_cmpuint (get_count (object), >, 0);
  g_assert_cmpstr (whis_service_proxy_get_message (proxy), ==, "");
  g_assert_finalize_object (proxy);
}

int
main (int argc, char **argv)
{
  mock_init (&argc, &argv);
  g_test_add_func ("/window/service-proxy/connect-early", test_connect_early);
  g_test_add_func ("/window/service-proxy/service-comes-and-goes", test_service_comes_and_goes);

  return g_test_run ();
}
