"""Read pictures of pages by character recognition, offline; the models are part of the library."""

import logging
from collections.abc import Iterator, Sequence
from functools import cache
from statistics import median

import cv2
import numpy as np
from rapidocr import RapidOCR
from rapidocr.main import RapidOCRError

from index.ocr_text import as_printed
from index.page_tables import cells_of, edge, shared_out
from index.page_types import Box, Cell, Page, Run, Table, hull
from index.structure_lines import width_of

DPI = 150  # dots an inch: at 100 accuracy falls to 0.97, at 200 and 300 it takes longer and does not rise
_POINTS = 72 / DPI
# Below this confidence a letter, digit or Chinese character is doubtful: on poor scans 18 of 20 wrong ones are marked
# and one in a hundred right ones; see docs/reliability.md. Marks of punctuation are unsure for no reason.
_DOUBT = 0.9
_NOISE = 0.5  # mean confidence of a line; below it stand stains, seals and handwriting (the library's own limit)
_TALL = 1.5  # height to width of a box: text that runs sideways
_SAMPLE = 15  # lines that decide which way is up
_SLICE = 2000  # pixels of height that are recognised at a time
_OVERLAP = 0.2  # share of that in which a blank line to cut at is looked for
_SKEW_WIDTH = 5  # heights of a line: from this width on its slope can be measured
_MAX_SLOPE = 0.2  # 11°: what is laid down askew; beyond it, it is a photograph
_INK = 128  # grey level that is dark
_RULING = 40  # pixels: a straight stroke longer than 7 mm is a ruling line, no stroke of a character


def page_of(image: np.ndarray) -> Page:
    """Read a page.

    :param image: (height, width, 3) bytes, blue, green, red, at `DPI`.
    """
    strips = _strips(image)
    quarters = _quarters(image, [box for box, _ in strips])
    if quarters:
        image = np.ascontiguousarray(np.rot90(image, -quarters))
        strips = _strips(image)
    found = _recognised(strips)
    slope = _slope([box for box, _, _ in found])
    runs = [_run(_level(box, slope), text, confidences) for box, text, confidences in found]
    height, width = image.shape[:2]
    return _with_tables(image, slope, width * _POINTS, height * _POINTS, runs)


@cache
def _engine() -> RapidOCR:
    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    return RapidOCR(params={
        "Global.log_level": "error",
        "Global.use_preprocess_img": False,  # pages come in the right size
        "Global.use_vertical_padding": False,
        "Det.limit_type": "max",  # small pictures are not enlarged
        "Det.limit_side_len": _SLICE,
        "Global.return_word_box": True,  # gives the confidence of each character
    })  # fmt: skip


def _strips(image: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return (corners from the upper left one clockwise, picture) of each line."""
    strips = []
    for top, part in _slices(image):
        try:
            crops, lines = _engine().detect_and_crop(part, {})
        except RapidOCRError:  # nothing is printed here
            continue
        strips += [(box + [0, top], crop) for box, crop in zip(lines.boxes, crops, strict=True)]
    return strips


def _recognised(strips: Sequence[tuple[np.ndarray, np.ndarray]]) -> list[tuple[np.ndarray, str, list[float]]]:
    """Return (corners, text, confidence of each character) of each line."""
    if not strips:
        return []
    read = _engine().recognize_txt([crop for _, crop in strips])
    return [
        (box, text, words.confs)
        for (box, _), text, score, words in zip(strips, read.txts, read.scores, read.word_results, strict=True)
        if text.strip() and score >= _NOISE
    ]


def _slices(image: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """Yield (top, part) of a picture that is too high, cut where nothing is printed."""
    top, height = 0, image.shape[0]
    while height - top > _SLICE * (1 + _OVERLAP):
        start = top + int(_SLICE * (1 - _OVERLAP))
        ink = np.ptp(image[start : top + _SLICE].max(axis=2).astype(np.int16), axis=1)
        cut = start + int(len(ink) - 1 - np.argmin(ink[::-1]))
        yield top, image[top:cut]
        top = cut
    yield top, image[top:]


def _quarters(image: np.ndarray, boxes: Sequence[np.ndarray]) -> int:
    """Return by how many quarters a page must be turned clockwise to stand upright."""
    long = sorted(boxes, key=_length, reverse=True)[:_SAMPLE]
    if not long:
        return 0
    sideways = sum(_is_tall(box) for box in long) * 2 > len(long)
    turned = np.ascontiguousarray(np.rot90(image, -1)) if sideways else image
    height = image.shape[0]
    strips = []
    for box in long:
        if _is_tall(box) == sideways:
            corners = np.array([(height - y, x) for x, y in box]) if sideways else box
            left, top, right, bottom = _hull(corners)
            strips.append(turned[int(top) : int(bottom) + 1, int(left) : int(right) + 1])
    strips = [strip for strip in strips if strip.size]
    if not strips:
        return 0
    _, told = _engine().cls_and_rotate(strips)
    flipped = sum(label == "180" for label, _ in told.cls_res) * 2 > len(strips)
    return sideways + 2 * flipped


def _is_tall(box: np.ndarray) -> bool:
    left, top, right, bottom = _hull(box)
    return bottom - top > _TALL * (right - left)


def _length(box: np.ndarray) -> float:
    left, top, right, bottom = _hull(box)
    return max(right - left, bottom - top)


def _hull(box: np.ndarray) -> Box:
    (left, top), (right, bottom) = box.min(axis=0), box.max(axis=0)
    return float(left), float(top), float(right), float(bottom)


def _slope(boxes: Sequence[np.ndarray]) -> float:
    """Return how much the lines of a page fall to the right: pixels a pixel."""
    slopes = [
        float((box[1][1] - box[0][1]) / (box[1][0] - box[0][0]))
        for box in boxes
        if box[1][0] - box[0][0] > _SKEW_WIDTH * abs(box[3][1] - box[0][1])
    ]
    slope = median(slopes) if slopes else 0.0
    return slope if abs(slope) < _MAX_SLOPE else 0.0


def _level(box: np.ndarray, slope: float) -> np.ndarray:
    """Return a box as it would stand on a page that was laid down straight."""
    return np.array([(x + slope * y, y - slope * x) for x, y in box])


def _run(box: np.ndarray, text: str, confidences: Sequence[float]) -> Run:
    left, top, right, bottom = (value * _POINTS for value in _hull(box))
    plain = as_printed(text.strip())
    skipped = len(text) - len(text.lstrip())
    doubts = tuple(
        place for place in range(len(plain)) if confidences[place + skipped] < _DOUBT and plain[place].isalnum()
    )
    size = min((right - left) / width_of(plain), bottom - top)  # boxes are more exact across than in height
    return Run(plain, (left, top, right, bottom), size, doubts=doubts)


def _with_tables(image: np.ndarray, slope: float, width: float, height: float, runs: list[Run]) -> Page:
    groups = cells_of([edge(box) for box in _rulings(image, slope)])
    shares, rest = shared_out(groups, [run.box for run in runs])
    tables = tuple(
        Table(
            hull(list(cells)),
            tuple(Cell(cell, tuple(runs[i] for i in share)) for cell, share in zip(cells, table, strict=True)),
        )
        for cells, table in zip(groups, shares, strict=True)
        if any(table)
    )
    return Page(width, height, tuple(runs[index] for index in rest), tables)


def _rulings(image: np.ndarray, slope: float) -> list[Box]:
    """Return the straight dark strokes of a page, in points."""
    if abs(slope) > 0.002:  # strokes are found along rows and columns of pixels
        height, width = image.shape[:2]
        matrix = np.float32([[1, slope, 0], [-slope, 1, 0]])
        image = cv2.warpAffine(image, matrix, (width, height), borderValue=(255, 255, 255))
    dark = (cv2.cvtColor(image, cv2.COLOR_BGR2GRAY) < _INK).astype(np.uint8)
    found = []
    for kernel in ((_RULING, 1), (1, _RULING)):
        strokes = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones(kernel[::-1], np.uint8))
        strokes = cv2.dilate(strokes, np.ones((3, 3), np.uint8))
        _, _, stats, _ = cv2.connectedComponentsWithStats(strokes)
        found += [
            (left, top, left + wide, top + high)
            for left, top, wide, high, _ in stats[1:].tolist()
            if min(wide, high) <= 12
        ]
    return [tuple(value * _POINTS for value in box) for box in found]
