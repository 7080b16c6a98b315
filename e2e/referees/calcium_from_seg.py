"""Scores coronary calcium anew from a stored segmentation and the slices it lies on, and compares nothing itself.

Usage: calcium_from_seg.py SEGMENTATION REPORT FOLDER

Convention, calibration and heart region are those that the report states as JSON. Written from the definition of the
score (Agatston 1990): per slice, components of all pixels at or above the threshold inside the heart region, those that
are large enough, area times weight of the peak, times slice increment / 3 mm. Of every component the segments get the
share that they hold, so that one which vessels share, or of which a reader left out a part, keeps its peak and its size.
Lesions are components joined across slices. Prints numbers by segment and of all of them together, from the pixels and
as the report holds them.
"""

import json
import math
import sys
from collections import deque
from dataclasses import dataclass
from pathlib import Path

import highdicom as hd
import numpy as np
import pydicom

FOUR = [(0, 1), (1, 0), (0, -1), (-1, 0)]
EIGHT = [*FOUR, (1, 1), (1, -1), (-1, 1), (-1, -1)]
# Room for the digits of PixelSpacing: 3 pixels of 0.57735 mm are 1 mm2.
AREA_TOLERANCE = 1e-5


@dataclass
class Scan:
    """Slices in ascending order."""

    uids: list
    hu: np.ndarray  # [slice, row, column]; NaN where there is padding
    row_mm: float
    column_mm: float
    increment_mm: float


def read_scan(folder, wanted):
    """The images with the wanted SOP Instance UIDs."""
    images = []
    for path in Path(folder).iterdir():
        try:
            image = pydicom.dcmread(path)
        except pydicom.errors.InvalidDicomError:
            continue
        if image.get("SOPInstanceUID") in wanted:
            images.append(image)
    images.sort(key=lambda image: float(image.ImagePositionPatient[2]))
    places = [float(image.ImagePositionPatient[2]) for image in images]
    row_mm, column_mm = (float(value) for value in images[0].PixelSpacing)
    return Scan(
        [image.SOPInstanceUID for image in images],
        np.stack([hounsfield(image) for image in images]),
        row_mm,
        column_mm,
        (places[-1] - places[0]) / (len(places) - 1),
    )


def hounsfield(image):
    stored = image.pixel_array.astype(np.float64)
    hu = stored * float(image.RescaleSlope) + float(image.RescaleIntercept)
    if image.get("PixelPaddingValue") is not None:
        ends = [image.PixelPaddingValue, image.get("PixelPaddingRangeLimit", image.PixelPaddingValue)]
        hu[(stored >= min(ends)) & (stored <= max(ends))] = np.nan
    return hu


def inside(region, index, shape):
    """Pixels of a slice whose centres lie in the heart region; all where there is none."""
    if region is None:
        return np.ones(shape, dtype=bool)
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    found = np.zeros(shape, dtype=bool)
    for drawn in region["shapes"]:
        first, last = drawn["slices"]
        if not first <= index <= last:
            continue
        if drawn["kind"] == "ellipse":
            (cx, cy), (rx, ry) = drawn["centre"], drawn["radii"]
            found |= np.hypot((columns - cx) / rx, (rows - cy) / ry) <= 1 + 1e-9
        else:
            winding = np.zeros(shape, dtype=int)
            points = drawn["points"]
            for (x1, y1), (x2, y2) in zip(points, points[1:] + points[:1]):
                if y1 == y2:
                    continue
                crosses = (y1 <= rows) != (y2 <= rows)
                winding[crosses & (columns >= x1 + (x2 - x1) * (rows - y1) / (y2 - y1))] += 1 if y2 > y1 else -1
            found |= winding != 0
    return found


def components(mask, neighbours):
    """Lists of (row, column) of the connected parts of a 2D mask."""
    left = set(map(tuple, np.argwhere(mask).tolist()))
    while left:
        start = left.pop()
        part, queue = [start], deque([start])
        while queue:
            y, x = queue.popleft()
            for dy, dx in neighbours:
                other = (y + dy, x + dx)
                if other in left:
                    left.remove(other)
                    part.append(other)
                    queue.append(other)
        yield part


def find_components(scan, convention, region):
    """All components that count, as (slice, pixels)."""
    neighbours = EIGHT if convention["connectivity"] == 8 else FOUR
    minimum = convention["minimumLesion"]
    found = []
    for index, hu in enumerate(scan.hu):
        for part in components((hu >= convention["thresholdHu"]) & inside(region, index, hu.shape), neighbours):
            area = len(part) * scan.row_mm * scan.column_mm
            is_large = area >= minimum.get("areaMm2", 0) * (1 - AREA_TOLERANCE) and len(part) >= minimum.get("pixels", 0)
            if is_large:
                found.append((index, part))
    return found


def join_lesions(found, convention):
    """Number of the lesion that every component belongs to."""
    reach = [(0, 0), *EIGHT] if convention["connectivity"] == 8 else [(0, 0)]
    parent = list(range(len(found)))

    def root(number):
        while parent[number] != number:
            number = parent[number]
        return number

    owner = {(index, y, x): number for number, (index, part) in enumerate(found) for y, x in part}
    for (index, y, x), number in owner.items():
        for dy, dx in reach:
            above = owner.get((index + 1, y + dy, x + dx))
            if above is not None:
                parent[root(above)] = root(number)
    return [root(number) for number in range(len(found))]


def volume_samples(scan, convention):
    """How often every voxel counts for the volume, and what one count measures."""
    voxel_mm3 = scan.row_mm * scan.column_mm * scan.increment_mm
    samples = np.ones(scan.hu.shape)
    if convention["volumeMethod"] == "voxels":
        return samples, voxel_mm3
    steps = max(1, math.floor(scan.increment_mm / math.sqrt(scan.row_mm * scan.column_mm) + 0.5))
    threshold = convention["thresholdHu"]
    below, above = scan.hu[:-1], scan.hu[1:]
    for step in range(1, steps):
        reaches = steps * below + (above - below) * step >= steps * threshold
        is_of_lower = (below >= threshold) & (~(above >= threshold) | (2 * step <= steps))
        samples[:-1] += reaches & is_of_lower
        samples[1:] += reaches & ~is_of_lower
    return samples, voxel_mm3 / steps


def score(scan, masks, stated):
    """Numbers of every segment, and of all of them together."""
    convention, calibration = stated["convention"], stated["calibration"]
    found = find_components(scan, convention, stated["region"])
    lesions = join_lesions(found, convention)
    samples, sample_mm3 = volume_samples(scan, convention)
    counted = np.zeros(scan.hu.shape, dtype=bool)
    for index, part in found:
        counted[index][tuple(np.transpose(part))] = True
    if (masks & ~counted).any():
        raise SystemExit("The segmentation has voxels that the report's convention does not count.")
    pixel_mm2 = scan.row_mm * scan.column_mm
    factor = scan.increment_mm / 3 if convention["equivalent3mm"] else 1
    results = []
    for mask in [*masks, masks.any(axis=0)]:
        agatston, slices, whole = 0.0, 0, set()
        for (index, part), lesion in zip(found, lesions):
            pixels = sum(bool(mask[index][place]) for place in part)
            weight = sum(max(scan.hu[index][place] for place in part) >= edge for edge in convention["weightEdgesHu"])
            agatston += pixels * pixel_mm2 * weight * factor
            if pixels > 0:
                slices += 1
                whole.add(lesion)
        result = {
            "score": agatston,
            "volume": float(samples[mask].sum() * sample_mm3),
            "lesions": len(whole),
            "lesionSlices": slices,
        }
        if calibration is not None:
            voxel_mm3 = pixel_mm2 * scan.increment_mm
            result["mass"] = float(scan.hu[mask].sum() * voxel_mm3 * calibration["factorMgPerMm3Hu"])
        results.append(result)
    return results


NAMES = {
    "450360000": "score",
    "122660": "volume",
    "122661": "mass",
    "LESIONS": "lesions",
    "LESION_SLICES": "lesionSlices",
}


def read_report(report):
    """What the report states of its convention, and the numbers of every group, the total last."""
    content = report.content
    groups = content.get_volumetric_roi_measurement_groups() + content.get_image_measurement_groups()
    stated = next(
        json.loads(item.value)
        for item in groups[-1][0].ContentSequence
        if item.ValueType == "TEXT" and item.name.value == "CONVENTION_JSON"
    )
    numbers = [
        {
            NAMES[entry.name.value]: entry[0].MeasuredValueSequence[0].FloatingPointValue
            for entry in group.get_measurements()
            if entry.name.value in NAMES
        }
        for group in groups
    ]
    return stated, numbers


def main(segmentation_path, report_path, folder):
    segmentation = hd.seg.segread(segmentation_path)
    report = hd.sr.srread(report_path)
    stated, numbers = read_report(report)
    scan = read_scan(folder, {sop for _, _, sop, _ in report.get_evidence()})
    segments = list(segmentation.segment_numbers)
    pixels = segmentation.get_pixels_by_source_instance(
        scan.uids, segment_numbers=segments, assert_missing_frames_are_empty=True
    )
    masks = np.moveaxis(pixels.astype(bool), -1, 0)
    labels = [segmentation.get_segment_description(number).segment_label for number in segments]
    print(json.dumps({"labels": labels, "fromPixels": score(scan, masks, stated), "fromReport": numbers}))


main(*sys.argv[1:])
