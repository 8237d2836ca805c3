"""Writes reference_transport.json: exact and entropic transport as POT computes them.

Run with numpy and POT installed: python make_reference_transport.py > reference_transport.json
"""

import json

import numpy as np
import ot

rng = np.random.default_rng(11721)
cases = []
for name, rows, cols, power, weighted in [
    ("uniform", 12, 8, 1, False),
    ("squared", 9, 14, 2, False),
    ("weighted", 13, 7, 1, True),
]:
    cost = rng.normal(size=(rows, cols)).astype(np.float32)
    a = rng.random(rows) if weighted else np.ones(rows)
    b = rng.random(cols) if weighted else np.ones(cols)
    a, b = a / a.sum(), b / b.sum()
    powered = cost.astype(np.float64) ** power
    exact = ot.emd(a, b, powered)
    blurred = ot.sinkhorn(a, b, powered, 0.1, method="sinkhorn_log", numItermax=100000, stopThr=1e-13)
    cases.append({
        "name": name,
        "power": power,
        "cost": cost.tolist(),
        "train": a.tolist() if weighted else None,
        "test": b.tolist() if weighted else None,
        "exact": (exact * powered).sum(),
        "exact_scores": (exact * powered).sum(axis=1).tolist(),
        "entropic": (blurred * powered).sum(),
        "entropic_scores": (blurred * powered).sum(axis=1).tolist(),
    })

print(json.dumps(cases))
