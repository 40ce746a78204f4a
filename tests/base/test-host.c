/* SPDX-License-Identifier: MIT */
#include "host.h"

/* How far sound travels decides whether it may go without TLS, and what the window says of it. */
static const struct
{
  const char *host;
  WhisHostReach reach;
} hosts[] = {
  { "localhost", WHIS_HOST_THIS_COMPUTER },
  { "LocalHost", WHIS_HOST_THIS_COMPUTER },
  { "whisper.localhost", WHIS_HOST_THIS_COMPUTER },
  { "127.0.0.1", WHIS_HOST_THIS_COMPUTER },
  { "127.255.255.254", WHIS_HOST_THIS_COMPUTER },
  { "::1", WHIS_HOST_THIS_COMPUTER },

  /* RFC 1918, with the addresses on either side of each block */
  { "9.255.255.255", WHIS_HOST_ANYWHERE },
  { "10.0.0.0", WHIS_HOST_PRIVATE },
  { "10.255.255.255", WHIS_HOST_PRIVATE },
  { "11.0.0.0", WHIS_HOST_ANYWHERE },
  { "172.15.255.255", WHIS_HOST_ANYWHERE },
  { "172.16.0.1", WHIS_HOST_PRIVATE },
  { "172.31.255.255", WHIS_HOST_PRIVATE },
  { "172.32.0.0", WHIS_HOST_ANYWHERE },
  { "192.168.1.5", WHIS_HOST_PRIVATE },
  { "192.169.0.0", WHIS_HOST_ANYWHERE },
  /* RFC 6598 */
  { "100.63.255.255", WHIS_HOST_ANYWHERE },
  { "100.64.0.0", WHIS_HOST_PRIVATE },
  { "100.127.255.255", WHIS_HOST_PRIVATE },
  { "100.128.0.0", WHIS_HOST_ANYWHERE },
  /* link-local */
  { "169.254.7.7", WHIS_HOST_PRIVATE },
  { "169.253.7.7", WHIS_HOST_ANYWHERE },
  { "fe80::1", WHIS_HOST_PRIVATE },
  /* RFC 4193 */
  { "fc00::1", WHIS_HOST_PRIVATE },
  { "fdff:ffff::1", WHIS_HOST_PRIVATE },
  { "fe00::1", WHIS_HOST_ANYWHERE },
  { "fbff::1", WHIS_HOST_ANYWHERE },
  { "2001:db8::1", WHIS_HOST_ANYWHERE },
  { "::ffff:8.8.8.8", WHIS_HOST_ANYWHERE },

  /* names of the own network */
  { "nas", WHIS_HOST_PRIVATE },
  { "nas.", WHIS_HOST_PRIVATE },
  { "nas.local", WHIS_HOST_PRIVATE },
  { "NAS.Local.", WHIS_HOST_PRIVATE },
  { "whisper.corp.internal", WHIS_HOST_PRIVATE },
  { "box.home.arpa", WHIS_HOST_PRIVATE },

  /* names that only look like it */
  { "api.openai.com", WHIS_HOST_ANYWHERE },
  { "localhost.example.org", WHIS_HOST_ANYWHERE },
  { "nas.local.example.org", WHIS_HOST_ANYWHERE },
  { "nas.notlocal", WHIS_HOST_ANYWHERE },
  { "home.arpa.example", WHIS_HOST_ANYWHERE },
  { ".local", WHIS_HOST_ANYWHERE },
  { "10.0.0.1.example.org", WHIS_HOST_ANYWHERE },
  { "127.0.0.1.nip.io", WHIS_HOST_ANYWHERE },

  /* other spellings of numbers, which some resolvers know: 8.8.8.8 among them */
  { "134744072", WHIS_HOST_ANYWHERE },
  { "0x08080808", WHIS_HOST_ANYWHERE },
  { "127.1", WHIS_HOST_ANYWHERE },
  { "8.8.8.8", WHIS_HOST_ANYWHERE },
  { "[::1]", WHIS_HOST_ANYWHERE },
  { "", WHIS_HOST_ANYWHERE },
  { ".", WHIS_HOST_ANYWHERE },
};

static void
test_reach (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      g_test_message ("%s", hosts[i].host);
      g_assert_cmpint (whis_host_get_reach (hosts[i].host), ==, hosts[i].reach);
    }
}

static gboolean
is_own (const char *number)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (number);

  return whis_host_is_in_own_network (address);
}

/* The numbers of documentation (RFC 5737, RFC 3849) are on no link. */
static void
test_own_network (void)
{
  g_assert_true (is_own ("127.0.0.1"));
  g_assert_true (is_own ("::1"));
  g_assert_true (is_own ("192.168.1.5"));
  g_assert_true (is_own ("100.100.1.1"));
  g_assert_true (is_own ("fd12:3456::1"));
  g_assert_false (is_own ("203.0.113.9"));
  g_assert_false (is_own ("2001:db8::9"));
}

static void
test_port (void)
{
  static const struct
  {
    const char *address;
    const char *named;
    gboolean usual;
  } cases[] = {
    { "https://api.openai.com/v1", "api.openai.com", TRUE },
    { "https://api.openai.com:443", "api.openai.com", TRUE },
    { "http://192.168.1.5:80/", "192.168.1.5", TRUE },
    { "http://192.168.1.5:443/", "192.168.1.5:443", FALSE },
    { "https://192.168.1.5:80/", "192.168.1.5:80", FALSE },
    { "http://192.168.1.5:8000", "192.168.1.5:8000", FALSE },
    { "http://[fd00::1]:8000/v1", "[fd00::1]:8000", FALSE },
    { "http://[fd00::1]/v1", "fd00::1", TRUE },
    { "http://nas.local:65535", "nas.local:65535", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GUri) uri = g_uri_parse (cases[i].address, G_URI_FLAGS_NONE, &error);
      g_autofree char *named = NULL;

      g_assert_no_error (error);
      named = whis_host_dup_with_port (uri);
      g_assert_cmpstr (named, ==, cases[i].named);
      g_assert_cmpint (whis_host_has_usual_port (uri), ==, cases[i].usual);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/host/reach", test_reach);
  g_test_add_func ("/host/own-network", test_own_network);
  g_test_add_func ("/host/port", test_port);

  return g_test_run ();
}
