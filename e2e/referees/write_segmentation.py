"""Lets highdicom write a binary segmentation from runs of voxels.

Usage: write_segmentation.py OUTPUT SEGMENTS SOURCE...
SEGMENTS is a JSON file: [{"label": text, "voxels": [[row, start, end], ...]}, ...], rows counted on through the sources.
"""

import json
import sys

import highdicom as hd
import numpy as np
import pydicom
from pydicom.sr.codedict import codes


def main(output, segments_path, sources):
    images = [pydicom.dcmread(source) for source in sources]
    with open(segments_path) as file:
        segments = json.load(file)
    rows, columns = images[0].Rows, images[0].Columns
    mask = np.zeros((len(images), rows, columns, len(segments)), dtype=np.uint8)
    for index, segment in enumerate(segments):
        for row, start, end in segment["voxels"]:
            mask[row // rows, row % rows, start:end, index] = 1
    algorithm = hd.AlgorithmIdentificationSequence(
        name="referee", version="1", family=codes.cid7162.ArtificialIntelligence
    )
    descriptions = [
        hd.seg.SegmentDescription(
            segment_number=index + 1,
            segment_label=segment["label"],
            segmented_property_category=codes.SCT.MorphologicallyAbnormalStructure,
            segmented_property_type=codes.SCT.VascularCalcification,
            algorithm_type=hd.seg.SegmentAlgorithmTypeValues.AUTOMATIC,
            algorithm_identification=algorithm,
        )
        for index, segment in enumerate(segments)
    ]
    segmentation = hd.seg.Segmentation(
        source_images=images,
        pixel_array=mask,
        segmentation_type=hd.seg.SegmentationTypeValues.BINARY,
        segment_descriptions=descriptions,
        series_instance_uid=hd.UID(),
        series_number=100,
        sop_instance_uid=hd.UID(),
        instance_number=1,
        manufacturer="Referee",
        manufacturer_model_name="highdicom",
        software_versions=hd.__version__,
        device_serial_number="1",
        series_description="Written by highdicom",
    )
    segmentation.save_as(output)
    print(json.dumps({"frames": segmentation.NumberOfFrames}))


main(sys.argv[1], sys.argv[2], sys.argv[3:])
