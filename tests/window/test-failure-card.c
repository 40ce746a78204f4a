/* SPDX-License-Identifier: MIT */
/* The card that says what went wrong: what it says for each failure, and what can be done about it.
 */
#include "home-fixture.h"

#include "failure-card.h"

static void
fail (const char *id, const char *code, const char *message, const char *kept, gboolean resumable)
{
  mock_emit ("Failed", g_variant_new ("(ssssb)", id, code, message, kept, resumable));
}

static gboolean
is_card_shown (Home *home)
{
  return whis_failure_card_is_shown (WHIS_FAILURE_CARD (home->failure));
}

static gboolean
looks_like_fault (Home *home)
{
  return gtk_widget_has_css_class (mock_child (home->failure, "card"), "fault");
}

/* What was kept is said beside what went wrong, and nothing is said of nothing. */
static void
test_kept (Home *home, gconstpointer data)
{
  static const struct
  {
    const char *kept;
    const char *sentence;
  } cases[] = {
    { "sound", "The sound is kept." },
    { "text sound", "The text is kept in the history. The sound is kept." },
    { "retried", "The sound is kept, and Whis tries again by itself." },
    { "awaits-model", "The sound is kept, and is recognised when a model has come." },
    { "part-copied", "What was understood is on the clipboard, with a mark where a part is "
                     "missing." },
    { "", "" },
    { "something-newer", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *message = g_strdup_printf ("Failure %" G_GSIZE_FORMAT ".", i);

      fail ("d1", "network", message, cases[i].kept, FALSE);
      AWAIT (failure_says (home->failure, message));
      g_assert_cmpstr (label_of (home->failure, "kept"), ==, cases[i].sentence);
      g_assert_cmpint (is_shown (home->failure, "kept"), ==, *cases[i].sentence != '\0');
    }
}

/* Silence is no failure, and neither is a model that is still to come. */
static void
test_colour (Home *home, gconstpointer data)
{
  static const struct
  {
    const char *code;
    gboolean fault;
  } cases[] = {
    { "network", TRUE },   { "no-speech", FALSE }, { "service-down", TRUE },
    { "no-model", FALSE }, { "money", TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      fail ("d1", cases[i].code, cases[i].code, "", FALSE);
      AWAIT (failure_says (home->failure, cases[i].code));
      g_assert_cmpint (looks_like_fault (home), ==, cases[i].fault);
      g_assert_cmpstr (gtk_image_get_icon_name (mock_child (home->failure, "icon")), ==,
                       cases[i].fault ? "dialog-error-symbolic" : "dialog-information-symbolic");
    }
}

/* Only where another try can help is one offered, of that very dictation. */
static void
test_again (Home *home, gconstpointer data)
{
  fail ("h4", "network", "There is no network.", "sound", TRUE);
  AWAIT (failure_says (home->failure, "There is no network."));
  g_assert_true (is_shown (home->failure, "again"));
  click (mock_child (home->failure, "again"));
  AWAIT (mock_was_called ("Resume h4 {}"));
  g_assert_false (is_card_shown (home));

  fail ("h5", "no-speech", "No speech heard.", "", FALSE);
  AWAIT (failure_says (home->failure, "No speech heard."));
  g_assert_false (is_shown (home->failure, "again"));
}

/* The other try cannot begin: the card is back, and says why. */
static void
test_again_is_refused (Home *home, gconstpointer data)
{
  fail ("gone", "network", "There is no network.", "sound", TRUE);
  AWAIT (is_shown (home->failure, "again") && is_card_shown (home));
  click (mock_child (home->failure, "again"));
  AWAIT (failure_says (home->failure, "There is nothing to finish."));
  g_assert_false (is_shown (home->failure, "again"));
}

/* A wrong key is mended in the preferences, and nowhere else. */
static void
test_keys (Home *home, gconstpointer data)
{
  static const struct
  {
    const char *code;
    gboolean offered;
  } cases[] = {
    { "key-missing", TRUE }, { "network", FALSE },   { "key-wrong", TRUE },
    { "money", FALSE },      { "permission", TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      fail ("d1", cases[i].code, cases[i].code, "", FALSE);
      AWAIT (failure_says (home->failure, cases[i].code));
      g_assert_cmpint (is_shown (home->failure, "keys"), ==, cases[i].offered);
    }
  g_assert_cmpstr (gtk_actionable_get_action_name (mock_child (home->failure, "keys")), ==,
                   "app.api-keys");
}

/* The offer to undo tells of a cancellation; the card does not do it again. */
static void
test_cancelled (Home *home, gconstpointer data)
{
  fail ("d1", "cancelled", "The dictation was cancelled.", "sound", TRUE);
  mock_set ("Elapsed", g_variant_new_uint64 (5000));
  AWAIT (g_str_equal (label_of (home->recorder, "elapsed"), "0:05"));
  g_assert_false (is_card_shown (home));
}

static GtkWidget *
find_dismiss (GtkWidget *root)
{
  if (GTK_IS_BUTTON (root)
      && g_strcmp0 (gtk_button_get_icon_name (GTK_BUTTON (root)), "window-close-symbolic") == 0)
    return root;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_dismiss (child);

      if (found != NULL)
        return found;
    }

  return NULL;
}

/* It stays until it is dismissed, and then does not come back by itself. */
static void
test_dismiss (Home *home, gconstpointer data)
{
  fail ("d1", "network", "There is no network.", "", FALSE);
  AWAIT (failure_says (home->failure, "There is no network."));
  mock_set ("Message", g_variant_new_string (""));
  home_set_state (home, "idle");
  g_assert_true (is_card_shown (home));

  click (find_dismiss (home->failure));
  g_assert_false (is_card_shown (home));
  home_set_state (home, "done");
  g_assert_false (is_card_shown (home));
}

static gboolean
tab_reaches (Home *home, GtkWidget *wanted)
{
  GtkRoot *root = GTK_ROOT (home->window);

  gtk_widget_grab_focus (mock_child (home->recorder, "button"));
  for (guint i = 0; i < 20; i++)
    {
      if (gtk_root_get_focus (root) == wanted)
        return TRUE;
      gtk_widget_child_focus (GTK_WIDGET (root), GTK_DIR_TAB_FORWARD);
    }

  return FALSE;
}

/* What is folded away is not reached by Tab. */
static void
test_hidden_takes_no_focus (Home *home, gconstpointer data)
{
  GtkWidget *dismiss = find_dismiss (home->failure);

  fail ("d1", "key-wrong", "The key is wrong.", "", TRUE);
  AWAIT (failure_says (home->failure, "The key is wrong."));
  home_await_frames (home, 3);
  g_assert_true (tab_reaches (home, dismiss));
  click (dismiss);
  g_assert_false (tab_reaches (home, dismiss));
}

/* The next dictation begins without the last one's failure. */
static void
test_recording_hides (Home *home, gconstpointer data)
{
  fail ("d1", "network", "There is no network.", "", FALSE);
  AWAIT (failure_says (home->failure, "There is no network."));
  home_set_state (home, "recording");
  g_assert_false (is_card_shown (home));
}

/* The message comes as a property too: what was kept and the button are not lost by that. */
static void
test_message_repeats (Home *home, gconstpointer data)
{
  fail ("h4", "network", "There is no network.", "sound", TRUE);
  AWAIT (failure_says (home->failure, "There is no network."));
  mock_set ("Message", g_variant_new_string ("There is no network."));
  mock_set ("Elapsed", g_variant_new_uint64 (7000));
  AWAIT (g_str_equal (label_of (home->recorder, "elapsed"), "0:07"));
  g_assert_true (is_shown (home->failure, "again"));
  g_assert_cmpstr (label_of (home->failure, "kept"), ==, "The sound is kept.");
}

/* A remark goes when its reason does; a failure stays. */
static void
test_remark_goes (Home *home, gconstpointer data)
{
  mock_set ("Message", g_variant_new_string ("The second service is used."));
  AWAIT (failure_says (home->failure, "The second service is used."));
  g_assert_false (looks_like_fault (home));
  mock_set ("Message", g_variant_new_string (""));
  AWAIT (!is_card_shown (home));

  mock_set ("Code", g_variant_new_string ("network"));
  mock_set ("Message", g_variant_new_string ("There is no network."));
  AWAIT (failure_says (home->failure, "There is no network."));
  g_assert_true (looks_like_fault (home));
  mock_set ("Message", g_variant_new_string (""));
  mock_set ("Elapsed", g_variant_new_uint64 (9000));
  AWAIT (g_str_equal (label_of (home->recorder, "elapsed"), "0:09"));
  g_assert_true (is_card_shown (home));
}

/* A sentence with characters that mean something in markup is shown as it is. */
static void
test_no_markup (Home *home, gconstpointer data)
{
  fail ("d1", "bad-answer", "The service said <b>no</b> & more.", "", FALSE);
  AWAIT (failure_says (home->failure, "The service said <b>no</b> & more."));
}

/* What D-Bus adds to an error is not for the user. */
static void
test_error_of_call (Home *home, gconstpointer data)
{
  mock_fail_next ("Toggle", "Device", "The microphone cannot be opened.");
  home_act (home, "win.toggle");
  AWAIT (failure_says (home->failure, "The microphone cannot be opened."));
  g_assert_true (looks_like_fault (home));

  /* A service that does not answer has no sentence of its own. */
  mock_fail_next ("Toggle", "org.freedesktop.DBus.Error.NoReply", "Did not receive a reply.");
  home_act (home, "win.toggle");
  AWAIT (failure_says (home->failure, "Whis did not answer; start it again if this stays so."));
}

#define ADD(path, function)                                                                        \
  g_test_add ("/window/failure-card/" path, Home, NULL, home_set_up, function, home_tear_down)

int
main (int argc, char *argv[])
{
  mock_init (&argc, &argv);

  ADD ("kept", test_kept);
  ADD ("colour", test_colour);
  ADD ("again", test_again);
  ADD ("again-is-refused", test_again_is_refused);
  ADD ("keys", test_keys);
  ADD ("cancelled", test_cancelled);
  ADD ("dismiss", test_dismiss);
  ADD ("hidden-takes-no-focus", test_hidden_takes_no_focus);
  ADD ("recording-hides", test_recording_hides);
  ADD ("message-repeats", test_message_repeats);
  ADD ("remark-goes", test_remark_goes);
  ADD ("no-markup", test_no_markup);
  ADD ("error-of-call", test_error_of_call);

  return g_test_run ();
}
