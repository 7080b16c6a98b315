"""Prints what highdicom and pydicom read in a parametric map: bits of every frame, real world values, units, positions.

Usage: read_parametric_map.py MAP
"""

import base64
import json
import sys

import highdicom as hd
import numpy as np


def code(concept):
    return [concept.CodeValue, concept.CodingSchemeDesignator]


def main(path):
    map_ = hd.pm.ParametricMap.from_dataset(hd.imread(path))
    mapping = map_.SharedFunctionalGroupsSequence[0].RealWorldValueMappingSequence[0]
    frames = map_.PerFrameFunctionalGroupsSequence
    # highdicom orders planes by their place, which it computes anew; put them back into the order of the file.
    volume = map_.get_volume(apply_real_world_transform=True)
    places = np.array([position[0].ImagePositionPatient for position in volume.get_plane_positions()], dtype=float)
    order = []
    for frame in frames:
        away = np.linalg.norm(places - np.array(frame.PlanePositionSequence[0].ImagePositionPatient, dtype=float), axis=1)
        if away.min() > 1e-3:
            sys.exit(f"no plane of highdicom is within 0.001 mm of {frame.PlanePositionSequence[0].ImagePositionPatient}")
        order.append(int(away.argmin()))
    real = volume.array[order]
    print(
        json.dumps(
            {
                "shape": map_.pixel_array.shape,
                "stored": base64.b64encode(map_.pixel_array.astype("<f4").tobytes()).decode(),
                "real": base64.b64encode(real.astype("<f4").tobytes()).decode(),
                "label": mapping.LUTLabel,
                "units": code(mapping.MeasurementUnitsCodeSequence[0]),
                "quantity": code(mapping.QuantityDefinitionSequence[0].ConceptCodeSequence[0]),
                "positions": [[float(mm) for mm in f.PlanePositionSequence[0].ImagePositionPatient] for f in frames],
                "sources": [sop for _, _, sop in map_.get_source_image_uids()],
                "patientName": str(map_.PatientName),
            }
        )
    )


main(sys.argv[1])
