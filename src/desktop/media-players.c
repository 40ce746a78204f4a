/* SPDX-License-Identifier: MIT */
#include "media-players.h"

#include <string.h>

/**
 * WhisMediaPlayers:
 *
 * Pauses the media players that play, and lets only those go on.
 *
 * The specification is MPRIS 2.2: every player has a name below `org.mpris.MediaPlayer2`. A player
 * that the user started or stopped meanwhile, or that has left, is not resumed, and if the user has
 * started any player meanwhile none is: two would play at once. The session bus is talked to only
 * between whis_media_players_pause() and whis_media_players_resume().
 */

#define NAME_PREFIX "org.mpris.MediaPlayer2."
#define PLAYER_PATH "/org/mpris/MediaPlayer2"
#define PLAYER_INTERFACE "org.mpris.MediaPlayer2.Player"

/* A player that hangs is not waited for. */
#define CALL_TIMEOUT_MS 2000

/* How far the pause of a player is. */
typedef enum
{
  PLAYER_ASKED = 1, /* whether it plays */
  PLAYER_PAUSING,   /* told to, and has not answered */
  PLAYER_PAUSED,
} PlayerState;

struct _WhisMediaPlayers
{
  GObject parent_instance;

  GDBusConnection *connection;
  GCancellable *cancellable; /* of one pause; nullable */
  GHashTable *players;       /* (element-type utf8 PlayerState): by unique name */
  guint n_looked_for;        /* calls that may name more players */
  guint subscription;
  gboolean played; /* the user has started a player meanwhile */
};

G_DEFINE_FINAL_TYPE (WhisMediaPlayers, whis_media_players, G_TYPE_OBJECT)

typedef struct
{
  WhisMediaPlayers *players;
  GCancellable *cancellable;
  char *name;
} Question;

static Question *
question_new (WhisMediaPlayers *players, const char *name)
{
  Question *question = g_new0 (Question, 1);

  question->players = g_object_ref (players);
  question->cancellable = g_object_ref (players->cancellable);
  question->name = g_strdup (name);

  return question;
}

static void
question_free (Question *question)
{
  g_object_unref (question->players);
  g_object_unref (question->cancellable);
  g_free (question->name);
  g_free (question);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, question_free)

static void
media_players_command (WhisMediaPlayers *self,
                       const char *name,
                       const char *method,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_dbus_connection_call (self->connection, name, PLAYER_PATH, PLAYER_INTERFACE, method, NULL, NULL,
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, CALL_TIMEOUT_MS, NULL, callback,
                          user_data);
}

static PlayerState
media_players_get_state (WhisMediaPlayers *self, const char *name)
{
  return (PlayerState) GPOINTER_TO_INT (g_hash_table_lookup (self->players, name));
}

static void
media_players_set_state (WhisMediaPlayers *self, const char *name, PlayerState state)
{
  g_hash_table_replace (self->players, g_strdup (name), GINT_TO_POINTER (state));
}

/* Recording may have ended before the answer: then it plays on at once. */
static void
paused_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Question) question = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result, &error);
  WhisMediaPlayers *self = question->players;

  if (answer == NULL)
    g_debug ("A media player cannot be paused: %s", error->message);
  if (g_cancellable_is_cancelled (question->cancellable))
    return;

  if (answer == NULL)
    g_hash_table_remove (self->players, question->name);
  else if (media_players_get_state (self, question->name) == PLAYER_PAUSING)
    media_players_set_state (self, question->name, PLAYER_PAUSED);
}

static void
status_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Question) question = user_data;
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result, NULL);
  g_autoptr (GVariant) status = NULL;
  WhisMediaPlayers *self = question->players;

  if (g_cancellable_is_cancelled (question->cancellable)
      || media_players_get_state (self, question->name) != PLAYER_ASKED)
    return;

  if (answer != NULL)
    g_variant_get (answer, "(v)", &status);
  if (status == NULL || !g_variant_is_of_type (status, G_VARIANT_TYPE_STRING)
      || !g_str_equal (g_variant_get_string (status, NULL), "Playing"))
    {
      g_hash_table_remove (self->players, question->name);
      return;
    }

  media_players_set_state (self, question->name, PLAYER_PAUSING);
  media_players_command (self, question->name, "Pause", paused_cb,
                         question_new (self, question->name));
}

static void
media_players_ask (WhisMediaPlayers *self, const char *name)
{
  /* It may have several names. */
  if (media_players_get_state (self, name) != 0)
    return;

  media_players_set_state (self, name, PLAYER_ASKED);
  g_dbus_connection_call (self->connection, name, PLAYER_PATH, "org.freedesktop.DBus.Properties",
                          "Get", g_variant_new ("(ss)", PLAYER_INTERFACE, "PlaybackStatus"),
                          G_VARIANT_TYPE ("(v)"), G_DBUS_CALL_FLAGS_NO_AUTO_START, CALL_TIMEOUT_MS,
                          NULL, status_cb, question_new (self, name));
}

/* Each player by its unique name: one that is started anew is another one. */
static void
owner_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Question) question = user_data;
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result, NULL);
  const char *owner;

  question->players->n_looked_for--;
  if (answer == NULL || g_cancellable_is_cancelled (question->cancellable))
    return;

  g_variant_get (answer, "(&s)", &owner);
  media_players_ask (question->players, owner);
}

static void
names_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Question) question = user_data;
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result, NULL);
  g_autofree const char **names = NULL;
  WhisMediaPlayers *self = question->players;

  self->n_looked_for--;
  if (answer == NULL || g_cancellable_is_cancelled (question->cancellable))
    return;

  g_variant_get (answer, "(^a&s)", &names);
  for (const char **name = names; *name != NULL; name++)
    if (g_str_has_prefix (*name, NAME_PREFIX))
      {
        self->n_looked_for++;
        g_dbus_connection_call (self->connection, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                "org.freedesktop.DBus", "GetNameOwner",
                                g_variant_new ("(s)", *name), G_VARIANT_TYPE ("(s)"),
                                G_DBUS_CALL_FLAGS_NONE, CALL_TIMEOUT_MS, NULL, owner_cb,
                                question_new (self, *name));
      }
}

/* A player that goes on after the last dictation may say so when the next one has begun. Until it
 * has paused again, that is no deed of the user. */
static gboolean
media_players_is_old_news (WhisMediaPlayers *self, const char *name)
{
  PlayerState state = media_players_get_state (self, name);

  return self->n_looked_for > 0 || state == PLAYER_ASKED || state == PLAYER_PAUSING;
}

static void
properties_cb (GDBusConnection *connection,
               const char *sender,
               const char *path,
               const char *interface,
               const char *signal,
               GVariant *parameters,
               gpointer user_data)
{
  WhisMediaPlayers *self = user_data;
  g_autoptr (GVariant) changed = NULL;
  const char *status = NULL;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(sa{sv}as)")))
    return;
  changed = g_variant_get_child_value (parameters, 1);
  if (!g_variant_lookup (changed, "PlaybackStatus", "&s", &status))
    return;
  if (g_str_equal (status, "Playing") && media_players_is_old_news (self, sender))
    return;

  if (g_str_equal (status, "Playing"))
    self->played = TRUE;
  if (!g_str_equal (status, "Paused"))
    g_hash_table_remove (self->players, sender);
}

/**
 * whis_media_players_pause:
 * @self: the players
 *
 * Pauses those that play.
 */
void
whis_media_players_pause (WhisMediaPlayers *self)
{
  g_return_if_fail (WHIS_IS_MEDIA_PLAYERS (self));

  if (self->cancellable != NULL)
    return;

  self->cancellable = g_cancellable_new ();
  self->played = FALSE;
  self->n_looked_for++;
  self->subscription = g_dbus_connection_signal_subscribe (
      self->connection, NULL, "org.freedesktop.DBus.Properties", "PropertiesChanged", PLAYER_PATH,
      PLAYER_INTERFACE, G_DBUS_SIGNAL_FLAGS_NONE, properties_cb, self, NULL);
  g_dbus_connection_call (self->connection, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                          "org.freedesktop.DBus", "ListNames", NULL, G_VARIANT_TYPE ("(as)"),
                          G_DBUS_CALL_FLAGS_NONE, CALL_TIMEOUT_MS, NULL, names_cb,
                          question_new (self, ""));
}

/**
 * whis_media_players_resume:
 * @self: the players
 *
 * Those that were paused play on, unless the user has done something about it.
 */
void
whis_media_players_resume (WhisMediaPlayers *self)
{
  GHashTableIter iter;
  gpointer name, state;

  g_return_if_fail (WHIS_IS_MEDIA_PLAYERS (self));

  if (self->cancellable == NULL)
    return;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_dbus_connection_signal_unsubscribe (self->connection, self->subscription);
  self->subscription = 0;
  g_hash_table_iter_init (&iter, self->players);
  while (!self->played && g_hash_table_iter_next (&iter, &name, &state))
    if (GPOINTER_TO_INT (state) != PLAYER_ASKED)
      media_players_command (self, name, "Play", NULL, NULL);
  g_hash_table_remove_all (self->players);
}

static void
whis_media_players_dispose (GObject *object)
{
  WhisMediaPlayers *self = WHIS_MEDIA_PLAYERS (object);

  if (self->connection != NULL)
    whis_media_players_resume (self);
  g_clear_object (&self->connection);

  G_OBJECT_CLASS (whis_media_players_parent_class)->dispose (object);
}

static void
whis_media_players_finalize (GObject *object)
{
  g_hash_table_unref (WHIS_MEDIA_PLAYERS (object)->players);

  G_OBJECT_CLASS (whis_media_players_parent_class)->finalize (object);
}

static void
whis_media_players_class_init (WhisMediaPlayersClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_media_players_dispose;
  G_OBJECT_CLASS (klass)->finalize = whis_media_players_finalize;
}

static void
whis_media_players_init (WhisMediaPlayers *self)
{
  self->players = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * whis_media_players_new:
 * @connection: the session bus
 *
 * Returns: (transfer full): the players of the session
 */
WhisMediaPlayers *
whis_media_players_new (GDBusConnection *connection)
{
  WhisMediaPlayers *self = g_object_new (WHIS_TYPE_MEDIA_PLAYERS, NULL);

  g_return_val_if_fail (G_IS_DBUS_CONNECTION (connection), NULL);

  self->connection = g_object_ref (connection);

  return self;
}
