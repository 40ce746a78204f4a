/* SPDX-License-Identifier: MIT */
#include "chunker.h"

/* ISO/IEC 13818-3: at 16 kHz main_data_begin reaches back at most 255 bytes, at 32 kbit/s less than
 * two frames, and the overlap of the transform takes one more. Four leave room for lower bitrates;
 * decoding from there is bit-exact at the cut. Chunks of samples, which lean on nothing, begin as
 * much earlier, so that a recogniser hears the same silence in front of either. */
#define RESERVOIR_FRAMES 4

/* Silences inside a sentence (a comma, the closure of a plosive, a breath) mostly stay below 350
 * ms, those between sentences mostly last longer. */
#define PAUSE_MS 400

/* What a chunk about to reach its longest is content with: longer than the closure of a plosive
 * (some 120 ms), so that no word is cut. */
#define SHORTEST_PAUSE_MS 160

/* A dip that is worth aiming a forced cut at; the word may still be hit, so the sound overlaps. */
#define DIP_MS 40

/* How far before its limit a forced cut looks for a dip. */
#define LOOK_BACK_MS 5000

/* What stays in front of the next voice when most of a pause is to be behind the one before: more
 * than a detector may be late. */
#define ONSET_MS 60

/* Voice further apart than this is not the same burst of speech. */
#define BURST_GAP_MS 1000

/**
 * WhisChunker:
 *
 * Decides where a dictation is cut. It is fed with the sizes of the frames and with the voice
 * heard over time, and it knows nothing else: neither sound nor files.
 *
 * - From a third of the longest length on, or from where the margins say, a chunk ends in a pause
 * of 400 ms. From two thirds on shorter pauses will do, down to 160 ms. Where the margins know the
 * pause between two sentences, shorter ones do not end it.
 * - At the longest length it ends in the longest such pause of the last five seconds, or of all
 * that might have ended it, or else inside speech, at a short dip if there is one; only then does
 * the next chunk begin two seconds earlier.
 * - Long silence before speech is cut off into a chunk without speech, which nobody has to pay
 * for; recognisers invent words in long silence.
 *
 * Times are milliseconds of the recording. The chunks follow each other without a gap.
 */
struct _WhisChunker
{
  char *dictation;
  guint longest_ms;
  guint frame_ms;
  WhisChunkMargins margins;

  /* offsets of the frames from first_frame on */
  GArray *offsets;
  guint64 first_frame;
  guint64 size;

  GArray *spans;  /* heard voice, oldest first */
  GArray *sounds; /* heard sound that is no voice, the same way */
  guint64 voice_until;

  guint index;
  guint64 start_frame;
  guint64 end_of_previous;
  gboolean overlaps;
  guint64 lead_end; /* of the pause in which the last chunk was cut behind time; 0 for none */
  guint64 checked;  /* everything before this time has been looked at */
};

/**
 * whis_chunker_new:
 * @dictation: id that the chunks carry
 * @longest_ms: no chunk is longer than this, in milliseconds; at least 10000
 * @frame_ms: length of a frame in milliseconds (36 at 16 kHz)
 *
 * Returns: (transfer full): a chunker
 */
WhisChunker *
whis_chunker_new (const char *dictation, guint longest_ms, guint frame_ms)
{
  WhisChunker *chunker;

  g_return_val_if_fail (longest_ms >= 10000, NULL);
  g_return_val_if_fail (frame_ms > 0 && frame_ms <= 100, NULL);

  chunker = g_new0 (WhisChunker, 1);
  chunker->dictation = g_strdup (dictation);
  chunker->longest_ms = longest_ms;
  chunker->frame_ms = frame_ms;
  chunker->margins = (WhisChunkMargins) WHIS_CHUNK_MARGINS_INIT;
  chunker->offsets = g_array_new (FALSE, FALSE, sizeof (guint64));
  chunker->spans = whis_spans_new ();
  chunker->sounds = whis_spans_new ();

  return chunker;
}

/**
 * whis_chunker_free:
 * @chunker: (transfer full) (nullable): a chunker
 */
void
whis_chunker_free (WhisChunker *chunker)
{
  if (chunker == NULL)
    return;

  g_array_unref (chunker->offsets);
  g_array_unref (chunker->spans);
  g_array_unref (chunker->sounds);
  g_free (chunker->dictation);
  g_free (chunker);
}

static guint64
count_frames (WhisChunker *chunker)
{
  return chunker->first_frame + chunker->offsets->len;
}

static guint64
frame_offset (WhisChunker *chunker, guint64 frame)
{
  if (frame >= count_frames (chunker))
    return chunker->size;

  g_assert (frame >= chunker->first_frame);
  return g_array_index (chunker->offsets, guint64, frame - chunker->first_frame);
}

static guint64
start_ms (WhisChunker *chunker)
{
  return chunker->start_frame * chunker->frame_ms;
}

/**
 * whis_chunker_resume:
 * @chunker: a chunker that knows nothing yet
 * @index: index of the first chunk
 * @start_frame: the frame that the first chunk begins with
 * @end_of_previous: the frame behind the chunk before, at least @start_frame; what is between them
 *   is in both
 * @first_frame: the first frame that will be told, at most @start_frame
 * @first_offset: where that frame is in the file
 *
 * Goes on after a cut. What is told of the time before @start_frame is only what the first chunk
 * leans on. Voice is told from @first_frame on, too.
 */
void
whis_chunker_resume (WhisChunker *chunker,
                     guint index,
                     guint64 start_frame,
                     guint64 end_of_previous,
                     guint64 first_frame,
                     guint64 first_offset)
{
  g_return_if_fail (chunker != NULL && chunker->size == 0);
  g_return_if_fail (first_frame <= start_frame && start_frame <= end_of_previous);

  chunker->index = index;
  chunker->first_frame = first_frame;
  chunker->size = first_offset;
  chunker->voice_until = first_frame * chunker->frame_ms;
  chunker->start_frame = start_frame;
  chunker->end_of_previous = end_of_previous;
  chunker->overlaps = start_frame < end_of_previous;
  chunker->checked = start_frame * chunker->frame_ms;
}

/**
 * whis_chunker_set_margins:
 * @chunker: a chunker that knows nothing yet
 * @margins: how much silence is wanted around speech
 */
void
whis_chunker_set_margins (WhisChunker *chunker, const WhisChunkMargins *margins)
{
  g_return_if_fail (chunker != NULL && chunker->offsets->len == 0);
  g_return_if_fail (margins != NULL && margins->before_ms < margins->lead_ms);

  chunker->margins = *margins;
}

/**
 * whis_chunker_skip_bytes:
 * @chunker: a chunker
 * @size: a number of bytes
 *
 * Tells that so many bytes, which are no frame, precede the next frame in the file.
 */
void
whis_chunker_skip_bytes (WhisChunker *chunker, gsize size)
{
  g_return_if_fail (chunker != NULL);

  chunker->size += size;
}

/**
 * whis_chunker_add_frame:
 * @chunker: a chunker
 * @size: size of the next frame in bytes
 *
 * Tells that another frame is in the file.
 */
void
whis_chunker_add_frame (WhisChunker *chunker, gsize size)
{
  g_return_if_fail (chunker != NULL);

  g_array_append_val (chunker->offsets, chunker->size);
  chunker->size += size;
}

/**
 * whis_chunker_add_voice:
 * @chunker: a chunker
 * @length_ms: length of the next piece of sound in milliseconds
 * @voice: whether a voice was heard all through it
 *
 * Tells what was heard. This may run ahead of the frames or behind them; cuts are decided as far as
 * both are known.
 */
void
whis_chunker_add_voice (WhisChunker *chunker, guint length_ms, gboolean voice)
{
  guint64 start;

  g_return_if_fail (chunker != NULL);

  start = chunker->voice_until;
  chunker->voice_until += length_ms;
  if (voice)
    whis_spans_add (chunker->spans, start, chunker->voice_until);
}

/**
 * whis_chunker_add_sound:
 * @chunker: a chunker
 * @length_ms: length of the next piece of sound in milliseconds
 *
 * Tells of sound that stood out of the room, and was no voice. Nothing is cut by it.
 */
void
whis_chunker_add_sound (WhisChunker *chunker, guint length_ms)
{
  guint64 start;

  g_return_if_fail (chunker != NULL);

  start = chunker->voice_until;
  chunker->voice_until += length_ms;
  whis_spans_add (chunker->sounds, start, chunker->voice_until);
}

static guint64
voice_between (WhisChunker *chunker, guint64 from, guint64 to)
{
  return whis_spans_get_ms (chunker->spans, from, to);
}

static GArray *
copy_between (GArray *spans, guint64 from, guint64 to)
{
  GArray *copy = whis_spans_new ();

  for (guint i = 0; i < spans->len; i++)
    {
      const WhisSpan *span = &g_array_index (spans, WhisSpan, i);

      whis_spans_add (copy, MAX (span->start_ms, from), MIN (span->end_ms, to));
    }

  return copy;
}

static void
describe_sound (WhisChunker *chunker, WhisChunk *chunk)
{
  guint64 end = chunk->start_ms + chunk->length_ms;

  chunk->voice_ms = voice_between (chunker, chunk->start_ms, end);
  chunk->voice = copy_between (chunker->spans, chunk->start_ms, end);
  chunk->has_speech = chunk->voice_ms >= WHIS_CHUNKER_SPEECH_MS;
  if (!chunk->has_speech
      && whis_spans_get_ms (chunker->sounds, chunk->start_ms, end) >= WHIS_CHUNK_SOUND_MS)
    chunk->sounds = copy_between (chunker->sounds, chunk->start_ms, end);
}

static gboolean
speech_between (WhisChunker *chunker, guint64 from, guint64 to)
{
  return voice_between (chunker, from, to) >= WHIS_CHUNKER_SPEECH_MS;
}

/* Since when it has been quiet at @now, not looking further back than the chunk's start. */
static guint64
quiet_since (WhisChunker *chunker, guint64 now)
{
  for (guint i = chunker->spans->len; i > 0; i--)
    {
      const WhisSpan *span = &g_array_index (chunker->spans, WhisSpan, i - 1);

      if (span->start_ms < now)
        return CLAMP (span->end_ms, start_ms (chunker), now);
    }

  return start_ms (chunker);
}

/* Where the burst of voice that is going on at @now began; @now if there is none. */
static guint64
burst_start (WhisChunker *chunker, guint64 now)
{
  guint64 start = now;

  for (guint i = chunker->spans->len; i > 0; i--)
    {
      const WhisSpan *span = &g_array_index (chunker->spans, WhisSpan, i - 1);

      if (span->start_ms >= now)
        continue;
      if (span->end_ms + BURST_GAP_MS < start)
        break;
      start = span->start_ms;
    }

  return MAX (start, start_ms (chunker));
}

/* The longest quiet stretch that ends between @from and @to, both of them ends of a stretch too. */
static WhisSpan
longest_dip (WhisChunker *chunker, guint64 from, guint64 to)
{
  WhisSpan longest = { to, to };
  guint64 end_of_voice = from;

  for (guint i = 0; i <= chunker->spans->len; i++)
    {
      WhisSpan end = { to, to };
      const WhisSpan *span =
          i < chunker->spans->len ? &g_array_index (chunker->spans, WhisSpan, i) : &end;
      guint64 start = MIN (span->start_ms, to);

      if (span->end_ms <= from)
        {
          /* The pause that goes on at @from began where the voice before it ended. */
          end_of_voice = span->end_ms;
          continue;
        }
      if (start > end_of_voice && start > from
          && start - end_of_voice >= longest.end_ms - longest.start_ms)
        longest = (WhisSpan){ end_of_voice, start };

      end_of_voice = MAX (end_of_voice, span->end_ms);
    }

  return longest;
}

static guint
needed_pause (WhisChunker *chunker, guint64 length)
{
  guint sentence = chunker->margins.sentence_ms;
  guint64 relaxed = chunker->longest_ms / 3;
  guint64 left = chunker->longest_ms > length ? chunker->longest_ms - length : 0;
  guint longest = MAX (PAUSE_MS, chunker->margins.least_behind_ms + ONSET_MS);

  if (sentence > 0)
    return sentence;
  if (left >= relaxed)
    return longest;

  return SHORTEST_PAUSE_MS + (guint) ((longest - SHORTEST_PAUSE_MS) * left / relaxed);
}

/* From which length on a chunk ends at a pause. A user who wants short pieces gets them. */
static guint
wanted_length (WhisChunker *chunker)
{
  if (chunker->margins.wanted_ms == 0)
    return chunker->longest_ms / 3;

  return MIN (chunker->margins.wanted_ms, chunker->longest_ms / 4 * 3);
}

/* How much of a pause stays behind the speech before it. */
static guint64
silence_behind (const WhisChunkMargins *margins, guint64 pause)
{
  if (margins->least_behind_ms == 0 || pause < 2 * ONSET_MS)
    return MIN (pause / 2, margins->behind_ms);

  return MIN (pause - ONSET_MS, margins->least_behind_ms);
}

/**
 * whis_chunker_cut_inside_speech:
 * @chunk: a chunk
 * @margins: what it was cut with
 *
 * Tells a cut inside speech from one at a pause by what is known of a chunk later: less silence is
 * behind its last voice than any pause leaves there. In doubt, as with a pause that is just long
 * enough, it counts as inside.
 *
 * Returns: whether the chunk after it has to begin earlier than it ends, as such a chunk does
 */
gboolean
whis_chunker_cut_inside_speech (const WhisChunk *chunk, const WhisChunkMargins *margins)
{
  guint64 end;

  g_return_val_if_fail (chunk != NULL, FALSE);
  g_return_val_if_fail (margins != NULL, FALSE);

  if (!chunk->has_speech)
    return FALSE;
  if (chunk->voice == NULL || chunk->voice->len == 0)
    return TRUE;

  end = g_array_index (chunk->voice, WhisSpan, chunk->voice->len - 1).end_ms;

  return chunk->start_ms + chunk->length_ms < end + silence_behind (margins, SHORTEST_PAUSE_MS);
}

static void
forget_spans (GArray *spans, guint64 before_ms)
{
  guint past = 0;

  while (past < spans->len && g_array_index (spans, WhisSpan, past).end_ms <= before_ms)
    past++;
  if (past > 0)
    g_array_remove_range (spans, 0, past);
}

static void
forget_before (WhisChunker *chunker, guint64 frame)
{
  guint64 keep = frame > RESERVOIR_FRAMES ? frame - RESERVOIR_FRAMES : 0;

  if (keep > chunker->first_frame)
    {
      g_array_remove_range (chunker->offsets, 0, (guint) (keep - chunker->first_frame));
      chunker->first_frame = keep;
    }

  forget_spans (chunker->spans, frame * chunker->frame_ms);
  forget_spans (chunker->sounds, frame * chunker->frame_ms);
}

/* What is known of the voice may run ahead of the frames. */
static gboolean
is_voice_after (WhisChunker *chunker, guint64 frame)
{
  return voice_between (chunker, frame * chunker->frame_ms, chunker->voice_until) > 0;
}

static WhisChunk *
cut_at_frame (WhisChunker *chunker, guint64 end_frame, gboolean inside_speech)
{
  guint64 lead = MIN (RESERVOIR_FRAMES, chunker->start_frame - chunker->first_frame);
  guint64 first = chunker->start_frame - lead;
  guint64 overlap = WHIS_CHUNKER_OVERLAP_MS / chunker->frame_ms;
  WhisChunk *chunk = whis_chunk_new (chunker->dictation, chunker->index++);

  g_assert (end_frame > chunker->start_frame && end_frame <= count_frames (chunker));

  chunk->offset = frame_offset (chunker, first);
  chunk->size = frame_offset (chunker, end_frame) - chunk->offset;
  chunk->start_ms = start_ms (chunker);
  chunk->length_ms = (end_frame - chunker->start_frame) * chunker->frame_ms;
  chunk->overlaps_previous = chunker->overlaps;
  describe_sound (chunker, chunk);
  chunk->cut_in_speech =
      inside_speech || (chunk->has_speech && is_voice_after (chunker, end_frame));

  chunker->overlaps = inside_speech;
  chunker->end_of_previous = end_frame;
  chunker->start_frame = inside_speech ? end_frame - overlap : end_frame;
  forget_before (chunker, chunker->start_frame);

  return chunk;
}

static WhisChunk *
cut_at (WhisChunker *chunker, guint64 ms, gboolean inside_speech)
{
  return cut_at_frame (chunker, ms / chunker->frame_ms, inside_speech);
}

static WhisChunk *
cut_lead (WhisChunker *chunker, guint64 now)
{
  guint64 start = start_ms (chunker);
  guint64 burst = burst_start (chunker, now);

  if (burst - start < chunker->margins.lead_ms || !speech_between (chunker, burst, now)
      || speech_between (chunker, start, burst))
    return NULL;

  return cut_at (chunker, burst - chunker->margins.before_ms, FALSE);
}

static gboolean
is_long_pause (WhisChunker *chunker, guint64 pause)
{
  return chunker->margins.pause_ms > 0 && pause >= chunker->margins.pause_ms;
}

static WhisChunk *
cut_pause (WhisChunker *chunker, guint64 now)
{
  guint64 start = start_ms (chunker);
  guint64 length = now - start;
  guint64 quiet = quiet_since (chunker, now);
  guint64 pause = now - quiet;

  if ((length < wanted_length (chunker) && !is_long_pause (chunker, pause))
      || pause < needed_pause (chunker, length) || !speech_between (chunker, start, now))
    return NULL;

  return cut_at (chunker, quiet + silence_behind (&chunker->margins, pause), FALSE);
}

/* No speech up to the limit. Voice that has just set in belongs to the next chunk as a whole. */
static WhisChunk *
cut_silence (WhisChunker *chunker, guint64 now)
{
  guint64 burst = burst_start (chunker, now);

  if (burst - start_ms (chunker) >= chunker->margins.lead_ms)
    return cut_at (chunker, burst - chunker->margins.before_ms, FALSE);

  return cut_at (chunker, now, now - quiet_since (chunker, now) < chunker->margins.before_ms);
}

/* Where a chunk of the longest length ends: in the longest pause of its last part, and where nobody
 * paused there, of its last two thirds. A shorter chunk costs less than a cut inside a word. */
static WhisSpan
find_end_of_longest (WhisChunker *chunker, guint64 now)
{
  guint64 start = start_ms (chunker);
  guint64 from = now - MIN (LOOK_BACK_MS, chunker->longest_ms / 3);
  WhisSpan near, far;

  if (chunker->margins.sentence_ms > 0)
    from = MIN (from, start + wanted_length (chunker));
  near = longest_dip (chunker, from, now);
  if (near.end_ms - near.start_ms >= SHORTEST_PAUSE_MS)
    return near;
  far = longest_dip (chunker, start + chunker->longest_ms / 3, now);

  return far.end_ms - far.start_ms >= SHORTEST_PAUSE_MS ? far : near;
}

static WhisChunk *
cut_longest (WhisChunker *chunker, guint64 now)
{
  guint64 start = start_ms (chunker);
  gboolean is_pause;
  WhisSpan dip;

  if (now + chunker->frame_ms - start <= chunker->longest_ms)
    return NULL;

  if (!speech_between (chunker, start, now))
    return cut_silence (chunker, now);

  dip = find_end_of_longest (chunker, now);
  if (dip.end_ms - dip.start_ms < DIP_MS)
    return cut_at (chunker, now, TRUE);

  is_pause = dip.end_ms - dip.start_ms >= SHORTEST_PAUSE_MS;
  if (is_pause)
    chunker->lead_end = dip.end_ms;

  return cut_at (chunker,
                 dip.start_ms + silence_behind (&chunker->margins, dip.end_ms - dip.start_ms),
                 !is_pause);
}

/* The rest of a long pause that was over when it was cut. */
static WhisChunk *
cut_rest_of_pause (WhisChunker *chunker)
{
  guint64 end = chunker->lead_end;

  chunker->lead_end = 0;

  return end >= start_ms (chunker) + chunker->margins.lead_ms
             ? cut_at (chunker, end - chunker->margins.before_ms, FALSE)
             : NULL;
}

/**
 * whis_chunker_next:
 * @chunker: a chunker
 *
 * Cuts, if what is known by now calls for it. To be called after every addition until it returns
 * %NULL; where the cuts fall does not depend on how often it is called.
 *
 * Returns: (transfer full) (nullable): the next chunk
 */
WhisChunk *
whis_chunker_next (WhisChunker *chunker)
{
  guint64 known;

  g_return_val_if_fail (chunker != NULL, NULL);

  if (chunker->lead_end > 0)
    {
      WhisChunk *rest = cut_rest_of_pause (chunker);

      if (rest != NULL)
        return rest;
    }

  known = MIN (count_frames (chunker) * chunker->frame_ms, chunker->voice_until);

  while (chunker->checked + chunker->frame_ms <= known)
    {
      WhisChunk *chunk;
      guint64 now = chunker->checked + chunker->frame_ms;

      chunk = cut_lead (chunker, now);
      if (chunk == NULL)
        chunk = cut_pause (chunker, now);
      if (chunk == NULL)
        chunk = cut_longest (chunker, now);
      if (chunk != NULL)
        return chunk;

      chunker->checked = now;
    }

  return NULL;
}

/* Where the last chunk ends: behind its speech, or at the last frame. */
static guint64
end_of_last (WhisChunker *chunker)
{
  guint64 n_frames = count_frames (chunker);
  guint64 end = n_frames * chunker->frame_ms;
  guint64 quiet = quiet_since (chunker, end);
  guint64 wanted = (quiet + chunker->margins.end_ms) / chunker->frame_ms + 1;

  if (chunker->margins.end_ms == 0 || wanted <= chunker->end_of_previous
      || !speech_between (chunker, start_ms (chunker), end))
    return n_frames;

  return MIN (wanted, n_frames);
}

/**
 * whis_chunker_flush:
 * @chunker: a chunker
 *
 * Ends the dictation: what is left becomes a chunk. To be called until it returns %NULL.
 *
 * Returns: (transfer full) (nullable): one of the last chunks
 */
WhisChunk *
whis_chunker_flush (WhisChunker *chunker)
{
  guint64 end;
  WhisChunk *chunk;

  g_return_val_if_fail (chunker != NULL, NULL);

  end = count_frames (chunker) * chunker->frame_ms;
  if (chunker->voice_until < end)
    chunker->voice_until = end;

  chunk = whis_chunker_next (chunker);
  if (chunk != NULL)
    return chunk;

  /* the overlap alone holds nothing new */
  if (count_frames (chunker) <= chunker->end_of_previous)
    return NULL;

  chunk = cut_at_frame (chunker, end_of_last (chunker), FALSE);
  chunk->cut_in_speech = FALSE;

  return chunk;
}
