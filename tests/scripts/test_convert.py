#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A small model of CTranslate2 becomes a model of whisper.cpp."""

import hashlib
import os
import struct
import sys
import unittest

import numpy

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [TESTS, os.path.join(os.path.dirname(TESTS), "scripts")]
# pylint: disable=wrong-import-position
import ctranslate2_to_ggml
import tap

WIDTH, MELS, AUDIO_CONTEXT, TEXT_CONTEXT, TOKENS = 64, 80, 6, 5, 96
TEXT_TOKENS = ctranslate2_to_ggml.TEXT_TOKENS
# Of OpenAI's assets/mel_filters.npz, 80 rows.
FILTERS = "4f2701b1d287d74a0dc9871026e9519d98cb76426615f2539b0d151a0ae4ec2e"


def random_tensors():
    """All that a model with one layer in each half has."""
    random = numpy.random.default_rng(1)

    def tensor(*shape):
        return random.standard_normal(shape).astype("<f2")

    tensors = {
        "encoder/conv1/weight": tensor(WIDTH, MELS, 3), "encoder/conv1/bias": tensor(WIDTH),
        "encoder/conv2/weight": tensor(WIDTH, WIDTH, 3), "encoder/conv2/bias": tensor(WIDTH),
        "encoder/position_encodings/encodings": tensor(AUDIO_CONTEXT, WIDTH),
        "decoder/position_encodings/encodings": tensor(TEXT_CONTEXT, WIDTH),
        "decoder/embeddings/weight": tensor(TOKENS, WIDTH),
        "encoder/num_heads": numpy.array(4, "<i2"), "decoder/num_heads": numpy.array(2, "<i2"),
    }

    def linear(name, rows, columns):
        tensors[f"{name}/weight"], tensors[f"{name}/bias"] = tensor(rows, columns), tensor(rows)

    def norm(name):
        tensors[f"{name}/layer_norm/gamma"] = tensor(WIDTH)
        tensors[f"{name}/layer_norm/beta"] = tensor(WIDTH)

    for half in ("encoder", "decoder"):
        norm(half)
        for part in ("self_attention", "ffn") + (("attention",) if half == "decoder" else ()):
            norm(f"{half}/layer_0/{part}")
        linear(f"{half}/layer_0/ffn/linear_0", 4 * WIDTH, WIDTH)
        linear(f"{half}/layer_0/ffn/linear_1", WIDTH, 4 * WIDTH)
        linear(f"{half}/layer_0/self_attention/linear_0", 3 * WIDTH, WIDTH)
        linear(f"{half}/layer_0/self_attention/linear_1", WIDTH, WIDTH)
        tensors[f"{half}/layer_0/self_attention/linear_0/bias"][WIDTH:2 * WIDTH] = 0
    linear("decoder/layer_0/attention/linear_0", WIDTH, WIDTH)
    linear("decoder/layer_0/attention/linear_1", 2 * WIDTH, WIDTH)
    linear("decoder/layer_0/attention/linear_2", WIDTH, WIDTH)
    tensors["decoder/layer_0/attention/linear_1/bias"][:WIDTH] = 0
    return tensors


def pack(tensors, kind="WhisperSpec"):
    """CTranslate2's file of them."""
    def string(text):
        data = text.encode() + b"\0"
        return struct.pack("<H", len(data)) + data

    types = {"<f2": 4, "<i2": 2}
    parts = [struct.pack("<I", 6), string(kind), struct.pack("<II", 3, len(tensors))]
    for name, values in tensors.items():
        parts += [string(name), struct.pack("<B", values.ndim),
                  struct.pack(f"<{values.ndim}I", *values.shape),
                  struct.pack("<BI", types[values.dtype.str], values.nbytes), values.tobytes()]
    return b"".join([*parts, struct.pack("<I", 0)])


def vocabulary():
    """Enough tokens; of the first three one has a space, one a byte that is not a character."""
    lines = ["\u0120he", "\u00e3\u0123", "!"] + [str(i) for i in range(3, TEXT_TOKENS)]
    return "\n".join([*lines, "<|endoftext|>", ""]).encode()


def convert(tensors, kind="f16"):
    return b"".join(ctranslate2_to_ggml.convert(pack(tensors), vocabulary(), kind))


class Model:
    """whisper.cpp's file, read as whisper.cpp reads it."""

    def __init__(self, data):
        self.header = struct.unpack_from("<12i", data)
        rows, columns = struct.unpack_from("<2i", data, 48)
        self.filters = data[56:56 + 4 * rows * columns]
        position = 56 + len(self.filters)
        count, = struct.unpack_from("<i", data, position)
        position += 4
        self.tokens = []
        for _ in range(count):
            length, = struct.unpack_from("<i", data, position)
            self.tokens.append(data[position + 4:position + 4 + length])
            position += 4 + length
        self.tensors = {}
        while position < len(data):
            dimensions, length, kind = struct.unpack_from("<3i", data, position)
            shape = struct.unpack_from(f"<{dimensions}i", data, position + 12)[::-1]
            position += 12 + 4 * dimensions
            name = data[position:position + length].decode()
            position += length
            values, size = self.read(data, position, shape, kind)
            self.tensors[name] = (kind, values)
            position += size

    def read(self, data, position, shape, kind):
        """A tensor's values, and how many bytes they take."""
        count = int(numpy.prod(shape))
        if kind < 2:
            values = numpy.frombuffer(data, "<f2" if kind else "<f4", count, position)
            return values.reshape(shape).astype("f8"), values.nbytes
        block = {8: [("d", "<f2"), ("q", "i1", 32)],
                 7: [("d", "<f2"), ("m", "<f2"), ("h", "<u4"), ("q", "u1", 16)]}[kind]
        blocks = numpy.frombuffer(data, block, count // 32, position)
        if kind == 8:
            values = blocks["d"].astype("f8")[:, None] * blocks["q"]
        else:
            fifth = (blocks["h"][:, None] >> numpy.arange(32, dtype="<u4")) & 1
            steps = numpy.concatenate((blocks["q"] & 15, blocks["q"] >> 4), axis=1) + 16 * fifth
            values = blocks["d"].astype("f8")[:, None] * steps + blocks["m"].astype("f8")[:, None]
        return values.reshape(shape), blocks.nbytes


class Format(unittest.TestCase):
    """Nothing is lost, and all is where whisper.cpp looks for it."""

    @classmethod
    def setUpClass(cls):
        cls.source = random_tensors()
        cls.model = Model(convert(cls.source))

    def assert_tensor(self, name, expected, kind):
        found_kind, values = self.model.tensors[name]
        self.assertEqual((found_kind, values.shape), (kind, expected.shape), name)
        self.assertTrue((values == expected).all(), name)

    def test_header(self):
        self.assertEqual(self.model.header, (0x67676D6C, TOKENS, AUDIO_CONTEXT, WIDTH, 4, 1,
                                             TEXT_CONTEXT, WIDTH, 2, 1, MELS, 1))

    def test_filters_are_those_of_openai(self):
        self.assertEqual(hashlib.sha256(self.model.filters).hexdigest(), FILTERS)

    def test_tokens_are_bytes(self):
        self.assertEqual(len(self.model.tokens), TEXT_TOKENS)
        self.assertEqual(self.model.tokens[:4], [b" he", b"\xe3\x81", b"!", b"3"])

    def test_attention_is_taken_apart(self):
        layer = "decoder/layer_0"
        own = self.source[f"{layer}/self_attention/linear_0/weight"]
        cross = self.source[f"{layer}/attention/linear_1/weight"]
        for name, expected in (
                ("attn.query", own[:WIDTH]), ("attn.key", own[WIDTH:2 * WIDTH]),
                ("attn.value", own[2 * WIDTH:]),
                ("attn.out", self.source[f"{layer}/self_attention/linear_1/weight"]),
                ("cross_attn.query", self.source[f"{layer}/attention/linear_0/weight"]),
                ("cross_attn.key", cross[:WIDTH]), ("cross_attn.value", cross[WIDTH:]),
                ("cross_attn.out", self.source[f"{layer}/attention/linear_2/weight"])):
            self.assert_tensor(f"decoder.blocks.0.{name}.weight", expected, 1)
        bias = self.source[f"{layer}/self_attention/linear_0/bias"]
        self.assert_tensor("decoder.blocks.0.attn.value.bias", bias[2 * WIDTH:], 0)
        self.assertNotIn("decoder.blocks.0.attn.key.bias", self.model.tensors)

    def test_small_tensors_are_exact(self):
        self.assert_tensor("encoder.conv1.bias", self.source["encoder/conv1/bias"][:, None], 0)
        self.assert_tensor("encoder.conv2.weight", self.source["encoder/conv2/weight"], 1)
        self.assert_tensor("decoder.positional_embedding",
                           self.source["decoder/position_encodings/encodings"], 0)
        self.assert_tensor("encoder.blocks.0.mlp_ln.weight",
                           self.source["encoder/layer_0/ffn/layer_norm/gamma"], 0)

    def test_there_is_no_other_tensor(self):
        # 4 + 1 + 2 of the encoder, 1 + 1 + 2 of the decoder; 7 + 4 + 4 per layer, 9 for its cross
        # attention.
        self.assertEqual(len(self.model.tensors), 7 + 4 + 15 + 15 + 9)


class Quantisation(unittest.TestCase):
    """Values come back to within half a step, in the blocks that ggml reads."""

    def check(self, kind, number, steps):
        source = random_tensors()
        model = Model(convert(source, kind))
        self.assertEqual(model.header[11], {"q8_0": 2007, "q5_1": 2009}[kind])
        found_kind, values = model.tensors["decoder.token_embedding.weight"]
        expected = source["decoder/embeddings/weight"].astype("f8")
        self.assertEqual(found_kind, number)
        blocks = expected.reshape(-1, 32)
        step = (blocks.max(axis=1) - blocks.min(axis=1)) / 31 if kind == "q5_1" \
            else abs(blocks).max(axis=1) / 127
        error = abs(values - expected).reshape(-1, 32).max(axis=1)
        # the step itself is rounded, too
        self.assertLess((error / step).max(), 0.54)
        self.assertGreater(len(numpy.unique(values[0])), steps)
        # These stay as they are.
        self.assertEqual(model.tensors["encoder.conv1.weight"][0], 1)
        self.assertEqual(model.tensors["encoder.positional_embedding"][0], 0)
        self.assertEqual(model.tensors["encoder.conv1.bias"][0], 0)

    def test_q8_0(self):
        self.check("q8_0", 8, 40)

    def test_q5_1(self):
        self.check("q5_1", 7, 20)

    def test_block_of_zeros(self):
        zeros = numpy.zeros((1, 32), "<f2")
        self.assertEqual(ctranslate2_to_ggml.quantise_q8_0(zeros), bytes(34))
        self.assertEqual(ctranslate2_to_ggml.quantise_q5_1(zeros), bytes(24))

    def test_known_block(self):
        # 0 … 31 in steps of one: the step is 1, the minimum 0, and the fifth bits are the upper half.
        block = ctranslate2_to_ggml.quantise_q5_1(numpy.arange(32, dtype="<f2").reshape(1, 32))
        self.assertEqual(block[:8].hex(), "003c0000" "0000ffff")
        self.assertEqual(block[8:].hex(), "".join(f"{value}{value}" for value in "0123456789abcdef"))


class Refusals(unittest.TestCase):
    """What is not such a model is refused in words."""

    def assert_refused(self, words, model, text=None):
        with self.assertRaisesRegex(ctranslate2_to_ggml.FormatError, words):
            list(ctranslate2_to_ggml.convert(model, vocabulary() if text is None else text, "q5_1"))

    def test_other_kind_of_model(self):
        self.assert_refused("not a Whisper model", pack(random_tensors(), "TransformerSpec"))

    def test_truncated(self):
        whole = pack(random_tensors())
        for length in (0, 3, 20, 5000, len(whole) - 5):
            self.assert_refused("ends too early", whole[:length])

    def test_missing_tensor(self):
        tensors = random_tensors()
        del tensors["decoder/layer_0/ffn/linear_1/bias"]
        self.assert_refused("linear_1/bias", pack(tensors))

    def test_bias_of_keys(self):
        tensors = random_tensors()
        tensors["encoder/layer_0/self_attention/linear_0/bias"][WIDTH + 1] = 1
        self.assert_refused("bias for its keys", pack(tensors))

    def test_short_vocabulary(self):
        self.assert_refused("vocabulary has 3 lines", pack(random_tensors()), b"a\nb\nc")

    def test_unknown_character(self):
        self.assert_refused("unknown character", pack(random_tensors()),
                            vocabulary().replace(b"!", "\u20ac".encode(), 1))


if __name__ == "__main__":
    tap.main()
