/* SPDX-License-Identifier: MIT */
#include "endpoint-guard.h"

#define PORT 9447
#define KEY "whis-0123456789abcdef"

static void
test_hosts (void)
{
  static const char *const ours[] = { "127.0.0.1",      "127.0.0.1:9447", "localhost",
                                      "LOCALHOST:9447", "[::1]",          "[::1]:9447" };
  static const char *const others[] = { "",
                                        "evil.example",
                                        "evil.example:9447",
                                        "127.0.0.1.evil.example",
                                        "127.0.0.1:9448",
                                        "127.0.0.1:",
                                        "127.0.0.1:94470",
                                        "127.0.0.11",
                                        "localhost.",
                                        "localhost.evil.example",
                                        "localhost, evil.example",
                                        "::1",
                                        "[::]",
                                        " localhost",
                                        "user@localhost" };

  for (gsize i = 0; i < G_N_ELEMENTS (ours); i++)
    g_assert_true (whis_endpoint_guard_is_host (ours[i], PORT));
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_false (whis_endpoint_guard_is_host (others[i], PORT));
  g_assert_false (whis_endpoint_guard_is_host (NULL, PORT));
}

static void
test_keys (void)
{
  static const char *const wrong[] = { "",
                                       "Bearer",
                                       "Bearer ",
                                       KEY,
                                       "Basic " KEY,
                                       "Bearer whis-0123456789abcdee",
                                       "Bearer Whis-0123456789abcdef",
                                       "Bearer  " KEY,
                                       "Bearer " KEY " ",
                                       "Bearer " KEY "0",
                                       "Bearer " KEY ", Bearer " KEY };

  g_assert_true (whis_endpoint_guard_has_key ("Bearer " KEY, KEY));
  g_assert_true (whis_endpoint_guard_has_key ("bearer " KEY, KEY));
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_false (whis_endpoint_guard_has_key (wrong[i], KEY));
  g_assert_false (whis_endpoint_guard_has_key (NULL, KEY));
  /* What has no key lets nobody in. */
  g_assert_false (whis_endpoint_guard_has_key ("Bearer ", ""));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/endpoint-guard/hosts", test_hosts);
  g_test_add_func ("/endpoint-guard/keys", test_keys);

  return g_test_run ();
}
