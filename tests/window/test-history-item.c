/* SPDX-License-Identifier: MIT */
/* An entry of the history as a row of the list, and the line that says what became of it. */
#include "mock.h"

#include "entry-details.h"
#include "history-item.h"
#include "history-row.h"

static WhisHistoryItem *
parse (const char *description)
{
  return whis_history_item_new (g_variant_new_parsed (description));
}

static const char *
label (gpointer row, const char *name)
{
  return gtk_label_get_text (mock_child (row, name));
}

static WhisHistoryRow *
create_row (WhisHistoryItem *entry)
{
  GtkWidget *row = g_object_ref_sink (whis_history_row_new ());

  whis_history_row_set_entry (WHIS_HISTORY_ROW (row), entry);
  return WHIS_HISTORY_ROW (row);
}

static void
test_states (void)
{
  static const struct
  {
    const char *state;
    const char *code;
    const char *label;
    const char *icon;
  } cases[] = {
    { "done", "", "", "content-loading-symbolic" },
    { "idle", "", "", "content-loading-symbolic" },
    { "starting", "", "Recording", "media-record-symbolic" },
    { "recording", "", "Recording", "media-record-symbolic" },
    { "transcribing", "", "Transcribing…", "content-loading-symbolic" },
    { "delivering", "", "Transcribing…", "content-loading-symbolic" },
    { "waiting", "network", "Waiting", "network-offline-symbolic" },
    { "interrupted", "", "Interrupted", "dialog-warning-symbolic" },
    { "cancelled", "", "Cancelled", "process-stop-symbolic" },
    { "failed", "key-wrong", "Failed", "dialog-error-symbolic" },
    { "failed", "no-speech", "No speech heard", "microphone-sensitivity-muted-symbolic" },
    /* Only what has failed is called silent, and a state that is not known is none. */
    { "waiting", "no-speech", "Waiting", "network-offline-symbolic" },
    { "of-next-year", "", "", "content-loading-symbolic" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (WhisHistoryItem) entry = whis_history_item_new (g_variant_new_parsed (
          "{'id': <'a'>, 'state': <%s>, 'code': <%s>}", cases[i].state, cases[i].code));

      g_test_message ("%s, %s", cases[i].state, cases[i].code);
      g_assert_cmpstr (whis_history_item_get_state_label (entry), ==, cases[i].label);
      g_assert_cmpstr (whis_history_item_get_state_icon (entry), ==, cases[i].icon);
    }
}

/* What is not there, or is of a type that a newer service may give it, is empty. */
static void
test_unknown (void)
{
  g_autoptr (WhisHistoryItem) unknown = whis_history_item_new (NULL);
  g_autoptr (WhisHistoryItem) odd =
      parse ("{'id': <5>, 'marked': <'yes'>, 'created': <'now'>, 'length': <-1>, 'state': <true>}");

  g_assert_false (whis_history_item_is_known (unknown));
  g_assert_cmpstr (whis_history_item_get_string (unknown, "id"), ==, "");
  g_assert_cmpstr (whis_history_item_get_state_label (unknown), ==, "");
  g_assert_true (whis_history_item_is_known (odd));
  g_assert_cmpstr (whis_history_item_get_string (odd, "id"), ==, "");
  g_assert_false (whis_history_item_get_flag (odd, "marked"));
  g_assert_cmpint (whis_history_item_get_created (odd), ==, 0);
  g_assert_cmpuint (whis_history_item_get_length (odd), ==, 0);
  g_assert_cmpint (whis_history_item_get_state (odd), ==, WHIS_DICTATION_STATE_IDLE);
}

static void
count_cb (guint *count)
{
  (*count)++;
}

/* What is read again and is the same makes nothing move. */
static void
test_changed (void)
{
  g_autoptr (WhisHistoryItem) entry = whis_history_item_new (NULL);
  guint count = 0;

  g_signal_connect_swapped (entry, "changed", G_CALLBACK (count_cb), &count);
  whis_history_item_update (entry, g_variant_new_parsed ("{'id': <'a'>, 'marked': <true>}"));
  g_assert_cmpuint (count, ==, 1);
  whis_history_item_update (entry, g_variant_new_parsed ("{'id': <'a'>, 'marked': <true>}"));
  g_assert_cmpuint (count, ==, 1);
  whis_history_item_update (entry, g_variant_new_parsed ("{'id': <'a'>, 'marked': <false>}"));
  g_assert_cmpuint (count, ==, 2);
  g_assert_false (whis_history_item_get_flag (entry, "marked"));
}

/* The first words on one line, and nothing in them is markup. */
static void
test_row_text (void)
{
  static const struct
  {
    const char *text;
    const char *shown;
    gboolean dim;
  } cases[] = {
    { "One\nline\r\nand\tmore", "One line  and more", FALSE },
    { "  <b>bold</b> & _more_ ", "<b>bold</b> & _more_", FALSE },
    { " \n\t ", "No text yet", TRUE },
    { "", "No text yet", TRUE },
    { "שלום לכולם", "שלום לכולם", FALSE },
  };
  g_autoptr (WhisHistoryItem) entry = whis_history_item_new (NULL);
  WhisHistoryRow *row = create_row (entry);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      whis_history_item_update (entry, g_variant_new_parsed ("{'id': <'a'>, 'state': <'waiting'>, "
                                                             "'text': <%s>}",
                                                             cases[i].text));
      g_assert_cmpstr (label (row, "text"), ==, cases[i].shown);
      g_assert_cmpint (gtk_widget_has_css_class (mock_child (row, "text"), "dim-label"), ==,
                       cases[i].dim);
    }
  g_assert_finalize_object (row);
}

static void
test_row_file (void)
{
  g_autoptr (WhisHistoryItem) entry =
      parse ("{'id': <'a'>, 'length': <uint64 3723000>, 'provider': <'offline'>,"
             " 'name': <'<i>R&D</i>.ogg'>, 'state': <'done'>}");
  WhisHistoryRow *row = create_row (entry);

  g_assert_cmpstr (label (row, "details"), ==, "1:02:03 · Offline · <i>R&D</i>.ogg");
  g_assert_finalize_object (row);
}

/* A list has few rows for many entries: nothing of the one before is left in a row. */
static void
test_row_is_used_again (void)
{
  g_autoptr (WhisHistoryItem) failed =
      parse ("{'id': <'a'>, 'state': <'failed'>, 'code': <'network'>, 'marked': <true>,"
             " 'name': <'a.ogg'>, 'provider': <'openai'>}");
  g_autoptr (WhisHistoryItem) done =
      parse ("{'id': <'b'>, 'state': <'done'>, 'text': <'Words'>, 'provider': <'groq'>}");
  g_autoptr (WhisHistoryItem) unknown = whis_history_item_new (NULL);
  WhisHistoryRow *row = create_row (failed);

  g_assert_true (gtk_widget_has_css_class (mock_child (row, "state"), "error"));
  whis_history_row_set_entry (row, done);
  g_assert_false (gtk_widget_has_css_class (mock_child (row, "state"), "error"));
  g_assert_false (gtk_widget_get_visible (mock_child (row, "state")));
  g_assert_false (gtk_widget_get_visible (mock_child (row, "marked")));
  g_assert_cmpstr (label (row, "details"), ==, "0:00 · Groq");

  /* Of one that is on its way nothing is known, and nothing is said. */
  whis_history_row_set_entry (row, unknown);
  g_assert_cmpstr (label (row, "when"), ==, "…");
  g_assert_cmpstr (label (row, "details"), ==, "");
  g_assert_cmpstr (label (row, "text"), ==, "");

  /* The former ones are not followed any more. */
  whis_history_item_update (done, g_variant_new_parsed ("{'id': <'b'>, 'text': <'Other'>}"));
  g_assert_cmpstr (label (row, "text"), ==, "");
  whis_history_row_set_entry (row, NULL);
  whis_history_item_update (unknown, g_variant_new_parsed ("{'id': <'c'>, 'text': <'Third'>}"));
  g_assert_cmpstr (label (row, "text"), ==, "");
  g_assert_finalize_object (row);
}

static void
test_details (void)
{
  static const struct
  {
    const char *description;
    const char *details;
  } cases[] = {
    { "{'id': <'a'>}", "0:00" },
    { "{'provider': <'offline'>, 'model': <'base'>, 'host': <'this computer'>}",
      "0:00 · Offline · base · recognised on this computer" },
    { "{'name': <'talk.ogg'>, 'length': <uint64 61000>, 'provider': <'openai'>}",
      "talk.ogg · 1:01 · OpenAI" },
    /* A language that Whis does not know is called by its code, and one nobody chose not at all. */
    { "{'language': <'de'>}", "0:00 · German" },
    { "{'language': <'tlh'>}", "0:00 · tlh" },
    { "{'private': <true>}", "0:00 · private" },
    /* A service that was removed from Whis since. */
    { "{'provider': <'former'>, 'host': <'api.former.example'>}",
      "0:00 · former · sound went to api.former.example" },
    /* What the parts say counts, each host once, in the order of speaking. */
    { "{'provider': <'openai'>, 'host': <'api.openai.com'>, 'chunks': <[{'provider': <'groq'>, "
      "'host': <'b.example'>}, {'provider': <'openai'>, 'host': <'a.example'>}, {'provider': "
      "<'groq'>, 'host': <'b.example'>}]>}",
      "0:00 · Groq, OpenAI · sound went to b.example, a.example" },
    /* Who gave a part of the text was not asked in vain. */
    { "{'provider': <'openai'>, 'chunks': <[{'provider': <'openai'>, 'tried': <'groq'>}, "
      "{'provider': <'groq'>, 'tried': <'mistral'>}]>}",
      "0:00 · OpenAI, Groq · also sent to Mistral, which gave no text" },
    { "{'provider': <'openai'>, 'chunks': <@aa{sv} []>, 'host': <'api.openai.com'>}",
      "0:00 · OpenAI · sound went to api.openai.com" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (WhisHistoryItem) entry = parse (cases[i].description);
      g_autofree char *details = whis_entry_details_describe (entry);

      g_assert_cmpstr (details, ==, cases[i].details);
    }
}

static void
test_missing (void)
{
  static const struct
  {
    const char *chunks;
    guint missing;
    guint total;
  } cases[] = {
    { "@aa{sv} []", 0, 0 },
    { "[{'text': <'a'>}, {'text': <''>}, {'text': <'c'>}]", 1, 3 },
    /* Silence has no text and lacks none. */
    { "[{'has-speech': <false>, 'text': <''>}, {'has-speech': <true>, 'text': <''>}]", 1, 1 },
    /* What says nothing of itself is speech whose text is still to come. */
    { "[@a{sv} {}]", 1, 1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *description =
          g_strdup_printf ("{'id': <'a'>, 'chunks': <%s>}", cases[i].chunks);
      g_autoptr (WhisHistoryItem) entry = parse (description);
      guint total;

      g_assert_cmpuint (whis_entry_details_count_missing (entry, &total), ==, cases[i].missing);
      g_assert_cmpuint (total, ==, cases[i].total);
    }
}

int
main (int argc, char *argv[])
{
  mock_init (&argc, &argv);

  g_test_add_func ("/window/history-item/states", test_states);
  g_test_add_func ("/window/history-item/unknown", test_unknown);
  g_test_add_func ("/window/history-item/changed", test_changed);
  g_test_add_func ("/window/history-item/row-text", test_row_text);
  g_test_add_func ("/window/history-item/row-file", test_row_file);
  g_test_add_func ("/window/history-item/row-is-used-again", test_row_is_used_again);
  g_test_add_func ("/window/history-item/details", test_details);
  g_test_add_func ("/window/history-item/missing", test_missing);

  return g_test_run ();
}
