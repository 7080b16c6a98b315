"""Prints what highdicom and pydicom read in a parametric map: bits of every frame, real world values, units, positions.

Usage: read_parametric_map.py MAP
"""

import base64
import json
import sys

import highdicom as hd


def code(concept):
    return [concept.CodeValue, concept.CodingSchemeDesignator]


def main(path):
    map_ = hd.pm.ParametricMap.from_dataset(hd.imread(path))
    mapping = map_.SharedFunctionalGroupsSequence[0].RealWorldValueMappingSequence[0]
    frames = map_.PerFrameFunctionalGroupsSequence
    # highdicom orders planes by their place; put them back into the order of the file.
    volume = map_.get_volume(apply_real_world_transform=True)
    places = [position[0].ImagePositionPatient for position in volume.get_plane_positions()]
    real = volume.array[[places.index(frame.PlanePositionSequence[0].ImagePositionPatient) for frame in frames]]
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
