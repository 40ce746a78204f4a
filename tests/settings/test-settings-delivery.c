/* SPDX-License-Identifier: MIT */
#include "settings.h"

#include "settings-private.h"

/* Where texts go, shortcuts, and what belongs to a dictation beside its text. */

typedef struct
{
  WhisSettings *settings;
  guint n_changes;
} Fixture;

static void
on_changed (Fixture *fixture)
{
  fixture->n_changes++;
}

/* They are in the memory of this program, and so those of the test before. */
static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSettings) settings = g_settings_new (WHIS_APP_ID);
  g_autoptr (GSettingsSchema) schema = NULL;
  g_auto (GStrv) keys = NULL;
  g_autoptr (GError) error = NULL;

  g_object_get (settings, "settings-schema", &schema, NULL);
  keys = g_settings_schema_list_keys (schema);
  for (guint i = 0; keys[i] != NULL; i++)
    g_settings_reset (settings, keys[i]);
  fixture->settings = whis_settings_new (&error);
  g_assert_no_error (error);
  g_signal_connect_swapped (fixture->settings, "changed", G_CALLBACK (on_changed), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->settings);
}

static void
parse (Fixture *fixture, const char *name, const char *text)
{
  g_autoptr (GError) error = NULL;

  whis_settings_parse (fixture->settings, name, text, &error);
  g_assert_no_error (error);
}

/* Nothing is asked of the desktop, and what was on the clipboard comes back. */
static void
test_defaults (Fixture *fixture, gconstpointer data)
{
  WhisSettings *settings = fixture->settings;

  g_assert_cmpstr (whis_settings_get_delivery (settings), ==, "insert");
  g_assert_cmpstr (whis_settings_get_spacing (settings), ==, "automatic");
  g_assert_cmpstr (whis_settings_get_portal_token (settings), ==, "");
  g_assert_false (whis_settings_get_portal_paste (settings));
  g_assert_false (whis_settings_get_ibus_commit (settings));
  g_assert_false (whis_settings_get_shortcuts_refused (settings));
  g_assert_true (whis_settings_get_restore_clipboard (settings));
  g_assert_true (whis_settings_get_clipboard_history (settings));
  g_assert_cmpuint (whis_settings_get_stop_after_silence (settings), ==, 0);
  g_assert_null (whis_settings_dup_shortcut (settings, "shortcut-toggle"));
}

/* Each is its own: what one says is in no other. */
static void
test_booleans (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *key;
    gboolean (*get) (WhisSettings *self);
  } cases[] = {
    { "restore-clipboard", whis_settings_get_restore_clipboard },
    { "clipboard-history", whis_settings_get_clipboard_history },
    { "portal-paste", whis_settings_get_portal_paste },
    { "ibus-commit", whis_settings_get_ibus_commit },
    { "cues", whis_settings_get_cues },
    { "pause-media", whis_settings_get_pause_media },
    { "shortcuts-refused", whis_settings_get_shortcuts_refused },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    parse (fixture, cases[i].key, "false");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      parse (fixture, cases[i].key, "true");
      for (gsize j = 0; j < G_N_ELEMENTS (cases); j++)
        g_assert_cmpint (cases[j].get (fixture->settings), ==, i == j);
      parse (fixture, cases[i].key, "false");
    }
}

/* What Whis sets itself is told once, and not where it was so already. */
static void
test_set_booleans (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    gboolean (*get) (WhisSettings *self);
    void (*set) (WhisSettings *self, gboolean value);
  } cases[] = {
    { whis_settings_get_endpoint, whis_settings_set_endpoint },
    { whis_settings_get_autostart, whis_settings_set_autostart },
    { whis_settings_get_model_offer, whis_settings_set_model_offer },
    { whis_settings_get_offer_shortcut, whis_settings_set_offer_shortcut },
    { whis_settings_get_offer_shell_extension, whis_settings_set_offer_shell_extension },
    { whis_settings_get_shortcuts_refused, whis_settings_set_shortcuts_refused },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gboolean before = cases[i].get (fixture->settings);

      fixture->n_changes = 0;
      cases[i].set (fixture->settings, before);
      g_assert_cmpuint (fixture->n_changes, ==, 0);
      cases[i].set (fixture->settings, !before);
      g_assert_cmpuint (fixture->n_changes, ==, 1);
      g_assert_cmpint (cases[i].get (fixture->settings), ==, !before);
    }
}

static void
test_texts (Fixture *fixture, gconstpointer data)
{
  WhisSettings *settings = fixture->settings;

  whis_settings_set_delivery (settings, "both");
  whis_settings_set_spacing (settings, "newline");
  whis_settings_set_portal_token (settings, "a-token");
  whis_settings_set_portal_token (settings, "a-token");
  g_assert_cmpuint (fixture->n_changes, ==, 3);
  g_assert_cmpstr (whis_settings_get_delivery (settings), ==, "both");
  g_assert_cmpstr (whis_settings_get_spacing (settings), ==, "newline");
  g_assert_cmpstr (whis_settings_get_portal_token (settings), ==, "a-token");
}

/* A program of which the user has said nothing gets what all get. */
static void
test_by_program (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *program;
    const char *delivery;
    const char *keys;
  } cases[] = {
    { "org.gnome.Terminal", "paste", "ctrl+shift+v" },
    /* X11 writes classes as it likes */
    { "ORG.gnome.TERMINAL", "paste", "ctrl+shift+v" },
    { "Emacs", "insert", "ctrl+v" },
    { "emacs-other", "insert", NULL },
    { "org.gnome.TextEditor", "insert", NULL },
    { "firefox", "copy", NULL },
    { "", "insert", NULL },
    { NULL, "insert", NULL },
  };

  parse (fixture, "delivery-by-program", "{'org.gnome.terminal': 'paste', 'firefox': 'copy'}");
  parse (fixture, "paste-shortcuts", "{'org.gnome.Terminal': 'ctrl+shift+v', 'emacs': 'ctrl+v'}");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *delivery =
          whis_settings_dup_delivery_for (fixture->settings, cases[i].program);
      g_autofree char *keys = whis_settings_dup_paste_keys (fixture->settings, cases[i].program);

      g_assert_cmpstr (delivery, ==, cases[i].delivery);
      g_assert_cmpstr (keys, ==, cases[i].keys);
    }
}

/* --- shortcuts -------------------------------------------------------------------------------- */

/* Whis writes one; a desktop's list may have more, or an empty one where there is none. */
static void
test_shortcut (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *list;
    const char *shortcut;
  } cases[] = {
    { "['<Super>h']", "<Super>h" },
    { "['<Super>h', '<Ctrl>space']", "<Super>h" },
    { "['']", NULL },
    { "['', '<Super>h']", NULL },
    { "@as []", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *shortcut = NULL;
      g_autofree char *other = NULL;

      parse (fixture, "shortcut-cancel", cases[i].list);
      shortcut = whis_settings_dup_shortcut (fixture->settings, "shortcut-cancel");
      other = whis_settings_dup_shortcut (fixture->settings, "shortcut-toggle");
      g_assert_cmpstr (shortcut, ==, cases[i].shortcut);
      g_assert_null (other);
    }
}

/* What is bound anew at each change is not bound anew without one. */
static void
test_set_shortcut (Fixture *fixture, gconstpointer data)
{
  g_autofree char *shortcut = NULL;

  whis_settings_set_shortcut (fixture->settings, "shortcut-toggle", NULL);
  g_assert_cmpuint (fixture->n_changes, ==, 0);
  whis_settings_set_shortcut (fixture->settings, "shortcut-toggle", "<Super>h");
  whis_settings_set_shortcut (fixture->settings, "shortcut-toggle", "<Super>h");
  g_assert_cmpuint (fixture->n_changes, ==, 1);
  shortcut = whis_settings_dup_shortcut (fixture->settings, "shortcut-toggle");
  g_assert_cmpstr (shortcut, ==, "<Super>h");
  whis_settings_set_shortcut (fixture->settings, "shortcut-toggle", NULL);
  g_assert_cmpuint (fixture->n_changes, ==, 2);
  g_assert_null (whis_settings_dup_shortcut (fixture->settings, "shortcut-toggle"));
}

/* As the method Start of the D-Bus interface takes them. */
static void
test_alternative (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) none = whis_settings_dup_alternative_options (fixture->settings);
  g_autoptr (GVariant) options = NULL;
  const char *text = NULL;

  g_assert_true (g_variant_is_of_type (none, G_VARIANT_TYPE_VARDICT));
  g_assert_cmpuint (g_variant_n_children (none), ==, 0);
  parse (fixture, "alternative-options", "{'language': 'fr', 'provider': 'groq'}");
  options = whis_settings_dup_alternative_options (fixture->settings);
  g_assert_false (g_variant_is_floating (options));
  g_assert_cmpuint (g_variant_n_children (options), ==, 2);
  g_assert_true (g_variant_lookup (options, "language", "&s", &text));
  g_assert_cmpstr (text, ==, "fr");
  g_assert_true (g_variant_lookup (options, "provider", "&s", &text));
  g_assert_cmpstr (text, ==, "groq");
}

/* --- entries of services ---------------------------------------------------------------------- */

/* What another program wrote: two entries of one name, of which one stays. */
static void
test_map_set (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *map;
    const char *value;
    const char *changed;
  } cases[] = {
    { "@a{ss} {}", "'one'", "{'a': 'one'}" },
    { "{'a': 'one', 'b': 'two'}", "'three'", "{'b': 'two', 'a': 'three'}" },
    { "{'a': 'one', 'b': 'two', 'a': 'four'}", "'three'", "{'b': 'two', 'a': 'three'}" },
    { "{'a': 'one', 'b': 'two', 'a': 'four'}", NULL, "{'b': 'two'}" },
    { "{'b': 'two'}", NULL, "{'b': 'two'}" },
    { "@a{ss} {}", NULL, "@a{ss} {}" },
    { "{'A': 'one'}", "'two'", "{'A': 'one', 'a': 'two'}" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GVariant) map = g_variant_ref_sink (g_variant_new_parsed (cases[i].map));
      GVariant *value = cases[i].value != NULL ? g_variant_new_parsed (cases[i].value) : NULL;
      g_autoptr (GVariant) changed = g_variant_ref_sink (whis_settings_map_set (map, "a", value));
      g_autofree char *printed = g_variant_print (changed, g_variant_n_children (changed) == 0);

      g_assert_cmpstr (printed, ==, cases[i].changed);
    }
}

#define ADD(path, function)                                                                        \
  g_test_add ("/settings-delivery/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("defaults", test_defaults);
  ADD ("booleans", test_booleans);
  ADD ("booleans/set", test_set_booleans);
  ADD ("texts", test_texts);
  ADD ("by-program", test_by_program);
  ADD ("shortcut", test_shortcut);
  ADD ("shortcut/set", test_set_shortcut);
  ADD ("shortcut/alternative", test_alternative);
  ADD ("map-set", test_map_set);

  return g_test_run ();
}
