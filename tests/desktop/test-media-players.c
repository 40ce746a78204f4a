/* SPDX-License-Identifier: MIT */
#include "bus.h"
#include "media-players.h"

#define PATH "/org/mpris/MediaPlayer2"
#define INTERFACE "org.mpris.MediaPlayer2.Player"

/* A media player with a connection of its own. */
typedef struct
{
  GDBusConnection *connection;
  guint object;
  char *status;
  GString *calls;              /* what it was told to do */
  GDBusMethodInvocation *held; /* a call that it has not answered */
  gboolean holds;              /* it does not answer what it is told */
  gboolean refuses;            /* to do what it is told */
  gboolean is_odd;             /* its status is no text */
} Player;

typedef struct
{
  Bus bus;
  WhisMediaPlayers *players;
  Player music;
  Player video;
} Fixture;

#define PLAYER_XML(type)                                                                           \
  "<node><interface name='" INTERFACE "'><method name='Play'/><method name='Pause'/>"              \
  "<property name='PlaybackStatus' type='" type "' access='read'/></interface></node>"

static GVariant *
get_cb (GDBusConnection *connection,
        const char *sender,
        const char *path,
        const char *interface,
        const char *property,
        GError **error,
        gpointer user_data)
{
  Player *player = user_data;

  return player->is_odd ? g_variant_new_uint32 (1) : g_variant_new_string (player->status);
}

/* It says that its state has changed, as MPRIS wants it. */
static void
player_set (Player *player, const char *status)
{
  g_autoptr (GError) error = NULL;
  GVariantBuilder changed;

  g_free (player->status);
  player->status = g_strdup (status);
  g_variant_builder_init (&changed, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&changed, "{sv}", "PlaybackStatus", g_variant_new_string (status));
  g_dbus_connection_emit_signal (
      player->connection, NULL, PATH, "org.freedesktop.DBus.Properties", "PropertiesChanged",
      g_variant_new ("(s@a{sv}as)", INTERFACE, g_variant_builder_end (&changed), NULL), &error);
  g_assert_no_error (error);
}

static void
player_do (Player *player, const char *method, GDBusMethodInvocation *invocation)
{
  if (player->refuses)
    {
      g_dbus_method_invocation_return_dbus_error (invocation, "org.example.No", "no");
      return;
    }

  player_set (player, g_str_equal (method, "Play") ? "Playing" : "Paused");
  g_dbus_method_invocation_return_value (invocation, NULL);
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

  g_string_append_printf (player->calls, "%s ", method);
  if (player->holds)
    player->held = invocation;
  else
    player_do (player, method, invocation);
}

static void
own (Player *player, const char *name)
{
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GError) error = NULL;

  answer = g_dbus_connection_call_sync (player->connection, "org.freedesktop.DBus",
                                        "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                        "RequestName", g_variant_new ("(su)", name, 0), NULL,
                                        G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
}

static void
player_start (Fixture *fixture, Player *player, const char *name, const char *status)
{
  static const GDBusInterfaceVTable table = { .method_call = call_cb, .get_property = get_cb };
  g_autoptr (GDBusNodeInfo) node = NULL;
  g_autoptr (GError) error = NULL;

  node =
      g_dbus_node_info_new_for_xml (player->is_odd ? PLAYER_XML ("u") : PLAYER_XML ("s"), &error);
  g_assert_no_error (error);
  player->connection = bus_connect (&fixture->bus);
  player->status = g_strdup (status);
  player->calls = g_string_new (NULL);
  player->object = g_dbus_connection_register_object (player->connection, PATH, node->interfaces[0],
                                                      &table, player, NULL, &error);
  g_assert_no_error (error);
  own (player, name);
}

static void
player_end (Player *player)
{
  if (player->connection == NULL)
    return;

  g_dbus_connection_close_sync (player->connection, NULL, NULL);
  g_clear_object (&player->connection);
  g_clear_pointer (&player->status, g_free);
  g_string_free (g_steal_pointer (&player->calls), TRUE);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  bus_set_up (&fixture->bus, NULL);
  fixture->players = whis_media_players_new (fixture->bus.ours);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->players);
  player_end (&fixture->music);
  player_end (&fixture->video);
  bus_settle (&fixture->bus);
  bus_tear_down (&fixture->bus, NULL);
}

static gboolean
was_told (Player *player, const char *calls)
{
  return g_str_equal (player->calls->str, calls);
}

/* Waits until all that was sent to a player so far has reached it, and the answers are here. */
static void
settle (Fixture *fixture, Player *player)
{
  /* A question for the owner, one for the status, a command, and its answer. */
  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (GVariant) answer = NULL;

      bus_settle (&fixture->bus);
      answer = g_dbus_connection_call_sync (
          player->connection, "org.freedesktop.DBus", "/org/freedesktop/DBus",
          "org.freedesktop.DBus", "GetId", NULL, NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
      g_assert_nonnull (answer);
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
}

static void
start_both (Fixture *fixture)
{
  player_start (fixture, &fixture->music, "org.mpris.MediaPlayer2.music", "Playing");
  player_start (fixture, &fixture->video, "org.mpris.MediaPlayer2.video.instance7", "Paused");
}

/* Only what played is paused, and plays on. */
static void
test_plays_on (Fixture *fixture, gconstpointer data)
{
  start_both (fixture);
  whis_media_players_pause (fixture->players);
  bus_await (was_told (&fixture->music, "Pause "));
  settle (fixture, &fixture->video);
  whis_media_players_resume (fixture->players);
  bus_await (was_told (&fixture->music, "Pause Play "));
  settle (fixture, &fixture->video);
  g_assert_cmpstr (fixture->video.calls->str, ==, "");

  /* The next time is like the first one. */
  whis_media_players_pause (fixture->players);
  bus_await (was_told (&fixture->music, "Pause Play Pause "));
  settle (fixture, &fixture->music);
  whis_media_players_resume (fixture->players);
  bus_await (was_told (&fixture->music, "Pause Play Pause Play "));
}

/* Asked twice, it is paused once. */
static void
test_twice (Fixture *fixture, gconstpointer data)
{
  start_both (fixture);
  whis_media_players_pause (fixture->players);
  whis_media_players_pause (fixture->players);
  bus_await (was_told (&fixture->music, "Pause "));
  settle (fixture, &fixture->music);
  whis_media_players_resume (fixture->players);
  whis_media_players_resume (fixture->players);
  bus_await (was_told (&fixture->music, "Pause Play "));
  settle (fixture, &fixture->music);
  g_assert_cmpstr (fixture->music.calls->str, ==, "Pause Play ");
}

/* The user has started another one: two would play at once. */
static void
test_other_started (Fixture *fixture, gconstpointer data)
{
  start_both (fixture);
  whis_media_players_pause (fixture->players);
  bus_await (was_told (&fixture->music, "Pause "));
  settle (fixture, &fixture->music);
  player_set (&fixture->video, "Playing");
  settle (fixture, &fixture->video);
  whis_media_players_resume (fixture->players);
  settle (fixture, &fixture->music);
  g_assert_cmpstr (fixture->music.calls->str, ==, "Pause ");
}

/* The user has stopped it for good. */
static void
test_stopped (Fixture *fixture, gconstpointer data)
{
  start_both (fixture);
  whis_media_players_pause (fixture->players);
  bus_await (was_told (&fixture->music, "Pause "));
  settle (fixture, &fixture->music);
  player_set (&fixture->music, "Stopped");
  settle (fixture, &fixture->music);
  whis_media_players_resume (fixture->players);
  settle (fixture, &fixture->music);
  g_assert_cmpstr (fixture->music.calls->str, ==, "Pause ");
}

/* One that refuses to be paused was not paused. */
static void
test_refuses (Fixture *fixture, gconstpointer data)
{
  fixture->music.refuses = TRUE;
  start_both (fixture);
  whis_media_players_pause (fixture->players);
  bus_await (was_told (&fixture->music, "Pause "));
  settle (fixture, &fixture->music);
  whis_media_players_resume (fixture->players);
  settle (fixture, &fixture->music);
  g_assert_cmpstr (fixture->music.calls->str, ==, "Pause ");
}

/* The recording has ended before the player has answered: it plays on all the same. */
static void
test_answers_late (Fixture *fixture, gconstpointer data)
{
  fixture->music.holds = TRUE;
  start_both (fixture);
  whis_media_players_pause (fixture->players);
  bus_await (fixture->music.held != NULL);
  whis_media_players_resume (fixture->players);
  fixture->music.holds = FALSE;
  player_do (&fixture->music, "Pause", g_steal_pointer (&fixture->music.held));
  bus_await (was_told (&fixture->music, "Pause Play "));
  g_assert_cmpstr (fixture->music.status, ==, "Playing");
}

/* One that is found only after the recording is left alone. */
static void
test_too_late (Fixture *fixture, gconstpointer data)
{
  start_both (fixture);
  whis_media_players_pause (fixture->players);
  whis_media_players_resume (fixture->players);
  settle (fixture, &fixture->music);
  g_assert_cmpstr (fixture->music.calls->str, ==, "");
}

/* Started anew under its name it is another one, which the user has not heard playing. */
static void
test_another_of_its_name (Fixture *fixture, gconstpointer data)
{
  start_both (fixture);
  whis_media_players_pause (fixture->players);
  bus_await (was_told (&fixture->music, "Pause "));
  settle (fixture, &fixture->music);
  player_end (&fixture->music);
  player_start (fixture, &fixture->music, "org.mpris.MediaPlayer2.music", "Paused");
  whis_media_players_resume (fixture->players);
  settle (fixture, &fixture->music);
  g_assert_cmpstr (fixture->music.calls->str, ==, "");
}

/* What answers in another way than MPRIS has it, and what is no player, is left alone. */
static void
test_odd (Fixture *fixture, gconstpointer data)
{
  fixture->music.is_odd = TRUE;
  player_start (fixture, &fixture->music, "org.mpris.MediaPlayer2.odd", "Playing");
  player_start (fixture, &fixture->video, "org.mpris.MediaPlayer20", "Playing");
  whis_media_players_pause (fixture->players);
  settle (fixture, &fixture->music);
  settle (fixture, &fixture->video);
  whis_media_players_resume (fixture->players);
  g_assert_cmpstr (fixture->music.calls->str, ==, "");
  g_assert_cmpstr (fixture->video.calls->str, ==, "");
}

/* Whis ends while it records. */
static void
test_ends (Fixture *fixture, gconstpointer data)
{
  start_both (fixture);
  whis_media_players_pause (fixture->players);
  bus_await (was_told (&fixture->music, "Pause "));
  settle (fixture, &fixture->music);
  g_assert_finalize_object (g_steal_pointer (&fixture->players));
  bus_await (was_told (&fixture->music, "Pause Play "));
}

#define ADD(path, function)                                                                        \
  g_test_add ("/media-players/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("plays-on", test_plays_on);
  ADD ("twice", test_twice);
  ADD ("other-started", test_other_started);
  ADD ("stopped", test_stopped);
  ADD ("refuses", test_refuses);
  ADD ("answers-late", test_answers_late);
  ADD ("too-late", test_too_late);
  ADD ("another-of-its-name", test_another_of_its_name);
  ADD ("odd", test_odd);
  ADD ("ends", test_ends);

  return g_test_run ();
}
