#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Makes a browser's picture of a page small enough to be kept in docs/images: at most 256 colours, each pixel the nearest of
them. A page has few colours, and many in between where letters end.

usage: smaller_png.py FILE.png...    in place; only PNG of 8 bits, RGB or RGBA, not interlaced, as browsers write them"""
import collections
import struct
import sys
import zlib

SIGNATURE, COLOURS = b"\x89PNG\r\n\x1a\n", 256


def chunks(data):
    at = len(SIGNATURE)
    while at < len(data):
        length, = struct.unpack_from(">I", data, at)
        yield data[at + 4:at + 8], data[at + 8:at + 8 + length]
        at += 12 + length


def paeth(left, up, corner):
    guess = left + up - corner
    far = abs(guess - left), abs(guess - up), abs(guess - corner)
    return (left, up, corner)[far.index(min(far))]


def unfiltered(kind, row, before, size):
    """A row as it was before PNG's filter of this kind (PNG, section 9)."""
    for i in range(len(row)) if kind else ():
        left, corner = (row[i - size], before[i - size]) if i >= size else (0, 0)
        row[i] = (row[i] + (left, before[i], (left + before[i]) // 2, paeth(left, before[i], corner))[kind - 1]) & 255
    return row


def pixels(data):
    """-> width, [[(red, green, blue)] a row]"""
    parts = list(chunks(data))
    width, height, depth, kind, _, _, interlaced = struct.unpack(">IIBBBBB", parts[0][1])
    if data[:8] != SIGNATURE or depth != 8 or kind not in (2, 6) or interlaced:
        raise ValueError("not a PNG of 8 bits, RGB or RGBA, not interlaced")
    size = 3 if kind == 2 else 4
    raw = zlib.decompress(b"".join(body for name, body in parts if name == b"IDAT"))
    rows, before = [], bytearray(width * size)
    for y in range(height):
        at = y * (width * size + 1)
        before = unfiltered(raw[at], bytearray(raw[at + 1:at + 1 + width * size]), before, size)
        rows.append(list(zip(before[0::size], before[1::size], before[2::size])))
    return width, rows


def palette(rows):
    """-> the colours, {each colour there is: the number of the nearest}"""
    seen = collections.Counter(colour for row in rows for colour in row)
    kept = []
    for colour, _ in seen.most_common():  # the commonest, and of those alike only one
        if len(kept) == COLOURS:
            break
        if all(sum((a - b) ** 2 for a, b in zip(colour, other)) > 40 for other in kept):
            kept.append(colour)
    numbers = range(len(kept))
    return kept, {colour: min(numbers, key=lambda n, c=colour: sum((a - b) ** 2 for a, b in zip(c, kept[n]))) for colour in seen}


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def smaller(data):
    width, rows = pixels(data)
    colours, number = palette(rows)
    lines = b"".join(b"\0" + bytes(number[colour] for colour in row) for row in rows)
    return (SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", width, len(rows), 8, 3, 0, 0, 0)) +
            chunk(b"PLTE", bytes(value for colour in colours for value in colour)) +
            chunk(b"IDAT", zlib.compress(lines, 9)) + chunk(b"IEND", b""))


if __name__ == "__main__":
    if len(sys.argv) < 2:
        print(__doc__.strip().splitlines()[-1], file=sys.stderr)
        sys.exit(64)
    for path in sys.argv[1:]:
        with open(path, "rb") as picture:
            made = smaller(picture.read())
        with open(path, "wb") as picture:
            picture.write(made)
