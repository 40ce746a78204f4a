# SPDX-License-Identifier: MIT
"""Makes a model for whisper.cpp that says the same two sentences of any sound.

No model is at hand where Debian's packages and npm are all there is, so this one is worked out
instead of trained. The file is in whisper.cpp's format, with every weight that a real model has; all
are zero, but for those that make one token follow another. Each token that is ever said has a
dimension of its own: its embedding is one there, and the decoder's only layer has a neuron that is
awake for this dimension and raises that of the next token. Tokens without an embedding, such as
those of a prompt, are never said.
"""

import array
import struct

WIDTH = 64
AUDIO_LAYERS = 4
AUDIO_CONTEXT = 1500
TEXT_CONTEXT = 448
MELS = 80
FREQUENCIES = 201
HALVES = 1  # the file's word for weights in half precision

# The numbers of the multilingual vocabulary.
TOKENS = 51865
END = 50257
START = 50258
FRENCH = 50265
TRANSLATE, TRANSCRIBE = 50358, 50359
NO_TIMES = 50363
TIMES = 50364

SENTENCES = ("The real server has spoken.", "Nothing was trained for it.")
SPOKEN = ((0.0, 1.2), (1.4, 2.8))  # when, in seconds


def time_token(seconds):
    return TIMES + round(seconds / 0.02)


class Sayings:
    """Which token follows which, and the words that there are."""

    def __init__(self):
        self.words = [" "]
        self.dimensions = {}
        self.successors = {}
        self._follow(START, FRENCH)  # what it hears when it is asked for the language
        said = []
        for sentence, (begin, end) in zip(SENTENCES, SPOKEN):
            said += [time_token(begin), *self._add_words(sentence), time_token(end)]
        for prompt in (TRANSCRIBE, TRANSLATE):
            self._follow(prompt, said[0])
        self._follow(NO_TIMES, said[1])
        for token, successor in zip(said, said[1:] + [END]):
            self._follow(token, successor)

    def _add_words(self, sentence):
        first = len(self.words)
        self.words += [" " + word for word in sentence.split()]
        return range(first, len(self.words))

    def _follow(self, token, successor):
        for one in (token, successor):
            self.dimensions.setdefault(one, len(self.dimensions))
        assert len(self.dimensions) <= WIDTH
        self.successors[token] = successor


class Weights:
    """A matrix of zeros, rows of which are set; in single precision where the format asks for it."""

    def __init__(self, *shape, single=False, fill=0.0):
        self.shape = shape
        self.single = single or len(shape) == 1
        count = 1
        for size in shape:
            count *= size
        self.values = array.array("f", [fill]) * count

    def set(self, row, column, value):
        self.values[row * self.shape[-1] + column] = value

    def write(self, file, name):
        encoded = name.encode()
        file.write(struct.pack("<3i", len(self.shape), len(encoded), 0 if self.single else HALVES))
        file.write(struct.pack(f"<{len(self.shape)}i", *reversed(self.shape)))
        file.write(encoded)
        letter = "f" if self.single else "e"
        file.write(struct.pack(f"<{len(self.values)}{letter}", *self.values))


def norm(prefix, weight=1.0):
    return {f"{prefix}.weight": Weights(WIDTH, fill=weight), f"{prefix}.bias": Weights(WIDTH)}


def attention(prefix):
    weights = norm(f"{prefix}_ln")
    for part in ("query", "key", "value", "out"):
        weights[f"{prefix}.{part}.weight"] = Weights(WIDTH, WIDTH)
        if part != "key":
            weights[f"{prefix}.{part}.bias"] = Weights(WIDTH)
    return weights


def block(prefix):
    return {
        **attention(f"{prefix}.attn"), **norm(f"{prefix}.mlp_ln"),
        f"{prefix}.mlp.0.weight": Weights(4 * WIDTH, WIDTH),
        f"{prefix}.mlp.0.bias": Weights(4 * WIDTH),
        f"{prefix}.mlp.2.weight": Weights(WIDTH, 4 * WIDTH),
        f"{prefix}.mlp.2.bias": Weights(WIDTH),
    }


def encoder():
    """Hears nothing."""
    weights = {
        "encoder.positional_embedding": Weights(AUDIO_CONTEXT, WIDTH, single=True),
        "encoder.conv1.weight": Weights(WIDTH, MELS, 3),
        "encoder.conv1.bias": Weights(WIDTH, 1, single=True),
        "encoder.conv2.weight": Weights(WIDTH, WIDTH, 3),
        "encoder.conv2.bias": Weights(WIDTH, 1, single=True),
        **norm("encoder.ln_post"),
    }
    for layer in range(AUDIO_LAYERS):
        weights.update(block(f"encoder.blocks.{layer}"))
    return weights


def decoder(sayings):
    """Says one token after the other.

    A lone one among 64 numbers is about 8 when they are normed: 4 above the neurons' threshold, and
    16 when it reaches the next token's dimension, next to which the 1 of the token itself is small.
    """
    embedding = Weights(TOKENS, WIDTH)
    weights = {
        "decoder.positional_embedding": Weights(TEXT_CONTEXT, WIDTH, single=True),
        "decoder.token_embedding.weight": embedding,
        **norm("decoder.ln", weight=4.0),
        **block("decoder.blocks.0"), **attention("decoder.blocks.0.cross_attn"),
    }
    for token, dimension in sayings.dimensions.items():
        embedding.set(token, dimension, 1.0)
    weights["decoder.blocks.0.mlp.0.bias"] = Weights(4 * WIDTH, fill=-4.0)
    for token, successor in sayings.successors.items():
        dimension = sayings.dimensions[token]
        weights["decoder.blocks.0.mlp.0.weight"].set(dimension, dimension, 1.0)
        weights["decoder.blocks.0.mlp.2.weight"].set(sayings.dimensions[successor], dimension, 4.0)
    return weights


def write(path):
    """Writes the model."""
    sayings = Sayings()
    with open(path, "wb") as file:
        file.write(struct.pack("<12i", 0x67676d6c, TOKENS, AUDIO_CONTEXT, WIDTH, 1, AUDIO_LAYERS,
                               TEXT_CONTEXT, WIDTH, 1, 1, MELS, HALVES))
        file.write(struct.pack("<2i", MELS, FREQUENCIES))
        file.write(bytes(4 * MELS * FREQUENCIES))
        file.write(struct.pack("<i", len(sayings.words)))
        for word in sayings.words:
            file.write(struct.pack("<i", len(word)) + word.encode())
        for name, weights in {**encoder(), **decoder(sayings)}.items():
            weights.write(file, name)
