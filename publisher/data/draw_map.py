#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""outlines.csv and divisions.csv -> the district map as it is drawn (README.md beside this file).

draw_map.py [--outlines outlines.csv] [--divisions divisions.csv] > ../desk/map.json

Lays the outlines on a sheet (north up, true in shape at its middle), drops points nobody could see, and finds each
district the place where its name has most room. Districts too small for their names are drawn a second time, larger,
on a sheet of their own. Exit 65 names a district whose name has no room even there.
"""
import argparse
import csv
import json
import math
import os
import sys

HEIGHT, MARGIN = 1280, 16  # of the sheet, in its own units: half a pixel where it is shown at its usual size
NAME, SMALL_NAME = 30, 26  # heights of a name's letters; a sign of the same height stands below it
LARGER = 430               # width and height at most of what is drawn larger
LEAST_ROOM = 0.6           # there, of what a name and its sign would like
HERE = os.path.dirname(os.path.abspath(__file__))


def fail(sentence):
    print("draw_map: " + sentence, file=sys.stderr)
    sys.exit(65)


def rows_of(path):
    with open(path, encoding="utf-8") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def rings_of(path):
    """{code: [[(lon, lat), ...], ...]}"""
    found = {}
    for row in rows_of(path):
        points = [tuple(map(float, point.split(","))) for point in row["polygon"].split()]
        found.setdefault(row["code"], []).append([(lon, lat) for lat, lon in points])
    return found


def bounds(shapes):
    xs, ys = zip(*[point for rings in shapes.values() for ring in rings for point in ring])
    return min(xs), min(ys), max(xs), max(ys)


def laid(shapes, scale, left, top, box):
    """On the sheet: x to the right, y down, from the corner (left, top)."""
    return {code: [[(left + (x - box[0]) * scale, top + (box[3] - y) * scale) for x, y in ring] for ring in rings]
            for code, rings in shapes.items()}


def away(point, a, b):
    """How far the point is from the line between a and b."""
    (x, y), (ax, ay), (bx, by) = point, a, b
    dx, dy = bx - ax, by - ay
    length = dx * dx + dy * dy
    t = max(0, min(1, ((x - ax) * dx + (y - ay) * dy) / length)) if length else 0
    return math.hypot(x - ax - t * dx, y - ay - t * dy)


def thinned(points, most=1.0):
    """Douglas and Peucker: no point that was left out lies further than `most` from what is left."""
    if len(points) < 3:
        return points
    far = max(range(1, len(points) - 1), key=lambda n: away(points[n], points[0], points[-1]))
    if away(points[far], points[0], points[-1]) <= most:
        return [points[0], points[-1]]
    return thinned(points[:far + 1], most)[:-1] + thinned(points[far:], most)


def path_of(rings):
    """SVG's words for it, in whole units, each point from the one before."""
    words = []
    for ring in rings:
        half = len(ring) // 2
        points = [(round(x), round(y)) for x, y in thinned(ring[:half + 1])[:-1] + thinned(ring[half:])[:-1]]
        at, steps = points[0], []
        for x, y in points[1:]:
            if (x, y) != at:
                steps.append("%d %d" % (x - at[0], y - at[1]))
            at = x, y
        words.append("M%d %dl%sz" % (*points[0], " ".join(steps).replace(" -", "-")))
    return "".join(words)


def inside(x, y, rings):
    crossed = False
    for ring in rings:
        for (ax, ay), (bx, by) in zip(ring, ring[1:]):
            if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
                crossed = not crossed
    return crossed


def place(rings, name, height, frame=()):
    """Where the name and the sign below it have most room: (room, x, y). Room 1 is just enough. Measured on a sheet
    squeezed until the two lines are as wide as they are high. Nothing is written over the frame or inside of it."""
    wide = max(len(name), 3) * height / (2.3 * height)
    squeezed, framed = ([[(x / wide, y) for x, y in ring] for ring in shape] for shape in (rings, frame))
    x0, y0, x1, y1 = bounds({"": squeezed})
    best = (0, 0, 0)
    for row in range(1, 40):
        for column in range(1, 40):
            x, y = x0 + (x1 - x0) * column / 40, y0 + (y1 - y0) * row / 40
            if inside(x, y, squeezed) and not inside(x, y, framed):
                room = min(away((x, y), a, b) for ring in squeezed + framed for a, b in zip(ring, ring[1:]))
                best = max(best, (room / (1.15 * height), x * wide, y))
    return best[0], round(best[1]), round(best[2])


def ground(scale, box, cosine):
    """Longitude and latitude of the sheet's corner, and its units in a degree of each: for whoever draws on it."""
    return [round((box[0] - MARGIN / scale) / cosine, 6), round(box[3] + MARGIN / scale, 6), round(scale * cosine, 3), round(scale, 3)]


def sheet(shapes, scale, cosine, names, height, small=()):
    """One drawing: its size, where it lies and its shapes; the small ones are framed, and named elsewhere."""
    box = bounds(shapes)
    width, high = (math.ceil((box[n + 2] - box[n]) * scale) + 2 * MARGIN for n in (0, 1))
    shapes = laid(shapes, scale, MARGIN, MARGIN, box)
    found, frame, drawing = [], [], {"width": width, "height": high, "ground": ground(scale, box, cosine)}
    if small:
        x0, y0, x1, y1 = bounds({code: shapes[code] for code in small})
        x0, y0, x1, y1 = round(x0) - 6, round(y0) - 6, round(x1) + 6, round(y1) + 6
        frame, drawing["larger"] = [[(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)]], [x0, y0, x1 - x0, y1 - y0]
    for code, rings in sorted(shapes.items()):
        shape = {"code": code, "zh": names[code]["name_zh"], "en": names[code]["name_en"], "path": path_of(rings)}
        if code not in small:
            room, x, y = place(rings, shape["zh"], height, frame)
            if room < LEAST_ROOM:
                fail("%s has no room for its name, even drawn larger (%.2f)" % (code, room))
            shape["at"] = [x, y]
        found.append(shape)
    return {**drawing, "shapes": found}


def sheets(outlines, names):
    """The map, and what is too small on it again."""
    lats = [y for rings in outlines.values() for ring in rings for _, y in ring]
    cosine = math.cos(math.radians((min(lats) + max(lats)) / 2))
    plane = {code: [[(x * cosine, y) for x, y in ring] for ring in rings] for code, rings in outlines.items()}
    box = bounds(plane)
    scale = (HEIGHT - 2 * MARGIN) / (box[3] - box[1])
    small = {code: plane[code] for code, rings in laid(plane, scale, 0, 0, box).items()
             if place(rings, names[code]["name_zh"], NAME)[0] < 1}
    if not small:
        return [sheet(plane, scale, cosine, names, NAME)]
    inner = bounds(small)
    larger = LARGER / max(inner[2] - inner[0], inner[3] - inner[1])
    return [sheet(plane, scale, cosine, names, NAME, small), sheet(small, larger, cosine, names, SMALL_NAME)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--outlines", default=os.path.join(HERE, "outlines.csv"))
    parser.add_argument("--divisions", default=os.path.join(HERE, "divisions.csv"))
    options = parser.parse_args()
    names = {row["code"]: row for row in rows_of(options.divisions)}
    outlines = rings_of(options.outlines)
    for code in outlines:
        if code not in names:
            fail("%s has an outline and is no division" % code)
    found = []
    for one in sheets(outlines, names):
        lines = ",\n".join(json.dumps(shape, ensure_ascii=False) for shape in one.pop("shapes"))
        found.append(json.dumps(one)[:-1] + ', "shapes": [\n' + lines + "\n]}")
    print('{"SPDX-License-Identifier: Apache-2.0": "made by draw_map.py from outlines.csv",\n"sheets": [' + ",\n".join(found) + "]}")


if __name__ == "__main__":
    main()
