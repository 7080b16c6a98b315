"""Prints what highdicom reads in a measurement report (TID 1500): groups, measurements with units and methods.

Usage: read_report.py REPORT
"""

import json
import sys

import highdicom as hd
from pydicom.sr.codedict import codes


def code(concept):
    return None if concept is None else [concept.value, concept.scheme_designator, concept.meaning]


def measurement(item):
    measured = item[0].MeasuredValueSequence[0]
    return {
        "name": code(item.name),
        "decimal": str(measured.NumericValue),
        "double": measured.FloatingPointValue,
        "unit": code(item.unit),
        "method": code(item.method),
        "derivation": code(item.derivation),
    }


def group(item):
    segment = item.referenced_segment if hasattr(item, "referenced_segment") else None
    texts = [
        [code(child.name), child.value]
        for child in item[0].ContentSequence
        if child.ValueType == "TEXT" and child.RelationshipType == "CONTAINS"
    ]
    return {
        "trackingId": item.tracking_identifier,
        "trackingUid": item.tracking_uid,
        "finding": code(item.finding_type),
        "findingSites": [code(site.value) for site in item.finding_sites],
        "segment": [segment[0].referenced_sop_instance_uid, int(segment[0].referenced_segment_numbers[0])]
        if segment
        else None,
        "measurements": [measurement(entry) for entry in item.get_measurements()],
        "evaluations": [
            [code(entry.name), code(entry.value)]
            for entry in item.get_qualitative_evaluations()
            # highdicom takes the family of the algorithm for an evaluation.
            if entry.name != codes.DCM.AlgorithmFamily
        ],
        "texts": texts,
    }


def main(path):
    report = hd.sr.srread(path)
    content = report.content
    groups = content.get_volumetric_roi_measurement_groups() + content.get_image_measurement_groups()
    observers = content.get_observer_contexts()
    print(
        json.dumps(
            {
                "class": type(report).__name__,
                "patient": {name: str(report[name].value) for name in ("PatientName", "PatientID")},
                "observers": [code(observer.observer_type) for observer in observers],
                "procedures": [
                    code(item.value) for item in content[0].ContentSequence if item.name == codes.DCM.ProcedureReported
                ],
                "evidence": sorted(str(sop) for _, _, sop, _ in report.get_evidence()),
                "groups": [group(item) for item in groups],
            }
        )
    )


main(sys.argv[1])
