#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Makes whisper.cpp's model file of a Whisper model in CTranslate2's format.

    ctranslate2_to_ggml.py MODEL.BIN VOCABULARY.TXT RESULT [f16|q8_0|q5_1]

CTranslate2's file: version, name and revision of the kind of model, number of tensors; for each its
name, dimensions, type and values; then names that stand for another one's tensor. whisper.cpp's:
eleven numbers, the mel filters, the tokens, the tensors, each after its dimensions, type and name.
"""
import re
import struct
import sys

import numpy

MAGIC = 0x67676D6C
BLOCK = 32  # values that share one scale in a quantised tensor
# whisper.cpp's numbers: of a tensor's type, and of the type that most tensors of a file have.
# Quantised files add a thousand times the version of the quantisation, 2.
TENSOR_TYPES = {'f32': 0, 'f16': 1, 'q5_1': 7, 'q8_0': 8}
FILE_TYPES = {'f16': 1, 'q5_1': 2009, 'q8_0': 2007}
# CTranslate2's numbers of types, as far as Whisper's files have them.
NUMPY_TYPES = {0: '<f4', 1: 'i1', 2: '<i2', 3: '<i4', 4: '<f2'}

MEL_SAMPLE_RATE = 16000
MEL_FFT = 400
TEXT_TOKENS = 50257


class FormatError(Exception):
    """The file is not what it should be."""


class Reader:
    """Reads CTranslate2's file, which was read as a whole."""

    def __init__(self, data):
        self.data = data
        self.position = 0

    def bytes(self, length):
        end = self.position + length
        if end > len(self.data):
            raise FormatError('the model ends too early')
        part = self.data[self.position:end]
        self.position = end
        return part

    def number(self, kind):
        return struct.unpack('<' + kind, self.bytes(struct.calcsize('<' + kind)))[0]

    def string(self):
        return bytes(self.bytes(self.number('H'))).rstrip(b'\0').decode()

    def tensor(self):
        shape = [self.number('I') for _ in range(self.number('B'))]
        kind = NUMPY_TYPES.get(self.number('B'))
        values = self.bytes(self.number('I'))
        if kind is None:
            raise FormatError('the model has a tensor of an unknown type')
        try:
            return numpy.frombuffer(values, kind).reshape(shape)
        except ValueError as error:
            raise FormatError(f'a tensor of the model is not whole: {error}') from error


def read_ctranslate2(data):
    """The tensors of CTranslate2's file by name."""
    reader = Reader(memoryview(data))
    version = reader.number('I')
    kind = reader.string()
    reader.number('I')
    if version != 6 or kind != 'WhisperSpec':
        raise FormatError(f'not a Whisper model of CTranslate2: version {version}, "{kind[:40]}"')
    return {reader.string(): reader.tensor() for _ in range(reader.number('I'))}


def attention(tensors, source, goal):
    """Query, key and value stand in one matrix, or key and value in one. Keys have no bias."""
    width = tensors[f'{source}/layer_norm/gamma'].shape[0]
    weights, biases, parts = [], [], 0
    while f'{source}/linear_{parts}/weight' in tensors:
        weights.append(tensors[f'{source}/linear_{parts}/weight'])
        biases.append(tensors[f'{source}/linear_{parts}/bias'])
        parts += 1
    weight, bias = numpy.concatenate(weights), numpy.concatenate(biases)
    if weight.shape[0] != 4 * width:
        raise FormatError(f'{source} has {weight.shape[0]} rows in place of {4 * width}')
    for index, part in enumerate(('query', 'key', 'value', 'out')):
        rows = slice(index * width, (index + 1) * width)
        yield f'{goal}.{part}.weight', weight[rows]
        if part != 'key':
            yield f'{goal}.{part}.bias', bias[rows]
        elif bias[rows].any():
            raise FormatError(f'{source} has a bias for its keys')


def linear(tensors, source, goal):
    yield f'{goal}.weight', tensors[f'{source}/weight']
    yield f'{goal}.bias', tensors[f'{source}/bias']


def norm(tensors, source, goal):
    yield f'{goal}.weight', tensors[f'{source}/layer_norm/gamma']
    yield f'{goal}.bias', tensors[f'{source}/layer_norm/beta']


def layers(tensors, half):
    return 1 + max(int(match[1]) for match in
                   (re.match(half + r'/layer_(\d+)/', name) for name in tensors) if match)


def block(tensors, half, index):
    source, goal = f'{half}/layer_{index}', f'{half}.blocks.{index}'
    yield from linear(tensors, f'{source}/ffn/linear_0', f'{goal}.mlp.0')
    yield from linear(tensors, f'{source}/ffn/linear_1', f'{goal}.mlp.2')
    yield from norm(tensors, f'{source}/ffn', f'{goal}.mlp_ln')
    yield from attention(tensors, f'{source}/self_attention', f'{goal}.attn')
    yield from norm(tensors, f'{source}/self_attention', f'{goal}.attn_ln')
    if half == 'decoder':
        yield from attention(tensors, f'{source}/attention', f'{goal}.cross_attn')
        yield from norm(tensors, f'{source}/attention', f'{goal}.cross_attn_ln')


def whisper_tensors(tensors):
    """The tensors by OpenAI's names, as pairs."""
    yield 'encoder.positional_embedding', tensors['encoder/position_encodings/encodings']
    for convolution in ('conv1', 'conv2'):
        yield f'encoder.{convolution}.weight', tensors[f'encoder/{convolution}/weight']
        yield f'encoder.{convolution}.bias', tensors[f'encoder/{convolution}/bias'].reshape(-1, 1)
    for index in range(layers(tensors, 'encoder')):
        yield from block(tensors, 'encoder', index)
    yield from norm(tensors, 'encoder', 'encoder.ln_post')
    yield 'decoder.positional_embedding', tensors['decoder/position_encodings/encodings']
    yield 'decoder.token_embedding.weight', tensors['decoder/embeddings/weight']
    for index in range(layers(tensors, 'decoder')):
        yield from block(tensors, 'decoder', index)
    yield from norm(tensors, 'decoder', 'decoder.ln')


def mel_filters(count):
    """Triangles of the same area on Slaney's mel scale: linear up to 1 kHz, then logarithmic.

    The order and precision of the steps are librosa's, which OpenAI's filters were made with, so that
    they have the same bits, to the sign of a zero.
    """
    step, first, log_step = 200.0 / 3, 15.0, numpy.log(6.4) / 27.0
    top = first + numpy.log(MEL_SAMPLE_RATE / 2 / 1000) / log_step
    mels = numpy.linspace(0, top, count + 2)
    edges = numpy.where(mels < first, step * mels, 1000 * numpy.exp(log_step * (mels - first)))
    bins = numpy.linspace(0, MEL_SAMPLE_RATE / 2, MEL_FFT // 2 + 1)
    widths, distances = numpy.diff(edges)[:, None], edges[:, None] - bins
    rising, falling = -distances[:-2] / widths[:-1], distances[2:] / widths[1:]
    triangles = numpy.maximum(0, numpy.minimum(rising, falling)).astype('<f4')
    return (triangles * (2.0 / (edges[2:] - edges[:-2]))[:, None]).astype('<f4')


def read_tokens(vocabulary):
    """The text tokens as bytes. The vocabulary shows each byte as one printable character."""
    shown = [*range(ord('!'), ord('~') + 1), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = [byte for byte in range(256) if byte not in shown]
    alphabet = {chr(byte): byte for byte in shown}
    alphabet.update({chr(256 + index): byte for index, byte in enumerate(hidden)})
    lines = vocabulary.decode().split('\n')[:TEXT_TOKENS]
    if len(lines) < TEXT_TOKENS:
        raise FormatError(f'the vocabulary has {len(lines)} lines in place of {TEXT_TOKENS}')
    try:
        return [bytes(alphabet[character] for character in line) for line in lines]
    except KeyError as error:
        raise FormatError(f'the vocabulary has an unknown character: {error}') from error


def quantise_q8_0(values):
    """A scale in half precision, then one signed byte per value."""
    blocks = values.astype('<f4').reshape(-1, BLOCK)
    scale = numpy.abs(blocks).max(axis=1, keepdims=True) / numpy.float32(127)
    scaled = blocks * numpy.divide(1, scale, out=numpy.zeros_like(scale), where=scale != 0)
    # half a step away from zero, as C's roundf() does
    rounded = numpy.trunc(scaled + numpy.copysign(numpy.float32(0.5), scaled)).astype('i1')
    return numpy.concatenate((scale.astype('<f2').view('u1'), rounded.view('u1')), axis=1).tobytes()


def quantise_q5_1(values):
    """Scale and minimum in half precision, the fifth bits, then two values' four bits per byte."""
    blocks = values.astype('<f4').reshape(-1, BLOCK)
    low = blocks.min(axis=1, keepdims=True)
    scale = (blocks.max(axis=1, keepdims=True) - low) / numpy.float32(31)
    inverse = numpy.divide(1, scale, out=numpy.zeros_like(scale), where=scale != 0)
    steps = ((blocks - low) * inverse + numpy.float32(0.5)).astype('u1')
    half = BLOCK // 2
    fifth = numpy.packbits(steps >> 4, axis=1, bitorder='little')
    nibbles = (steps[:, :half] & 15) | ((steps[:, half:] & 15) << 4)
    return numpy.concatenate((scale.astype('<f2').view('u1'), low.astype('<f2').view('u1'), fifth,
                              nibbles), axis=1).tobytes()


QUANTISERS = {'q8_0': quantise_q8_0, 'q5_1': quantise_q5_1}


def encode_tensor(name, values, kind):
    """What whisper.cpp's file has of a tensor: matrices in the file's type, everything else exact."""
    if values.ndim < 2 or name.endswith('positional_embedding') or name in (
            'encoder.conv1.bias', 'encoder.conv2.bias'):
        kind = 'f32'
    elif values.ndim > 2:
        kind = 'f16'
    if kind in QUANTISERS:
        if values.shape[-1] % BLOCK:
            raise FormatError(f'{name} cannot be quantised: its rows have {values.shape[-1]} values')
        data = QUANTISERS[kind](values)
    else:
        data = values.astype('<f4' if kind == 'f32' else '<f2').tobytes()
    encoded = name.encode()
    return struct.pack(f'<{3 + values.ndim}i', values.ndim, len(encoded), TENSOR_TYPES[kind],
                       *reversed(values.shape)) + encoded + data


def convert(model, vocabulary, kind='f16'):
    """whisper.cpp's file, in parts, of the bytes of the two files that CTranslate2 has."""
    tensors = read_ctranslate2(model)
    try:
        audio_context, width = tensors['encoder/position_encodings/encodings'].shape
        text_context = tensors['decoder/position_encodings/encodings'].shape[0]
        vocabulary_size = tensors['decoder/embeddings/weight'].shape[0]
        mels = tensors['encoder/conv1/weight'].shape[1]
        yield struct.pack('<12i', MAGIC, vocabulary_size, audio_context, width,
                          tensors['encoder/num_heads'], layers(tensors, 'encoder'), text_context,
                          width, tensors['decoder/num_heads'], layers(tensors, 'decoder'), mels,
                          FILE_TYPES[kind])
        filters = mel_filters(mels)
        yield struct.pack('<2i', *filters.shape) + filters.tobytes()
        tokens = read_tokens(vocabulary)
        yield struct.pack('<i', len(tokens))
        yield b''.join(struct.pack('<i', len(token)) + token for token in tokens)
        for name, values in whisper_tensors(tensors):
            yield encode_tensor(name, values, kind)
    except KeyError as error:
        raise FormatError(f'the model has no {error}') from error


def main(model_path, vocabulary_path, result_path, kind='f16'):
    with open(model_path, 'rb') as model, open(vocabulary_path, 'rb') as vocabulary:
        parts = convert(model.read(), vocabulary.read(), kind)
    with open(result_path, 'wb') as result:
        for part in parts:
            result.write(part)


if __name__ == '__main__':
    if not 4 <= len(sys.argv) <= 5 or len(sys.argv) == 5 and sys.argv[4] not in FILE_TYPES:
        sys.exit(__doc__)
    try:
        main(*sys.argv[1:])
    except (FormatError, OSError) as error:
        sys.exit(f'ctranslate2_to_ggml.py: {error}')
