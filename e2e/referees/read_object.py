"""Prints what pydicom reads in an image or an encapsulated document: some attributes, and pixels or document in base64.

Usage: read_object.py OBJECT
"""

import base64
import json
import sys

import pydicom


def main(path):
    dataset = pydicom.dcmread(path)
    if "EncapsulatedDocument" in dataset:
        content, shape = dataset.EncapsulatedDocument[: dataset.EncapsulatedDocumentLength], None
    else:
        content, shape = dataset.pixel_array.tobytes(), dataset.pixel_array.shape
    print(
        json.dumps(
            {
                "sopClass": dataset.SOPClassUID.name,
                "patientName": str(dataset.PatientName),
                "shape": shape,
                "content": base64.b64encode(content).decode(),
            }
        )
    )


main(sys.argv[1])
