# SPDX-License-Identifier: MIT
"""Makes a whisper out of a voice: noise in place of its pitch, with the spectrum as it was."""

import array
import math

ORDER = 18
FRAME = 320


def predictor(frame):
    """Coefficients of linear prediction, and what is left, by Levinson and Durbin."""
    windowed = [x * (0.54 - 0.46 * math.cos(2 * math.pi * i / (len(frame) - 1)))
                for i, x in enumerate(frame)]
    r = [sum(windowed[i] * windowed[i + lag] for i in range(len(frame) - lag))
         for lag in range(ORDER + 1)]
    if r[0] <= 0:
        return [0.0] * ORDER, 0.0
    r[0] *= 1.0001
    a, error = [], r[0]
    for i in range(1, ORDER + 1):
        k = (r[i] - sum(a[j] * r[i - 1 - j] for j in range(i - 1))) / error
        a = [a[j] - k * a[i - 2 - j] for j in range(i - 1)] + [k]
        error *= 1 - k * k
    return a, math.sqrt(max(error, 0) / len(frame))


def whispered(samples, chance):
    """The same words on noise in place of a voice."""
    result, memory = array.array("h"), [0.0] * ORDER
    for start in range(0, len(samples) - FRAME, FRAME):
        a, gain = predictor(samples[start:start + FRAME])
        for _ in range(FRAME):
            value = chance.gauss(0, gain) + sum(c * m for c, m in zip(a, memory))
            memory = [value] + memory[:-1]
            result.append(int(max(-32768, min(32767, value))))
    return result
