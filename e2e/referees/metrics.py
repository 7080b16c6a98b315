"""Statistics of reviewed predictions with statsmodels and numpy, from the raw observations: compared with GET /api/metrics.

Usage: metrics.py CASES

CASES is a JSON file: a list of cases, each with the least level of ground truth and a list of predictions: kind, name,
version, firstAction, status, level, agreement, and by quantity the pair of predicted and true value. Prints, for each case,
one row for each kind and algorithm version.
"""

import json
import sys

import numpy as np
from statsmodels.stats.proportion import proportion_confint

THRESHOLD = 0.85
LEVELS = ["single", "double", "adjudicated"]


def proportion(count, n):
    if n == 0:
        return {"count": count, "n": n, "rate": None, "lower": None, "upper": None}
    lower, upper = proportion_confint(count, n, alpha=0.05, method="wilson")
    return {"count": count, "n": n, "rate": count / n, "lower": float(lower), "upper": float(upper)}


def error(pairs):
    if not pairs:
        return {"n": 0, "meanAbsolute": None, "medianAbsolute": None, "bias": None, "limitsOfAgreement": None}
    predicted, true = np.array(pairs, dtype=np.float64).T
    difference = predicted - true
    limits = None
    if len(pairs) > 1:
        spread = 1.96 * np.std(difference, ddof=1)
        limits = [float(difference.mean() - spread), float(difference.mean() + spread)]
    return {
        "n": len(pairs),
        "meanAbsolute": float(np.abs(difference).mean()),
        "medianAbsolute": float(np.median(np.abs(difference))),
        "bias": float(difference.mean()),
        "limitsOfAgreement": limits,
    }


def row(key, predictions, least_level):
    kind, name, version = key
    read = [p for p in predictions if p["firstAction"]]
    backed = [p for p in predictions if p["level"] and LEVELS.index(p["level"]) >= LEVELS.index(least_level)]
    comparable = [p for p in backed if p["agreement"] is not None]
    twice = [p for p in predictions if p["status"] in ("agreed", "disputed", "adjudicated")]
    actions = {action: sum(p["firstAction"] == action for p in read) for action in ("accept", "edit", "reject")}
    quantities = sorted({quantity for p in predictions for quantity in p["quantities"]})
    return {
        "kind": kind,
        "algorithm": {"name": name, "version": version},
        "predictions": len(predictions),
        "reviewed": proportion(len(read), len(predictions)),
        "accepted": proportion(actions["accept"], len(read)),
        "edited": proportion(actions["edit"], len(read)),
        "rejected": proportion(actions["reject"], len(read)),
        "accurate": proportion(sum(p["agreement"] > THRESHOLD for p in comparable), len(comparable)),
        "readersAgree": proportion(sum(p["status"] == "agreed" for p in twice), len(twice)),
        "errors": {
            quantity: error([p["quantities"][quantity] for p in backed if None not in p["quantities"][quantity]])
            for quantity in quantities
        },
    }


def rows(case):
    by_key = {}
    for prediction in case["predictions"]:
        key = (prediction["kind"], prediction["name"], prediction["version"])
        by_key.setdefault(key, []).append(prediction)
    return [row(key, by_key[key], case["truthLevel"]) for key in sorted(by_key)]


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        cases = json.load(file)
    json.dump([rows(case) for case in cases], sys.stdout)


main()
