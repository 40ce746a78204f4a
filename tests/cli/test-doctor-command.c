/* SPDX-License-Identifier: MIT */
#include "scripted-service.h"

#include <glib/gstdio.h>
#include <string.h>

/* `whis doctor`: a line for each part of a session, and whether dictating works. */

#define GROQ                                                                                       \
  "([{'id': <'custom'>, 'name': <'Own server'>, 'needs-key': <false>}, "                           \
  "{'id': <'groq'>, 'name': <'Groq'>, 'needs-key': <true>, 'key-source': <'keyring'>}],)"
#define DESK "([{'id': <'desk'>, 'name': <'Desk'>, 'default': <true>}],)"

/* A session in which everything is there, and a dictation that records. */
static ScriptedService *
open_session (void)
{
  ScriptedService *service = scripted_service_new ();
  g_autofree char *program = scripted_service_dup_path (service, "xclip");
  g_autofree char *directory = g_path_get_dirname (program);

  g_assert_true (g_file_set_contents (program, "#!/bin/sh\n", -1, NULL));
  g_assert_cmpint (g_chmod (program, 0755), ==, 0);
  scripted_service_setenv (service, "PATH", directory);
  scripted_service_setenv (service, "DISPLAY", ":nobody-looks");
  scripted_service_set (service, "State", "'recording'");
  scripted_service_set (service, "Tray", "true");
  scripted_service_answer (service, "ListMicrophones", DESK);
  scripted_service_answer (service, "ListProviders", GROQ);
  scripted_service_answer (service, "Delivery.Describe", "([('x11', true, '')],)");
  scripted_service_answer (service, "Shortcuts.Describe",
                           "({'backend': <'x11'>, 'triggers': <{'toggle': 'Super+H'}>},)");

  return service;
}

/* The settings as another program writes them. */
static void
set (ScriptedService *service, const char *key, const char *value)
{
  g_autofree char *path = scripted_service_dup_path (service, "glib-2.0/settings/keyfile");
  g_autofree char *directory = g_path_get_dirname (path);
  g_autofree char *text = g_strdup_printf ("[io/github/whis_gtk/Whis]\n%s='%s'\n", key, value);

  g_assert_cmpint (g_mkdir_with_parents (directory, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

/* The lines about one thing. */
static char *
find_lines (const char *output, const char *about)
{
  g_autofree char *wanted = g_strconcat (" ", about, ": ", NULL);
  g_auto (GStrv) lines = g_strsplit (output, "\n", -1);
  GString *found = g_string_new (NULL);

  for (char **line = lines; *line != NULL; line++)
    if (strstr (*line, wanted) != NULL)
      g_string_append_printf (found, "%s\n", *line);

  return g_string_free (found, FALSE);
}

static void
check (ScriptedService *service,
       const char *command,
       int status,
       const char *about,
       const char *expected)
{
  g_autofree char *lines = NULL;

  scripted_service_run (service, command, NULL);
  lines = find_lines (service->out, about);
  g_assert_cmpstr (lines, ==, expected);
  g_assert_cmpstr (service->err, ==, "");
  g_assert_cmpint (service->status, ==, status);
}

static GDBusConnection *
own_secrets (void)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *keyring =
      g_dbus_connection_new_for_address_sync (g_getenv ("DBUS_SESSION_BUS_ADDRESS"),
                                              G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
                                                  | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                              NULL, NULL, &error);
  g_autoptr (GVariant) reply = NULL;

  g_assert_no_error (error);
  reply = g_dbus_connection_call_sync (keyring, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                       "org.freedesktop.DBus", "RequestName",
                                       g_variant_new ("(su)", "org.freedesktop.secrets", 0), NULL,
                                       G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);

  return keyring;
}

static void
test_all_is_well (void)
{
  static const ScriptedCase cases[] = {
    { "doctor", 0,
      "ok       Microphone: Desk; it records.\n"
      "ok       Recogniser: Groq, and its key is there.\n"
      "note     Recogniser: whether it answers is asked with --online.\n"
      "ok       Insertion: x11\n"
      "ok       Clipboard: xclip\n"
      "ok       Shortcuts: toggle: Super+H (x11)\n"
      "ok       Icon: a panel shows it.\n"
      "ok       Keyring: keys are stored in it.\n",
      "", NULL },
  };
  g_autoptr (ScriptedService) service = open_session ();
  g_autoptr (GDBusConnection) keyring = own_secrets ();

  set (service, "provider", "groq");
  scripted_service_set (service, "KeyringAvailable", "true");
  scripted_service_check (service, cases, 1);
  /* Nothing has left this computer. */
  g_assert_null (strstr (service->calls->str, "ListModels"));
  g_dbus_connection_close_sync (keyring, NULL, NULL);
}

/* In a session without anything, by an older service: what is missing and what to do. */
static void
test_nothing_is_there (void)
{
  static const ScriptedCase cases[] = {
    { "doctor", 1,
      "PROBLEM  Microphone: there is none; plug one in.\n"
      "PROBLEM  Recogniser: there is no model on this computer; “whis models local” lists them, "
      "“whis model fetch NAME” gets one.\n"
      "note     Insertion: none; texts go to the clipboard, paste them yourself.\n"
      "PROBLEM  Clipboard: there is no display here; run “whis doctor” in the desktop's session.\n"
      "note     Shortcuts: none; bind “whis toggle” to a key in the settings of the desktop.\n"
      "note     Icon: no panel shows it; GNOME needs the AppIndicator extension. The window and "
      "“whis toggle” work without.\n"
      "note     Keyring: there is none, so keys are forgotten when Whis ends; install "
      "gnome-keyring "
      "or KWallet.\n",
      "", NULL },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_answer (service, "ListMicrophones", "(@aa{sv} [],)");
  scripted_service_refuse (service, "Delivery.Describe", "org.freedesktop.DBus.Error.UnknownMethod",
                           "No such interface");
  scripted_service_refuse (service, "Shortcuts.Describe",
                           "org.freedesktop.DBus.Error.UnknownInterface", "No such interface");
  scripted_service_check (service, cases, G_N_ELEMENTS (cases));
}

static void
test_recogniser (void)
{
  g_autoptr (ScriptedService) service = open_session ();

  set (service, "provider", "custom");
  check (service, "doctor", 0, "Recogniser",
         "ok       Recogniser: Own server\n"
         "note     Recogniser: whether it answers is asked with --online.\n");
  set (service, "provider", "offline");
  check (service, "doctor", 1, "Recogniser",
         "PROBLEM  Recogniser: there is no model on this computer; “whis models local” lists them, "
         "“whis model fetch NAME” gets one.\n");
  scripted_service_set (service, "Current", "'parakeet'");
  check (service, "doctor", 0, "Recogniser",
         "ok       Recogniser: this computer, with parakeet.\n");
  set (service, "provider", "groq");
  scripted_service_answer (
      service, "ListProviders",
      "([{'id': <'groq'>, 'name': <'Groq'>, 'needs-key': <true>, 'key-source': <''>}],)");
  check (service, "doctor", 1, "Recogniser",
         "PROBLEM  Recogniser: Groq has no key; “whis key set groq” adds one.\n");
}

/* With it nothing can be recognised, whoever wrote it. */
static void
test_unknown_provider (void)
{
  g_autoptr (ScriptedService) service = open_session ();

  set (service, "provider", "gone");
  check (service, "doctor", 1, "Recogniser",
         "PROBLEM  Recogniser: there is no transcription service “gone”, which the settings name; "
         "“whis providers” lists them, “whis settings provider NAME” chooses one.\n");
}

static void
test_online (void)
{
  g_autoptr (ScriptedService) service = open_session ();

  set (service, "provider", "groq");
  scripted_service_answer (service, "ListModels", "([],)");
  check (service, "doctor --online", 0, "Recogniser",
         "ok       Recogniser: Groq, and its key is there.\n"
         "ok       Recogniser: Groq answers.\n");
  g_assert_nonnull (strstr (service->calls->str, "ListModels('groq')"));
  /* The lines for programs are not for people. */
  scripted_service_refuse (service, "ListModels", "Key",
                           "Groq does not know this key.\ncode: key-wrong\nkept: nothing");
  check (service, "doctor --online", 1, "Recogniser",
         "ok       Recogniser: Groq, and its key is there.\n"
         "PROBLEM  Recogniser: Groq: Groq does not know this key.\n");
}

/* Sentences of the service are for users, what D-Bus says is not. */
static void
test_refused (void)
{
  static const struct
  {
    const char *method;
    const char *about;
    const char *mark;
    int status;
  } cases[] = {
    { "ListMicrophones", "Microphone", "PROBLEM", 1 },
    { "ListProviders", "Recogniser", "PROBLEM", 1 },
    { "Delivery.Describe", "Insertion", "note   ", 0 },
    { "Shortcuts.Describe", "Shortcuts", "note   ", 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (ScriptedService) service = open_session ();
      g_autofree char *own =
          g_strdup_printf ("%s  %s: It is in use.\n", cases[i].mark, cases[i].about);
      g_autofree char *foreign =
          g_strdup_printf ("%s  %s: Whis did not answer; start it again if this stays so.\n",
                           cases[i].mark, cases[i].about);

      set (service, "provider", "groq");
      scripted_service_refuse (service, cases[i].method, "Device", "It is in use.");
      check (service, "doctor", cases[i].status, cases[i].about, own);
      scripted_service_refuse (service, cases[i].method, "org.freedesktop.DBus.Error.NoReply",
                               "Message recipient disconnected from message bus");
      check (service, "doctor", cases[i].status, cases[i].about, foreign);
    }
}

/* One that nobody uses is opened: that it is listed does not mean that it can be. */
static void
test_microphone (void)
{
  g_autoptr (ScriptedService) service = open_session ();

  scripted_service_set (service, "Current", "'parakeet'");
  scripted_service_set (service, "State", "'idle'");
  scripted_service_set (service, "Level", "-100.0");
  scripted_service_change (service, "WatchInput", "Level", "-42.0");
  check (service, "doctor", 0, "Microphone", "ok       Microphone: Desk can be opened.\n");
  g_assert_nonnull (strstr (service->calls->str, "WatchInput('', true)\nWatchInput('', false)\n"));

  scripted_service_refuse (service, "WatchInput", "Device", "It is in use.\nkept: nothing");
  check (service, "doctor", 1, "Microphone", "PROBLEM  Microphone: Desk: It is in use.\n");
  g_assert_null (strstr (service->calls->str, "WatchInput('', false)"));

  set (service, "microphone", "headset");
  check (service, "doctor", 1, "Microphone",
         "PROBLEM  Microphone: the one of the settings is not there; plug it in, or choose another "
         "one.\n");
}

/* Without a clipboard a text is lost where none is inserted either. */
static void
test_clipboard (void)
{
  static const char *const displays[] = { "DISPLAY", "WAYLAND_DISPLAY" };
  static const char *const packages[] = { "xclip", "wl-clipboard" };

  for (gsize i = 0; i < G_N_ELEMENTS (displays); i++)
    {
      g_autoptr (ScriptedService) service = open_session ();
      g_autofree char *sentence = g_strdup_printf (
          "Clipboard: neither by wl-copy nor by xclip; install the package “%s”.\n", packages[i]);
      g_autofree char *note = g_strconcat ("note     ", sentence, NULL);
      g_autofree char *problem = g_strconcat ("PROBLEM  ", sentence, NULL);

      set (service, "provider", "groq");
      scripted_service_setenv (service, "PATH", "/nonexistent");
      scripted_service_setenv (service, displays[i], "nobody-looks");
      check (service, "doctor", 0, "Clipboard", note);
      scripted_service_answer (service, "Delivery.Describe", "([('x11', false, 'Not here.')],)");
      check (service, "doctor", 1, "Clipboard", problem);
      check (service, "doctor", 1, "Insertion",
             "note     Insertion: not by x11: Not here.\n"
             "note     Insertion: none; texts go to the clipboard, paste them yourself.\n");
    }
}

static void
test_shortcuts (void)
{
  g_autoptr (ScriptedService) service = open_session ();

  set (service, "provider", "groq");
  scripted_service_answer (service, "Shortcuts.Describe",
                           "({'backend': <'portal'>, 'triggers': <@a{ss} {}>, "
                           "'problem': <'Another program has Super+J.'>},)");
  check (service, "doctor", 0, "Shortcuts", "note     Shortcuts: Another program has Super+J.\n");
  scripted_service_answer (service, "Shortcuts.Describe", "({'backend': <''>},)");
  check (service, "doctor", 0, "Shortcuts",
         "note     Shortcuts: nothing here can bind them; bind “whis toggle” in the compositor's "
         "configuration.\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* Settings are to be there for the next command. */
  g_setenv ("GSETTINGS_BACKEND", "keyfile", TRUE);

  g_test_add_func ("/doctor-command/all-is-well", test_all_is_well);
  g_test_add_func ("/doctor-command/nothing-is-there", test_nothing_is_there);
  g_test_add_func ("/doctor-command/recogniser", test_recogniser);
  g_test_add_func ("/doctor-command/unknown-provider", test_unknown_provider);
  g_test_add_func ("/doctor-command/online", test_online);
  g_test_add_func ("/doctor-command/refused", test_refused);
  g_test_add_func ("/doctor-command/microphone", test_microphone);
  g_test_add_func ("/doctor-command/clipboard", test_clipboard);
  g_test_add_func ("/doctor-command/shortcuts", test_shortcuts);

  return g_test_run ();
}
