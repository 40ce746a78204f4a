/* SPDX-License-Identifier: MIT */
#include "scripted-service.h"

#include <string.h>

/* `whis record` and `whis transcribe`: how a dictation ends in the terminal. */

#define ATTACHED "'attached': <true>, 'deliver': <false>"

static void
test_record (void)
{
  static const ScriptedCase cases[] = {
    { "record", 0, "the text\n", "", NULL },
    { "record --duration 90 --microphone front -p groq -m whisper -l de", 0, "the text\n", "",
      "Start({" ATTACHED ", 'language': <'de'>, 'microphone': <'front'>, 'model': <'whisper'>, "
      "'provider': <'groq'>})\n" },
    { "record -d 1.5m -l auto", 0, "the text\n", "", "Start({" ATTACHED ", 'language': <''>})\n" },
    { "record now", 2, "", "whis: “record” takes no argument “now”.\n", "" },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_answer (service, "Start", "('an-id',)");
  scripted_service_signal (service, "Start", "Finished", "('other', 'another text')");
  scripted_service_signal (service, "Start", "Finished", "('an-id', 'the text')");
  scripted_service_check (service, cases, G_N_ELEMENTS (cases));
}

static void
test_durations (void)
{
  static const char *const wrong[] = { "soon", "-3",    "0",   "5x", "1.5 m", "nan",
                                       "inf",  "1e300", "30d", "''", "0.0001" };
  static const char *const right[] = { "1", "90s", "1.5m", "0.5h", "0.1" };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_answer (service, "Start", "('an-id',)");
  scripted_service_signal (service, "Start", "Finished", "('an-id', 'the text')");
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *command = g_strconcat ("record --duration=", wrong[i], NULL);
      g_autofree char *said =
          g_strdup_printf ("whis: “%s” is no length of time; write 90, 90s or 1.5m.\n",
                           g_str_equal (wrong[i], "''") ? "" : wrong[i]);
      const ScriptedCase check[] = { { command, 2, "", said, "" } };

      if (strchr (wrong[i], ' ') == NULL)
        scripted_service_check (service, check, 1);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (right); i++)
    {
      g_autofree char *command = g_strconcat ("record --duration=", right[i], NULL);
      const ScriptedCase check[] = { { command, 0, "the text\n", "", NULL } };

      scripted_service_check (service, check, 1);
    }
}

/* The end of standard input is an Enter. */
static void
test_record_stops_at_end_of_input (void)
{
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_answer (service, "Start", "('an-id',)");
  scripted_service_signal (service, "Stop", "Finished", "('an-id', 'the text')");
  scripted_service_answer (service, "Stop", "('an-id',)");
  scripted_service_run (service, "record", "no newline");
  g_assert_cmpstr (service->calls->str, ==, "Start({" ATTACHED "})\nStop()\n");
  g_assert_cmpstr (service->out, ==, "the text\n");
  scripted_service_run (service, "record", "x\n");
  g_assert_cmpstr (service->calls->str, ==, "Start({" ATTACHED "})\nStop()\n");
  g_assert_cmpint (service->status, ==, 0);
}

/* Each code with its status, what was kept, and what to type next. */
static void
test_failures (void)
{
  static const struct
  {
    const char *values; /* behind the id */
    int status;
    const char *said;
  } cases[] = {
    { "'no-speech', 'Nothing was heard.', '', false", 4, "whis: Nothing was heard.\n" },
    { "'cancelled', 'It was cancelled.', 'sound', false", 130,
      "whis: It was cancelled. The sound is kept.\n" },
    { "'network', 'The network is gone.', 'sound', true", 1,
      "whis: The network is gone. The sound is kept. “whis history retry an-id” tries again.\n" },
    { "'key-missing', 'There is no key.', '', true", 1,
      "whis: There is no key. “whis key set groq” adds one.\n" },
    { "'clipboard', 'There is no clipboard.', '', false", 1,
      "whis: There is no clipboard. “whis last” prints it.\n" },
    { "'money', 'The account is empty.', '', false", 1, "whis: The account is empty.\n" },
    /* words of a later service */
    { "'volcano', 'It erupts.', 'ashes', false", 1, "whis: It erupts.\n" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (ScriptedService) service = scripted_service_new ();
      g_autofree char *values = g_strdup_printf ("('an-id', %s)", cases[i].values);
      const ScriptedCase check[] = { { "record -d 9", cases[i].status, "", cases[i].said, NULL } };

      scripted_service_set (service, "Provider", "'groq'");
      scripted_service_answer (service, "Start", "('an-id',)");
      scripted_service_signal (service, "Start", "Failed", values);
      scripted_service_check (service, check, 1);
    }
}

/* A warning is said, but for one that the end repeats. */
static void
test_warnings (void)
{
  static const ScriptedCase said[] = {
    { "record -d 9", 0, "the text\n", "whis: Another microphone is used.\n", NULL },
  };
  static const ScriptedCase repeated[] = {
    { "record -d 9", 1, "", "whis: The disk is full. It ends here.\n", NULL },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_answer (service, "Start", "('an-id',)");
  scripted_service_signal (service, "Start", "Warning", "('other', 'Somebody else is warned.')");
  scripted_service_signal (service, "Start", "Warning", "('an-id', 'Another microphone is used.')");
  scripted_service_signal (service, "Start", "Finished", "('an-id', 'the text')");
  scripted_service_check (service, said, 1);
  g_clear_pointer (&service, scripted_service_free);

  service = scripted_service_new ();
  scripted_service_answer (service, "Start", "('an-id',)");
  scripted_service_signal (service, "Start", "Warning", "('an-id', 'The disk is full.')");
  scripted_service_signal (service, "Start", "Failed",
                           "('an-id', 'storage', 'The disk is full. It ends here.', '', false)");
  scripted_service_check (service, repeated, 1);
}

static void
test_service_goes (void)
{
  static const ScriptedCase cases[] = {
    { "record -d 9", 3, "", "whis: The Whis service ended; the sound that was recorded is kept.\n",
      NULL },
  };
  static const ScriptedCase refused[] = {
    { "record", 1, "", "whis: There is no microphone.\n", NULL },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_refuse (service, "Start", "Device", "There is no microphone.");
  scripted_service_check (service, refused, 1);
  scripted_service_answer (service, "Start", "('an-id',)");
  scripted_service_leave_after (service, "Start");
  scripted_service_check (service, cases, 1);
}

/* --- files ------------------------------------------------------------------------------------ */

static void
write_file (ScriptedService *service, const char *name)
{
  g_autofree char *path = scripted_service_dup_path (service, name);

  g_assert_true (g_file_set_contents (path, name, -1, NULL));
}

static void
test_transcribe_usage (void)
{
  static const ScriptedCase cases[] = {
    { "transcribe", 2, "", NULL, "" },
    { "transcribe --jobs 0 a.mp3", 2, "", NULL, "" },
    { "transcribe --jobs 65 a.mp3", 2, "", NULL, "" },
    { "transcribe --jobs x a.mp3", 2, "", NULL, "" },
    { "transcribe -o out --json -f srt a.mp3", 2, "", NULL, "" },
    { "transcribe - -", 2, "", NULL, "" },
    { "transcribe a.mp3 -o a.mp3", 2, "",
      "whis: a.mp3 is to be transcribed, and would be overwritten; write to another place.\n", "" },
    { "transcribe a.mp3 a.wav -o texts/", 2, "",
      "whis: a.mp3 and a.wav would both be written to texts/a.txt; transcribe them one after the "
      "other, to different places.\n",
      "" },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  write_file (service, "a.mp3");
  write_file (service, "a.wav");
  scripted_service_check (service, cases, G_N_ELEMENTS (cases));
}

static void
answer_files (ScriptedService *service)
{
  write_file (service, "a.mp3");
  write_file (service, "b.mp3");
  write_file (service, "c.mp3");
  scripted_service_name_dictations (service);
}

static void
test_transcribe_print (void)
{
  static const ScriptedCase cases[] = {
    { "transcribe a.mp3", 0, "text of a.mp3\n", "",
      "TranscribeFile(0, 'a.mp3', {" ATTACHED "}) <- a.mp3\n" },
    { "transcribe ./a.mp3 -l auto -p groq", 0, "text of a.mp3\n", "",
      "TranscribeFile(0, 'a.mp3', {" ATTACHED
      ", 'language': <''>, 'provider': <'groq'>}) <- a.mp3\n" },
    /* in the order of the arguments, whichever comes first */
    { "transcribe --jobs 3 c.mp3 a.mp3 b.mp3", 0, "text of c.mp3\ntext of a.mp3\ntext of b.mp3\n",
      "", NULL },
    { "transcribe --json a.mp3 b.mp3", 0,
      "{\"file\":\"a.mp3\",\"text\":\"text of a.mp3\"}\n"
      "{\"file\":\"b.mp3\",\"text\":\"text of b.mp3\"}\n",
      "", NULL },
    /* one that cannot be read is no reason to leave the others out */
    { "transcribe a.mp3 gone.mp3 b.mp3", 1, "text of a.mp3\ntext of b.mp3\n",
      "whis: gone.mp3 cannot be read: No such file or directory.\n", NULL },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  answer_files (service);
  scripted_service_check (service, cases, G_N_ELEMENTS (cases));
  scripted_service_run (service, "transcribe -", "sound from a pipe");
  g_assert_cmpstr (service->out, ==, "text of standard input\n");
  g_assert_nonnull (strstr (service->calls->str, "'standard input'"));
  g_assert_nonnull (strstr (service->calls->str, " <- sound from a pipe"));
}

static void
assert_text (ScriptedService *service, const char *name, const char *expected)
{
  g_autofree char *path = scripted_service_dup_path (service, name);
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, expected);
}

static void
test_transcribe_to_files (void)
{
  static const ScriptedCase cases[] = {
    { "transcribe a.mp3 -o a.txt", 0, "", "", NULL },
    { "transcribe a.mp3 b.mp3 -o both.txt", 0, "", "", NULL },
    { "transcribe a.mp3 b.mp3 -o texts/", 0, "", "", NULL },
    { "transcribe a.mp3 b.mp3 --json -o lines/", 0, "", "", NULL },
    { "transcribe a.mp3 -f srt -o subtitles/", 0, "", "",
      "TranscribeFile(0, 'a.mp3', {" ATTACHED ", 'document': <true>, 'times': <true>}) <- a.mp3\n"
      "GetDocument('a.mp3', 'srt')\n" },
    { "transcribe a.mp3 b.mp3 -f srt", 2, "",
      "whis: Subtitles are one document for each file; name a directory for them with --output.\n",
      "" },
    { "transcribe a.mp3 --json -f json", 2, "",
      "whis: --json is a format of its own; leave --format out, or write “--format json” alone.\n",
      "" },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  answer_files (service);
  scripted_service_answer (service, "GetDocument", "('1\\n00:00:00,000 --> 00:00:01,000\\nx\\n',)");
  scripted_service_check (service, cases, G_N_ELEMENTS (cases));
  assert_text (service, "a.txt", "text of a.mp3\n");
  assert_text (service, "both.txt", "text of a.mp3\ntext of b.mp3\n");
  assert_text (service, "texts/a.txt", "text of a.mp3\n");
  assert_text (service, "texts/b.txt", "text of b.mp3\n");
  assert_text (service, "lines/b.json", "{\"file\":\"b.mp3\",\"text\":\"text of b.mp3\"}\n");
  assert_text (service, "subtitles/a.srt", "1\n00:00:00,000 --> 00:00:01,000\nx\n");
}

/* A text that was paid for is printed where it cannot be written. */
static void
test_transcribe_to_nowhere (void)
{
  static const ScriptedCase cases[] = {
    { "transcribe a.mp3 -o no/such/place", 1, "text of a.mp3\n",
      "whis: no/such/place cannot be written (No such file or directory); the text is printed "
      "instead.\n",
      NULL },
    { "transcribe a.mp3 b.mp3 -o /dev/full", 1, "text of a.mp3\ntext of b.mp3\n",
      "whis: /dev/full cannot be written (No space left on device); the text is printed "
      "instead.\n",
      NULL },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  answer_files (service);
  scripted_service_check (service, cases, G_N_ELEMENTS (cases));
}

static void
test_transcribe_refused (void)
{
  static const ScriptedCase cases[] = {
    { "transcribe a.mp3", 1, "", "whis: The file has no sound.\n", NULL },
    { "transcribe a.mp3 b.mp3", 1, "",
      "whis: a.mp3: The file has no sound.\nwhis: b.mp3: The file has no sound.\n", NULL },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  write_file (service, "a.mp3");
  write_file (service, "b.mp3");
  scripted_service_refuse (service, "TranscribeFile", "File", "The file has no sound.");
  scripted_service_check (service, cases, G_N_ELEMENTS (cases));
}

/* What cannot be opened is said before anything is sent. */
static void
test_transcribe_unreadable (void)
{
  static const ScriptedCase cases[] = {
    { "transcribe gone.mp3", 1, "", "whis: gone.mp3 cannot be read: No such file or directory.\n",
      NULL },
    { "transcribe .", 1, "", "whis: . is a directory; name the files in it.\n", NULL },
    { "transcribe 'gone\x1b[2J\n.mp3'", 1, "",
      "whis: gone?[2J?.mp3 cannot be read: No such file or directory.\n", NULL },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_check (service, cases, G_N_ELEMENTS (cases));
  g_assert_null (strstr (service->calls->str, "TranscribeFile"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/dictation-commands/record", test_record);
  g_test_add_func ("/dictation-commands/durations", test_durations);
  g_test_add_func ("/dictation-commands/record-stops-at-end-of-input",
                   test_record_stops_at_end_of_input);
  g_test_add_func ("/dictation-commands/failures", test_failures);
  g_test_add_func ("/dictation-commands/warnings", test_warnings);
  g_test_add_func ("/dictation-commands/service-goes", test_service_goes);
  g_test_add_func ("/dictation-commands/transcribe-usage", test_transcribe_usage);
  g_test_add_func ("/dictation-commands/transcribe-print", test_transcribe_print);
  g_test_add_func ("/dictation-commands/transcribe-to-files", test_transcribe_to_files);
  g_test_add_func ("/dictation-commands/transcribe-to-nowhere", test_transcribe_to_nowhere);
  g_test_add_func ("/dictation-commands/transcribe-refused", test_transcribe_refused);
  g_test_add_func ("/dictation-commands/transcribe-unreadable", test_transcribe_unreadable);

  return g_test_run ();
}
