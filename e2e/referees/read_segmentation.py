"""Prints what highdicom reads in a segmentation: segments, and their voxels as runs by source instance.

Usage: read_segmentation.py SEGMENTATION
"""

import json
import sys

import highdicom as hd
import numpy as np


def runs_of(mask):
    """[row, start, end) of every run of a 2D mask."""
    runs = []
    for row in np.flatnonzero(mask.any(axis=1)):
        edges = np.flatnonzero(np.diff(np.concatenate(([0], mask[row].astype(np.int8), [0]))))
        runs += [[int(row), int(start), int(end)] for start, end in zip(edges[::2], edges[1::2])]
    return runs


def code(concept):
    return None if concept is None else [concept.value, concept.scheme_designator, concept.meaning]


def describe(description):
    algorithm = description.algorithm_identification
    regions = description.anatomic_regions
    return {
        "number": description.segment_number,
        "label": description.segment_label,
        "category": code(description.segmented_property_category),
        "type": code(description.segmented_property_type),
        "anatomicRegion": code(regions[0]) if regions else None,
        "algorithmType": description.algorithm_type.value,
        "algorithm": [algorithm.name, algorithm.version] if algorithm else None,
        "trackingId": description.tracking_id,
        "trackingUid": description.tracking_uid,
    }


def main(path):
    segmentation = hd.seg.segread(path)
    instances = [sop for _, _, sop in segmentation.get_source_image_uids()]
    numbers = list(segmentation.segment_numbers)
    pixels = segmentation.get_pixels_by_source_instance(
        instances,
        segment_numbers=numbers,
        assert_missing_frames_are_empty=True,
    )
    segments = []
    for index, number in enumerate(numbers):
        voxels = {uid: runs_of(pixels[i, :, :, index]) for i, uid in enumerate(instances)}
        description = describe(segmentation.get_segment_description(number))
        segments.append({**description, "voxels": {uid: runs for uid, runs in voxels.items() if runs}})
    patient = {name: str(segmentation[name].value) for name in ("PatientName", "PatientID", "StudyInstanceUID")}
    print(json.dumps({"patient": patient, "frames": segmentation.NumberOfFrames, "segments": segments}))


main(sys.argv[1])
