"""Writes reference.json: arrangements of a small distance matrix as numpy computes them.

TMA is written here from the paper's algorithm 1, with numpy's argmin and argmax, which take the lowest row of equals.
The distances are rounded so that there are ties. Run with numpy installed: python make_reference.py > reference.json
"""

import json

import numpy as np


def tma(distances, num, farthest):
    left = distances.astype(np.float64)
    rounds = []
    while sum(map(len, rounds)) < min(num, len(left)):
        best = left.argmax(axis=0) if farthest else left.argmin(axis=0)
        rows = np.unique(best)
        left[rows] = -np.inf if farthest else np.inf
        rounds.append(rows.tolist())
    return rounds


rng = np.random.default_rng(11721)
distances = np.round(-rng.random((60, 7)), 1).astype(np.float32)
scores = np.round(rng.normal(size=40), 1)
nearest = np.argsort(scores, kind="stable")

print(json.dumps({
    "distances": distances.tolist(),
    "min25": tma(distances, 25, False),
    "min60": tma(distances, 60, False),
    "max25": tma(distances, 25, True),
    "max60": tma(distances, 60, True),
    "scores": scores.tolist(),
    "nearest": nearest.tolist(),
    "farthest": nearest[::-1].tolist(),
}))
