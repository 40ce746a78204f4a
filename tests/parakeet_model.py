# SPDX-License-Identifier: MIT
"""Makes a model for libparakeet that says the same sentence of any sound.

As whisper_model.py does for libwhisper: the file has every weight that a real model has, and all are
zero but for those of the decoder that make one token follow another. Each token has a dimension of
its own in which its embedding is one. The cell of the recurrent layer takes that over and forgets
what was before, and the joint network turns it into the next token and into how long this one is.
"""

import struct

from whisper_model import Weights

TOKENS = ("<unk>", "▁The", "▁local", "▁en", "gine", "▁has", "▁spoken", ".")
SENTENCE = "The local engine has spoken."
FIRST = 1  # what is said first; the others follow in their order

WIDTH = 32
HEADS = 2
LAYERS = 1
CONTEXT = 5000
MELS = 128
FOURIER = 512
CHANNELS = 4
SUBSAMPLING = 8
KERNEL = 9
DURATIONS = (0, 1, 2, 3, 4)
LONGEST = len(DURATIONS) - 1
FRAME = 0.08  # seconds
WORD_SECONDS = DURATIONS[LONGEST] * FRAME
BLANK = len(TOKENS)

OPEN = 10.0  # a gate whose sigmoid is as good as one
STRONG = 20.0


def single(*shape, fill=0.0):
    return Weights(*shape, single=True, fill=fill)


def before_encoder():
    features = MELS // SUBSAMPLING * CHANNELS
    weights = {"encoder.pre_encode.out.weight": single(WIDTH, features),
               "encoder.pre_encode.out.bias": single(WIDTH)}
    for number, inner in ((0, 1), (2, 1), (3, CHANNELS), (5, 1), (6, CHANNELS)):
        size = 1 if inner == CHANNELS else 3
        weights[f"encoder.pre_encode.conv.{number}.weight"] = single(CHANNELS, inner, size, size)
        weights[f"encoder.pre_encode.conv.{number}.bias"] = single(1, CHANNELS, 1, 1)
    return weights


def layer(number):
    weights = {}
    for norm in ("norm_feed_forward1", "norm_conv", "norm_self_att", "norm_feed_forward2",
                 "norm_out", "conv.batch_norm"):
        weights[f"{norm}.weight"] = single(WIDTH, fill=1.0)
        weights[f"{norm}.bias"] = single(WIDTH)
    for part in ("feed_forward1", "feed_forward2"):
        weights[f"{part}.linear1.weight"] = single(4 * WIDTH, WIDTH)
        weights[f"{part}.linear2.weight"] = single(WIDTH, 4 * WIDTH)
    weights["conv.pointwise_conv1.weight"] = single(2 * WIDTH, WIDTH)
    weights["conv.depthwise_conv.weight"] = single(WIDTH, KERNEL)
    weights["conv.pointwise_conv2.weight"] = single(WIDTH, WIDTH)
    weights["conv.batch_norm.running_mean"] = single(WIDTH)
    weights["conv.batch_norm.running_var"] = single(WIDTH, fill=1.0)
    weights["conv.batch_norm.num_batches_tracked"] = single(1)
    for part in ("q", "k", "v", "out", "pos"):
        weights[f"self_attn.linear_{part}.weight"] = single(WIDTH, WIDTH)
    for part in ("u", "v"):
        weights[f"self_attn.pos_bias_{part}"] = single(HEADS, WIDTH // HEADS)
    return {f"encoder.layers.{number}.{name}": value for name, value in weights.items()}


def decoder():
    """The gates of the recurrent layer stand below each other: input, forget, output, cell."""
    embedding = single(len(TOKENS) + 1, WIDTH)
    inputs = single(4 * WIDTH, WIDTH)
    biases = single(4 * WIDTH)
    prediction = single(WIDTH, WIDTH)
    joint = single(len(TOKENS) + 1 + len(DURATIONS), WIDTH)
    for dimension in range(WIDTH):
        biases.set(0, dimension, OPEN)
        biases.set(0, WIDTH + dimension, -OPEN)
        biases.set(0, 2 * WIDTH + dimension, OPEN)
        inputs.set(3 * WIDTH + dimension, dimension, OPEN)
        prediction.set(dimension, dimension, 1.0)
    for token in (BLANK, *range(FIRST, len(TOKENS))):
        successor = FIRST if token == BLANK else token + 1  # behind the last comes the blank
        embedding.set(token, token, 1.0)
        joint.set(successor, token, STRONG)
        joint.set(len(TOKENS) + 1 + LONGEST, token, STRONG)
    return {
        "decoder.prediction.embed.weight": embedding,
        "decoder.prediction.dec_rnn.lstm.weight_ih_l0": inputs,
        "decoder.prediction.dec_rnn.lstm.weight_hh_l0": single(4 * WIDTH, WIDTH),
        "decoder.prediction.dec_rnn.lstm.bias_h_l0": biases,
        "joint.pred.weight": prediction,
        "joint.pred.bias": single(WIDTH),
        "joint.enc.weight": single(WIDTH, WIDTH),
        "joint.enc.bias": single(WIDTH),
        "joint.joint_net.2.weight": joint,
        "joint.joint_net.2.bias": single(len(TOKENS) + 1 + len(DURATIONS)),
    }


def write(path):
    """Writes the model."""
    with open(path, "wb") as file:
        file.write(struct.pack("<16i", 0x67676d6c, len(TOKENS), CONTEXT, WIDTH, HEADS, LAYERS, MELS,
                               0, FOURIER, SUBSAMPLING, CHANNELS, KERNEL, WIDTH, 1, len(DURATIONS),
                               10))
        file.write(struct.pack("<2i", MELS, FOURIER // 2 + 1))
        file.write(bytes(4 * MELS * (FOURIER // 2 + 1)))
        file.write(struct.pack("<i", FOURIER) + bytes(4 * FOURIER))
        file.write(struct.pack(f"<{len(DURATIONS)}i", *DURATIONS))
        file.write(struct.pack("<i", len(TOKENS)))
        for token in TOKENS:
            encoded = token.encode()
            file.write(struct.pack("<i", len(encoded)) + encoded)
        weights = before_encoder()
        for number in range(LAYERS):
            weights.update(layer(number))
        weights.update(decoder())
        for name, value in weights.items():
            value.write(file, name)
