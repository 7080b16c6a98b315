"""Lets highdicom write a parametric map with values that count up, and prints its real world values.

Usage: write_parametric_map.py OUTPUT float32|float64|uint16|pieces|scales|quantities SOURCE...

"pieces" has two functions for neighbouring ranges, "scales" two frames on every slice, each with a function and a range of its
own, "quantities" two frames on every slice, of two quantities. The printed values are those of the frames in the order of the
file where there are two on a slice, otherwise those of the slices.
"""

import base64
import json
import sys

import highdicom as hd
import numpy as np
import pydicom
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code


def main(output, kind, sources):
    images = [pydicom.dcmread(source) for source in sources]
    shape = (len(images), images[0].Rows, images[0].Columns)
    count = np.arange(np.prod(shape)).reshape(shape)
    if kind not in ("float32", "float64"):
        stored, value_range, slope, intercept = (count * 97).astype(np.uint16), (0, 65535), 0.01, -2.5
        real = stored.astype(np.float64) * slope + intercept
    else:
        stored = (count / 7 - 3).astype(kind)
        value_range, slope, intercept = (float(stored.min()), float(stored.max())), 1, 0
        real = stored.astype(np.float64)

    def mapping(value_range, slope, intercept, label="MTT", quantity=codes.cid7180.MeanTransitTime):
        return hd.pm.RealWorldValueMapping(
            lut_label=label,
            lut_explanation="Mean transit time",
            unit=Code("s", "UCUM", "s"),
            value_range=value_range,
            slope=slope,
            intercept=intercept,
            quantity_definition=quantity,
        )

    mappings = [mapping(value_range, slope, intercept)]
    if kind == "pieces":
        mappings = [mapping((0, 9000), 0.5, 1, "low"), mapping((9001, 65535), 2, -7, "high")]
        real = np.where(stored <= 9000, stored * 0.5 + 1, stored * 2.0 - 7)
    elif kind in ("scales", "quantities"):
        stored = np.stack([stored, stored // 2], axis=-1)
        other = codes.cid7180.TimeOfPeakConcentration if kind == "quantities" else codes.cid7180.MeanTransitTime
        mappings = [[mapping((0, 65535), 0.01, -2.5)], [mapping((0, 30000), 4, 0.25, quantity=other)]]
    map_ = hd.pm.ParametricMap(
        source_images=images,
        pixel_array=stored,
        series_instance_uid=hd.UID(),
        series_number=100,
        sop_instance_uid=hd.UID(),
        instance_number=1,
        manufacturer="Referee",
        manufacturer_model_name="highdicom",
        software_versions=hd.__version__,
        device_serial_number="1",
        contains_recognizable_visual_features=False,
        real_world_value_mappings=mappings,
        voi_lut_transformations=[hd.VOILUTTransformation(window_center=5, window_width=10)],
    )
    map_.save_as(output)
    if kind == "scales":
        frames = range(1, map_.NumberOfFrames + 1)
        image = hd.imread(output)
        real = np.stack([image.get_frame(frame, apply_real_world_transform=True) for frame in frames])
    print(json.dumps({"real": base64.b64encode(real.astype("<f8").tobytes()).decode()}))


main(sys.argv[1], sys.argv[2], sys.argv[3:])
