/* SPDX-License-Identifier: MIT */
#include "media-players.h"

#include <string.h>

#include "bus.h"

/* Players on a bus of the test's own, each with a connection, as programs have it. */

#define PREFIX "org.mpris.MediaPlayer2."
#define PLAYER_PATH "/org/mpris/MediaPlayer2"
#define PLAYER_INTERFACE "org.mpris.MediaPlayer2.Player"
#define PROPERTIES "org.freedesktop.DBus.Properties"

static const char interface_xml[] = "<node><interface name='" PLAYER_INTERFACE "'>"
                                    "<method name='Play'/><method name='Pause'/>"
                                    "<property name='PlaybackStatus' type='s' access='read'/>"
                                    "</interface></node>";

typedef struct
{
  GDBusConnection *connection;
  guint registration;
  const char *status;
  GString *calls;    /* what it was told, and "?" for each time it was asked */
  gboolean is_late;  /* says what has become of it when it is told to */
  gboolean refuses;  /* to be paused */
  gboolean is_stuck; /* holds the answer of what it is asked */
  GDBusMethodInvocation *held;
} Player;

typedef struct
{
  Bus bus;
  GDBusNodeInfo *node;
  GPtrArray *all; /* of Player */
  WhisMediaPlayers *players;
} Fixture;

/* What every player says when it has changed, whoever made it. */
static void
player_tell (Player *player)
{
  g_dbus_connection_emit_signal (player->connection, NULL, PLAYER_PATH, PROPERTIES,
                                 "PropertiesChanged",
                                 g_variant_new_parsed ("(%s, {'PlaybackStatus': <%s>}, @as [])",
                                                       PLAYER_INTERFACE, player->status),
                                 NULL);
}

static void
player_set_status (Player *player, const char *status)
{
  player->status = status;
  player_tell (player);
}

static void
player_answer (Player *player, GDBusMethodInvocation *invocation)
{
  g_dbus_method_invocation_return_value (
      invocation, g_variant_new ("(v)", g_variant_new_string (player->status)));
}

static void
call_cb (GDBusConnection *connection,
         const char *sender,
         const char *path,
         const char *interface,
         const char *method,
         GVariant *parameters,
         GDBusMethodInvocation *invocation,
         gpointer user_data)
{
  Player *player = user_data;
  gboolean pauses = g_str_equal (method, "Pause");

  if (g_str_equal (interface, PROPERTIES))
    {
      g_string_append (player->calls, "? ");
      if (player->is_stuck)
        player->held = g_object_ref (invocation);
      else
        player_answer (player, invocation);
      return;
    }

  g_string_append_printf (player->calls, "%s ", method);
  if (pauses && player->refuses)
    {
      g_dbus_method_invocation_return_error_literal (invocation, G_DBUS_ERROR, G_DBUS_ERROR_FAILED,
                                                     "This is a broadcast");
      return;
    }
  player->status = pauses ? "Paused" : "Playing";
  if (!player->is_late)
    player_tell (player);
  g_dbus_method_invocation_return_value (invocation, NULL);
}

static void
own_name (Player *player, const char *name)
{
  g_autofree char *full = g_strconcat (PREFIX, name, NULL);
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GError) error = NULL;

  reply = g_dbus_connection_call_sync (player->connection, "org.freedesktop.DBus",
                                       "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                       "RequestName", g_variant_new ("(su)", full, 4), NULL,
                                       G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
}

static Player *
player_new (Fixture *fixture, const char *name, const char *status)
{
  static const GDBusInterfaceVTable vtable = { .method_call = call_cb };
  Player *player = g_new0 (Player, 1);
  g_autoptr (GError) error = NULL;

  player->connection = bus_connect (&fixture->bus);
  player->status = status;
  player->calls = g_string_new (NULL);
  player->registration = g_dbus_connection_register_object (
      player->connection, PLAYER_PATH, fixture->node->interfaces[0], &vtable, player, NULL, &error);
  g_assert_no_error (error);
  own_name (player, name);
  g_ptr_array_add (fixture->all, player);

  return player;
}

static void
player_quit (Player *player)
{
  g_dbus_connection_unregister_object (player->connection, player->registration);
  g_dbus_connection_close_sync (player->connection, NULL, NULL);
}

static void
player_free (gpointer data)
{
  Player *player = data;

  if (!g_dbus_connection_is_closed (player->connection))
    player_quit (player);
  g_object_unref (player->connection);
  g_string_free (player->calls, TRUE);
  g_free (player);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  bus_set_up (&fixture->bus, NULL);
  fixture->node = g_dbus_node_info_new_for_xml (interface_xml, &error);
  g_assert_no_error (error);
  fixture->all = g_ptr_array_new_with_free_func (player_free);
  fixture->players = whis_media_players_new (fixture->bus.ours);
}

/* What was asked by Whis has been answered, and the answer is known. */
static void
settle (Fixture *fixture)
{
  bus_settle (&fixture->bus);
  for (guint i = 0; i < fixture->all->len; i++)
    {
      Player *player = fixture->all->pdata[i];
      g_autoptr (GVariant) reply = NULL;

      if (!g_dbus_connection_is_closed (player->connection))
        reply = bus_call_from (&fixture->bus, player->connection, "/", "org.freedesktop.DBus.Peer",
                               "Ping", NULL, NULL);
    }
  bus_settle (&fixture->bus);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  settle (fixture);
  if (fixture->players != NULL)
    g_assert_finalize_object (fixture->players);
  g_ptr_array_unref (fixture->all);
  g_dbus_node_info_unref (fixture->node);
  bus_tear_down (&fixture->bus, NULL);
}

static void
pause_until (Fixture *fixture, Player *player, const char *calls)
{
  whis_media_players_pause (fixture->players);
  bus_await (player->calls->len >= strlen (calls));
  settle (fixture);
  g_assert_cmpstr (player->calls->str, ==, calls);
}

static void
resume_until (Fixture *fixture, Player *player, const char *calls)
{
  whis_media_players_resume (fixture->players);
  bus_await (player->calls->len >= strlen (calls));
  settle (fixture);
  g_assert_cmpstr (player->calls->str, ==, calls);
}

static void
test_only_what_played (Fixture *fixture, gconstpointer data)
{
  Player *playing = player_new (fixture, "playing", "Playing");
  Player *paused = player_new (fixture, "paused", "Paused");
  Player *stopped = player_new (fixture, "stopped", "Stopped");

  pause_until (fixture, playing, "? Pause ");
  /* A second dictation begins while the first one records. */
  whis_media_players_pause (fixture->players);
  resume_until (fixture, playing, "? Pause Play ");
  whis_media_players_resume (fixture->players);
  settle (fixture);
  g_assert_cmpstr (playing->calls->str, ==, "? Pause Play ");
  g_assert_cmpstr (paused->calls->str, ==, "? ");
  g_assert_cmpstr (stopped->calls->str, ==, "? ");
}

/* The next dictation follows at once, and a browser takes its time to say that it plays again: that
 * is not the user, and it plays on after the second, too. */
static void
test_twice (Fixture *fixture, gconstpointer data)
{
  Player *playing = player_new (fixture, "playing", "Playing");

  pause_until (fixture, playing, "? Pause ");
  playing->is_late = TRUE;
  playing->is_stuck = TRUE;
  whis_media_players_resume (fixture->players);
  whis_media_players_pause (fixture->players);
  bus_await (playing->held != NULL);
  g_assert_cmpstr (playing->status, ==, "Playing");
  player_tell (playing);
  player_answer (playing, g_steal_pointer (&playing->held));
  player_tell (playing);
  bus_await (g_str_equal (playing->calls->str, "? Pause Play ? Pause "));
  settle (fixture);
  player_tell (playing);
  settle (fixture);
  resume_until (fixture, playing, "? Pause Play ? Pause Play ");
}

/* The user has changed his mind: two would play at once. */
static void
test_user_starts_another (Fixture *fixture, gconstpointer data)
{
  Player *playing = player_new (fixture, "playing", "Playing");
  Player *other = player_new (fixture, "other", "Paused");

  pause_until (fixture, playing, "? Pause ");
  player_set_status (other, "Playing");
  settle (fixture);
  whis_media_players_resume (fixture->players);
  settle (fixture);
  g_assert_cmpstr (playing->calls->str, ==, "? Pause ");

  /* That was for this dictation; the next is as any. */
  pause_until (fixture, other, "? ? Pause ");
  resume_until (fixture, other, "? ? Pause Play ");
}

/* The user starts what was paused, and has stopped it again: nothing is played against that. */
static void
test_user_starts_and_pauses (Fixture *fixture, gconstpointer data)
{
  Player *playing = player_new (fixture, "playing", "Playing");

  pause_until (fixture, playing, "? Pause ");
  player_set_status (playing, "Playing");
  player_set_status (playing, "Paused");
  settle (fixture);
  whis_media_players_resume (fixture->players);
  settle (fixture);
  g_assert_cmpstr (playing->calls->str, ==, "? Pause ");
}

/* What the user has stopped stays so. */
static void
test_user_stops (Fixture *fixture, gconstpointer data)
{
  Player *stopped = player_new (fixture, "stopped", "Playing");
  Player *playing = player_new (fixture, "playing", "Playing");

  whis_media_players_pause (fixture->players);
  bus_await (g_str_equal (stopped->calls->str, "? Pause "));
  bus_await (g_str_equal (playing->calls->str, "? Pause "));
  settle (fixture);
  player_set_status (stopped, "Stopped");
  settle (fixture);
  resume_until (fixture, playing, "? Pause Play ");
  g_assert_cmpstr (stopped->calls->str, ==, "? Pause ");
}

/* A player that hangs keeps none of the others playing. */
static void
test_hangs (Fixture *fixture, gconstpointer data)
{
  Player *stuck = player_new (fixture, "a-stuck", "Playing");
  Player *playing = player_new (fixture, "playing", "Playing");

  stuck->is_stuck = TRUE;
  pause_until (fixture, playing, "? Pause ");
  bus_await (stuck->held != NULL);
  resume_until (fixture, playing, "? Pause Play ");

  /* Its answer comes when nothing is recorded any more. */
  player_answer (stuck, g_steal_pointer (&stuck->held));
  settle (fixture);
  g_assert_cmpstr (stuck->calls->str, ==, "? ");
}

/* A broadcast cannot be paused, and is not told to go on with what it never left. */
static void
test_cannot_pause (Fixture *fixture, gconstpointer data)
{
  Player *broadcast = player_new (fixture, "broadcast", "Playing");
  Player *playing = player_new (fixture, "playing", "Playing");

  broadcast->refuses = TRUE;
  whis_media_players_pause (fixture->players);
  bus_await (g_str_equal (broadcast->calls->str, "? Pause "));
  bus_await (g_str_equal (playing->calls->str, "? Pause "));
  settle (fixture);
  resume_until (fixture, playing, "? Pause Play ");
  g_assert_cmpstr (broadcast->calls->str, ==, "? Pause ");
}

/* One that is started anew under the same name is another one. */
static void
test_quits (Fixture *fixture, gconstpointer data)
{
  Player *playing = player_new (fixture, "playing", "Playing");
  Player *also = player_new (fixture, "also", "Playing");
  Player *anew;

  whis_media_players_pause (fixture->players);
  bus_await (g_str_equal (playing->calls->str, "? Pause "));
  bus_await (g_str_equal (also->calls->str, "? Pause "));
  settle (fixture);
  player_quit (playing);
  anew = player_new (fixture, "playing", "Paused");
  resume_until (fixture, also, "? Pause Play ");
  g_assert_cmpstr (anew->calls->str, ==, "");
}

/* VLC has two. */
static void
test_two_names (Fixture *fixture, gconstpointer data)
{
  Player *player = player_new (fixture, "vlc", "Playing");

  own_name (player, "vlc.instance42");
  pause_until (fixture, player, "? Pause ");
  resume_until (fixture, player, "? Pause Play ");
}

/* The service ends while it records: nothing stays silent. */
static void
test_ends (Fixture *fixture, gconstpointer data)
{
  Player *playing = player_new (fixture, "playing", "Playing");

  pause_until (fixture, playing, "? Pause ");
  g_clear_object (&fixture->players);
  bus_await (g_str_equal (playing->calls->str, "? Pause Play "));
}

/* Nobody is asked when nothing records, and nothing is heard. */
static void
test_idle (Fixture *fixture, gconstpointer data)
{
  Player *playing = player_new (fixture, "playing", "Playing");

  whis_media_players_resume (fixture->players);
  player_set_status (playing, "Paused");
  player_set_status (playing, "Playing");
  settle (fixture);
  g_assert_cmpstr (playing->calls->str, ==, "");
  pause_until (fixture, playing, "? Pause ");
  resume_until (fixture, playing, "? Pause Play ");
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/media-players/only-what-played", test_only_what_played);
  ADD ("/media-players/twice", test_twice);
  ADD ("/media-players/user-starts-another", test_user_starts_another);
  ADD ("/media-players/user-starts-and-pauses", test_user_starts_and_pauses);
  ADD ("/media-players/user-stops", test_user_stops);
  ADD ("/media-players/hangs", test_hangs);
  ADD ("/media-players/cannot-pause", test_cannot_pause);
  ADD ("/media-players/quits", test_quits);
  ADD ("/media-players/two-names", test_two_names);
  ADD ("/media-players/ends", test_ends);
  ADD ("/media-players/idle", test_idle);

  return g_test_run ();
}
