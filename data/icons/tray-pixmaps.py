#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Draws the tray icons and writes their pixels as a table in C.

A panel that does not find an icon's name shows these instead: ARGB32 in network byte order, not
premultiplied, as StatusNotifierItem wants it.
"""

import argparse
import pathlib
import struct
import subprocess
import zlib

SIZES = (22, 32, 48)
SUFFIX = "-symbolic"
BYTES_PER_LINE = 16


def chunks(png):
    """The chunks of a PNG file, as type and data."""
    position = 8
    while position < len(png):
        length, kind = struct.unpack_from(">I4s", png, position)
        yield kind, png[position + 8 : position + 8 + length]
        position += length + 12


def paeth(left, above, corner):
    """The predictor of PNG's filter 4 (PNG specification, section 9.4)."""
    guess = left + above - corner
    return min((abs(guess - left), 0, left), (abs(guess - above), 1, above), (abs(guess - corner), 2, corner))[2]


def unfilter(kind, row, above, step):
    """One row of a PNG with its filter taken away."""
    result = bytearray()
    for i, byte in enumerate(row):
        left = result[i - step] if i >= step else 0
        corner = above[i - step] if i >= step else 0
        prediction = (0, left, above[i], (left + above[i]) // 2, paeth(left, above[i], corner))[kind]
        result.append((byte + prediction) & 0xFF)
    return result


def argb(png, size):
    """The pixels of a square RGBA PNG file, as ARGB."""
    data = b""
    for kind, content in chunks(png):
        if kind == b"IHDR":
            assert struct.unpack(">IIBBBBB", content) == (size, size, 8, 6, 0, 0, 0), content
        elif kind == b"IDAT":
            data += content
    data = zlib.decompress(data)

    stride = size * 4
    above = bytearray(stride)
    pixels = bytearray()
    for start in range(0, len(data), stride + 1):
        above = unfilter(data[start], data[start + 1 : start + 1 + stride], above, 4)
        for x in range(0, stride, 4):
            red, green, blue, alpha = above[x : x + 4]
            pixels += bytes((alpha, red, green, blue))
    return pixels


def draw(converter, icon, size):
    command = [converter, "--width", str(size), "--height", str(size), str(icon)]
    return argb(subprocess.run(command, check=True, capture_output=True).stdout, size)


def write_array(output, name, pixels):
    output.write(f"static const guint8 {name}[] = {{\n")
    for start in range(0, len(pixels), BYTES_PER_LINE):
        line = ", ".join(str(byte) for byte in pixels[start : start + BYTES_PER_LINE])
        output.write(f"  {line},\n")
    output.write("};\n\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--converter", help="rsvg-convert; without it the table is empty")
    parser.add_argument("--output", required=True)
    parser.add_argument("icons", nargs="+", type=pathlib.Path)
    arguments = parser.parse_args()

    rows = []
    with open(arguments.output, "w", encoding="ascii") as output:
        output.write('#include "tray-pixmaps.h"\n\n')
        for icon in arguments.icons if arguments.converter else ():
            state = icon.stem.removesuffix(SUFFIX)
            for size in SIZES:
                name = f"{state}_{size}"
                write_array(output, name, draw(arguments.converter, icon, size))
                rows.append(f'  {{ "{state}", {size}, {name} }},\n')
        output.write("const WhisTrayPixmap whis_tray_pixmap_table[] = {\n")
        output.writelines(rows)
        output.write("  { NULL, 0, NULL },\n};\n")


if __name__ == "__main__":
    main()
