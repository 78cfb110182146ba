# SPDX-License-Identifier: Apache-2.0
"""The outlines of the districts are what the importer makes of their source, and the importer refuses what it cannot be
sure of."""
import json
import os
import subprocess
import sys

import pytest

from tree import SOURCE

DATA = os.path.join(SOURCE, "publisher", "data")
IMPORTER = os.path.join(DATA, "import_outlines.py")
SHARED = os.environ.get("TOCSIN_SHARED", os.path.join(SOURCE, os.pardir, "shared"))
MAP = os.path.join(SHARED, "corpus", "map", "tianjin_echarts49_decoded.geojson")
SQUARE = [[117.0, 40.0], [117.1, 40.0], [117.1, 40.1], [117.0, 40.1], [117.0, 40.0]]


def imported(*arguments):
    return subprocess.run([sys.executable, IMPORTER, *arguments], capture_output=True, text=True, check=False)


def test_outlines_come_from_their_source():
    if not os.path.exists(MAP):
        pytest.skip("the corpus is not here (%s): outlines.csv is NOT compared with its source" % SHARED)
    done = imported("--gcj02", "--accuracy", "200", MAP)
    assert done.returncode == 0, done.stderr
    with open(os.path.join(DATA, "outlines.csv"), encoding="utf-8") as file:
        assert file.read() == done.stdout


def test_the_datum_is_taken_back():
    """A point of Tian'anmen in both datums, as the shift is published; and there and back is where it was."""
    sys.path.insert(0, DATA)
    sys.dont_write_bytecode = True
    import import_outlines
    lat, lon = import_outlines.to_wgs84(39.9101255, 116.4037396)
    assert abs(lat - 39.908722) < 1e-6 and abs(lon - 116.397496) < 1e-6
    north, east = import_outlines.shift(lat, lon)
    assert abs(lat + north - 39.9101255) < 1e-9 and abs(lon + east - 116.4037396) < 1e-9


def feature(code, rings=None, kind="Polygon"):
    return {"type": "Feature", "properties": {"adcode": code}, "geometry": {"type": kind, "coordinates": rings or [SQUARE]}}


def write(path, features, rows):
    (path / "map.geojson").write_text(json.dumps({"features": features}), encoding="utf-8")
    (path / "divisions.csv").write_text("code,name_zh,name_en,level,parent,slug\n" + "".join(
        "%s,区,District,district,,\n" % code for code in rows), encoding="utf-8")
    return imported("--divisions", str(path / "divisions.csv"), str(path / "map.geojson"))


@pytest.mark.parametrize("features,rows,word", (
    ([feature("120101")], ["120101", "120102"], "120102 has no outline"),
    ([feature("120101"), feature("130000")], ["120101"], "130000 is not a district"),
    ([feature("TJ")], ["120101"], "no code of 6, 9 or 12 digits"),
    ([feature("120101", [SQUARE, SQUARE])], ["120101"], "120101 has a hole"),
    ([feature("120101", SQUARE, "LineString")], ["120101"], "not a polygon")))
def test_what_is_not_sure_is_refused(tmp_path, features, rows, word):
    done = write(tmp_path, features, rows)
    assert done.returncode == 65 and word in done.stderr, done.stderr


def test_an_open_ring_is_closed(tmp_path):
    done = write(tmp_path, [feature("120101", [SQUARE[:-1]])], ["120101"])
    assert done.returncode == 0
    assert '120101,200,"40.00000,117.00000 40.00000,117.10000 40.10000,117.10000 40.10000,117.00000 40.00000,117.00000"' \
        in done.stdout
