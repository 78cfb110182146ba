#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""GeoJSON of divisions -> outlines.csv (README.md beside this file).

import_outlines.py [--gcj02] [--accuracy METRES] [--divisions divisions.csv] GEOJSON > outlines.csv

Each feature's code is its `id`, or a property `code` or `adcode`. --gcj02: the coordinates are in the Chinese map
datum and are taken back to WGS-84. Codes are held against divisions.csv: every district there must have its outline
and no other may. Holes are refused: what lies in a hole would belong to nobody. Exit 65 names what is wrong.
"""
import argparse
import csv
import json
import math
import os
import sys

AXIS, SQUARE_OF_ECCENTRICITY = 6378245.0, 0.00669342162296594323  # Krassovsky 1940, as GCJ-02 uses them


def wave(x, y, long_x):
    """The sines both shifts share, and those along one axis."""
    along = x if long_x else y
    result = (20 * math.sin(6 * x * math.pi) + 20 * math.sin(2 * x * math.pi)) * 2 / 3
    result += (20 * math.sin(along * math.pi) + 40 * math.sin(along / 3 * math.pi)) * 2 / 3
    if long_x:
        return result + (150 * math.sin(x / 12 * math.pi) + 300 * math.sin(x / 30 * math.pi)) * 2 / 3
    return result + (160 * math.sin(y / 12 * math.pi) + 320 * math.sin(y * math.pi / 30)) * 2 / 3


def shift(lat, lon):
    """How far GCJ-02 moves a point of WGS-84, in degrees."""
    x, y = lon - 105, lat - 35
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + wave(x, y, False)
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + wave(x, y, True)
    sine = math.sin(math.radians(lat))
    magic = 1 - SQUARE_OF_ECCENTRICITY * sine * sine
    root = math.sqrt(magic)
    north = north * 180 / (AXIS * (1 - SQUARE_OF_ECCENTRICITY) / (magic * root) * math.pi)
    east = east * 180 / (AXIS / root * math.cos(math.radians(lat)) * math.pi)
    return north, east


def to_wgs84(lat, lon):
    """The point that GCJ-02 moves to this one, by going back and looking again."""
    at_lat, at_lon = lat, lon
    for _ in range(8):
        north, east = shift(at_lat, at_lon)
        at_lat, at_lon = lat - north, lon - east
    return at_lat, at_lon


def fail(sentence):
    print("import_outlines: " + sentence, file=sys.stderr)
    sys.exit(65)


def code_of(feature):
    properties = feature.get("properties") or {}
    code = str(feature.get("id") or properties.get("code") or properties.get("adcode") or "")
    if not code.isdigit() or len(code) not in (6, 9, 12):
        fail("a feature has no code of 6, 9 or 12 digits (id, code, adcode): %s" % json.dumps(properties)[:200])
    return code


def polygons_of(feature):
    geometry = feature["geometry"]
    if geometry["type"] not in ("Polygon", "MultiPolygon"):
        fail("%s is a %s, not a polygon" % (code_of(feature), geometry["type"]))
    return geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]


def ring_text(ring, gcj02):
    """latitude,longitude of each point, as CAP writes a polygon; the last is the first."""
    points = []
    for lon, lat in (point[:2] for point in ring):
        if gcj02:
            lat, lon = to_wgs84(lat, lon)
        point = "%.5f,%.5f" % (lat, lon)
        if not points or points[-1] != point:
            points.append(point)
    if points[0] != points[-1]:
        points.append(points[0])
    return " ".join(points)


def check_codes(codes, path):
    with open(path, encoding="utf-8") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    wanted = {row["code"] for row in rows if row["level"] == "district"}
    for code in sorted(wanted - codes):
        fail("%s has no outline" % code)
    for code in sorted(codes - wanted):
        fail("%s is not a district of %s" % (code, path))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("geojson")
    parser.add_argument("--gcj02", action="store_true", help="the coordinates are GCJ-02")
    parser.add_argument("--accuracy", type=int, default=200, help="metres by which an outline may be off")
    parser.add_argument("--divisions", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "divisions.csv"))
    options = parser.parse_args()
    with open(options.geojson, encoding="utf-8") as file:
        features = json.load(file)["features"]
    check_codes({code_of(feature) for feature in features}, options.divisions)
    print("# Outlines of divisions, WGS-84, latitude first; README.md beside this file.\ncode,accuracy_m,polygon")
    for feature in sorted(features, key=code_of):
        for rings in polygons_of(feature):
            if len(rings) != 1:
                fail("%s has a hole" % code_of(feature))
            print('%s,%d,"%s"' % (code_of(feature), options.accuracy, ring_text(rings[0], options.gcj02)))


if __name__ == "__main__":
    main()
