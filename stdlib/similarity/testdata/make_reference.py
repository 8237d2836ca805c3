"""Writes reference.json: distances (cosine, Euclidean) and WSD scores as numpy and scikit-learn compute them.

Run with numpy and scikit-learn installed: python make_reference.py > reference.json
"""

import json

import numpy as np
from sklearn.metrics.pairwise import cosine_similarity, paired_distances

rng = np.random.default_rng(11721)
centre = rng.normal(size=24)  # vectors on one side of the origin, as embeddings of texts are
train = (rng.normal(size=(13, 24)) + centre).astype(np.float32)
test = (3 * (rng.normal(size=(5, 24)) + centre)).astype(np.float32)

# The vectors are float32; everything after them is float64, so that the file is more exact than what it is compared with.
distances = -cosine_similarity(train.astype(np.float64), test.astype(np.float64))
euclidean = np.array([paired_distances(np.repeat(row[None], len(test), axis=0).astype(np.float64), test.astype(np.float64)) for row in train])
nearest, average = distances.min(axis=1), distances.mean(axis=1)
wsd = nearest + nearest.mean() / average.mean() * average

print(json.dumps({
    "train": train.tolist(),
    "test": test.tolist(),
    "distances": distances.tolist(),
    "euclidean": euclidean.tolist(),
    "wsd": wsd.tolist(),
}))
