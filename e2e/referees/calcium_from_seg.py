"""Scores coronary calcium anew from a stored segmentation and the slices it lies on, and compares nothing itself.

Usage: calcium_from_seg.py SEGMENTATION REPORT FOLDER

The convention is the one that the report states as JSON. Written from the definition of the score (Agatston 1990): per
slice, components of the segmented voxels, area times weight of the peak, times slice increment / 3 mm. Components are
those of all segments together, so that a component that two vessels share keeps its peak and its size.
Prints scores by segment from the pixels, and the numbers that the report holds.
"""

import json
import sys
from collections import deque
from pathlib import Path

import highdicom as hd
import numpy as np
import pydicom

FOUR = [(0, 1), (1, 0), (0, -1), (-1, 0)]
EIGHT = [*FOUR, (1, 1), (1, -1), (-1, 1), (-1, -1)]


def read_slices(folder):
    """CT slices by SOP Instance UID, in HU, with their z."""
    slices = {}
    for path in sorted(Path(folder).iterdir()):
        try:
            image = pydicom.dcmread(path)
        except pydicom.errors.InvalidDicomError:
            continue
        hu = image.pixel_array.astype(np.float64) * float(image.RescaleSlope) + float(image.RescaleIntercept)
        spacing = [float(value) for value in image.PixelSpacing]
        slices[image.SOPInstanceUID] = (hu, float(image.ImagePositionPatient[2]), spacing)
    return slices


def components(mask, neighbours):
    """Lists of [row, column] of the connected parts of a 2D mask."""
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


def score(segmentation, slices, convention):
    """[{"agatston", "volumeMm3", "voxels"}] of every segment."""
    places = sorted(z for _, z, _ in slices.values())
    increment = (places[-1] - places[0]) / (len(places) - 1)
    factor = increment / 3 if convention["equivalent3mm"] else 1
    neighbours = EIGHT if convention["connectivity"] == 8 else FOUR
    minimum = convention["minimumLesion"]
    numbers = list(segmentation.segment_numbers)
    instances = [sop for _, _, sop in segmentation.get_source_image_uids()]
    masks = segmentation.get_pixels_by_source_instance(
        instances, segment_numbers=numbers, assert_missing_frames_are_empty=True
    ).astype(bool)
    results = [{"agatston": 0.0, "volumeMm3": 0.0, "voxels": 0} for _ in numbers]
    for index, uid in enumerate(instances):
        hu, _, (dy, dx) = slices[uid]
        whole = masks[index].any(axis=2)
        if (hu[whole] < convention["thresholdHu"]).any():
            raise SystemExit("The segmentation has voxels below the threshold of the report.")
        for part in components(whole, neighbours):
            area = len(part) * dx * dy
            is_small = len(part) < minimum["pixels"] if minimum["rule"] == "pixels" else area < minimum["areaMm2"] - 1e-9
            if is_small:
                continue
            peak = max(hu[place] for place in part)
            weight = sum(peak >= edge for edge in convention["weightEdgesHu"])
            for number, result in enumerate(results):
                pixels = sum(bool(masks[index][place][number]) for place in part)
                result["agatston"] += pixels * dx * dy * weight * factor
                result["volumeMm3"] += pixels * dx * dy * increment
                result["voxels"] += pixels
    return results


def stored(report):
    """Numbers of every group by concept, and the convention."""
    content = report.content
    groups = content.get_volumetric_roi_measurement_groups() + content.get_image_measurement_groups()
    convention = next(
        json.loads(item.value)
        for item in groups[0][0].ContentSequence
        if item.ValueType == "TEXT" and item.name.value == "CONVENTION_JSON"
    )
    numbers = [
        {
            entry.name.value: entry[0].MeasuredValueSequence[0].FloatingPointValue
            for entry in group.get_measurements()
        }
        for group in groups
    ]
    return convention["convention"], numbers


def main(segmentation_path, report_path, folder):
    segmentation = hd.seg.segread(segmentation_path)
    convention, numbers = stored(hd.sr.srread(report_path))
    if convention["volumeMethod"] != "voxels":
        raise SystemExit("This script counts voxels plainly.")
    scores = score(segmentation, read_slices(folder), convention)
    labels = [segmentation.get_segment_description(number).segment_label for number in segmentation.segment_numbers]
    print(json.dumps({"labels": labels, "fromPixels": scores, "fromReport": numbers}))


main(*sys.argv[1:])
