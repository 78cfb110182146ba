# SPDX-License-Identifier: Apache-2.0
"""The district map is what draw_map.py makes of the outlines: every district once by name, no name over another, all small."""
import json
import os
import subprocess
import sys

from tree import SOURCE

DATA = os.path.join(SOURCE, "publisher", "data")
MAP = os.path.join(SOURCE, "publisher", "desk", "map.json")
NAMES = (30, 26)  # heights of letters on the two sheets, as the style sheets and draw_map.py have them


def drawn(*arguments):
    return subprocess.run([sys.executable, os.path.join(DATA, "draw_map.py"), *arguments], capture_output=True, text=True, check=False)


def sheets():
    with open(MAP, encoding="utf-8") as file:
        return json.load(file)["sheets"]


def test_the_map_comes_from_the_outlines():
    with open(MAP, encoding="utf-8") as file:
        assert file.read() == drawn().stdout
    assert os.path.getsize(MAP) < 20000


def test_each_district_is_named_once():
    shapes = [shape for sheet in sheets() for shape in sheet["shapes"]]
    with open(os.path.join(DATA, "divisions.csv"), encoding="utf-8") as file:
        wanted = sorted(line.split(",")[0] for line in file if ",district," in line)
    assert sorted(shape["code"] for shape in shapes if "at" in shape) == wanted
    assert sorted(shape["code"] for shape in sheets()[0]["shapes"]) == wanted


def box(shape, height):
    """Of the name and of the sign below it."""
    x, y = shape["at"]
    half = max(len(shape["zh"]), 3) * height / 2
    return x - half, y - height, x + half, y + 34 + height * 0.2


def test_no_name_stands_over_another():
    for sheet, height in zip(sheets(), NAMES):
        boxes = {shape["zh"]: box(shape, height) for shape in sheet["shapes"] if "at" in shape}
        for name, (left, top, right, bottom) in boxes.items():
            assert left >= 0 and top >= 0 and right <= sheet["width"] and bottom <= sheet["height"], name
            for other, (x0, y0, x1, y1) in boxes.items():
                assert name == other or right <= x0 or x1 <= left or bottom <= y0 or y1 <= top, (name, other)


def write(tmp_path, rows):
    (tmp_path / "outlines.csv").write_text("code,accuracy_m,polygon\n" + "".join(
        '%s,200,"%s"\n' % (code, " ".join("%f,%f" % point for point in ring)) for code, ring in rows), encoding="utf-8")
    (tmp_path / "divisions.csv").write_text(
        "code,name_zh,name_en,level,parent,slug\n110101,东区,East,district,,\n110102,西区,West,district,,\n", encoding="utf-8")
    return drawn("--outlines", str(tmp_path / "outlines.csv"), "--divisions", str(tmp_path / "divisions.csv"))


def square(lat, lon, size):
    return [(lat, lon), (lat + size, lon), (lat + size, lon + size), (lat, lon + size), (lat, lon)]


def test_others_outlines(tmp_path):
    """Two large districts need one sheet, a small one is drawn again, one without a name is refused."""
    done = write(tmp_path, [("110101", square(40, 116, 1)), ("110102", square(40, 117, 1))])
    assert len(json.loads(done.stdout)["sheets"]) == 1, done.stderr
    done = write(tmp_path, [("110101", square(40, 116, 1)), ("110102", square(40, 117, 0.01))])
    first, second = json.loads(done.stdout)["sheets"]
    assert [shape["code"] for shape in second["shapes"]] == ["110102"] and len(first["larger"]) == 4
    done = write(tmp_path, [("999999", square(40, 116, 1))])
    assert done.returncode == 65 and "999999 has an outline and is no division" in done.stderr
