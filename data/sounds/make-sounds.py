#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Makes the sounds of Whis: two sine tones each, with an envelope so that nothing clicks.

    data/sounds/make-sounds.py data/sounds

`started` is searched for in the recording, and cut out: its tones and its length are also in
src/audio/cue-filter.c.
"""

import math
import os
import struct
import sys
import wave

RATE = 48000
EDGE_S = 0.006  # of a tone, to full loudness and back
LEVEL = 0.2
LEAD_S = 0.04  # of silence: some outputs swallow the beginning

# Hz and seconds of each tone
SOUNDS = {
    "started": [(1320, 0.04), (1980, 0.04)],
    "stopped": [(1980, 0.04), (1320, 0.04)],
    "failed": [(440, 0.09), (330, 0.14)],
}


def envelope(at, length):
    """A raised cosine at both ends."""
    edge = min(at, length - at) / EDGE_S
    return 0.5 - 0.5 * math.cos(math.pi * edge) if edge < 1 else 1.0


def make(tones):
    """The samples of some tones, 16 bits."""
    samples = [0] * round(LEAD_S * RATE)
    for hertz, seconds in tones:
        for i in range(round(seconds * RATE)):
            at = i / RATE
            value = LEVEL * envelope(at, seconds) * math.sin(2 * math.pi * hertz * at)
            samples.append(round(value * 32767))
    return struct.pack(f"<{len(samples)}h", *samples)


def main():
    for name, tones in SOUNDS.items():
        with wave.open(os.path.join(sys.argv[1], f"{name}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(make(tones))


if __name__ == "__main__":
    main()
