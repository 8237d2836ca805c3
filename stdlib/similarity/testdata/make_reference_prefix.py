"""Writes reference_prefix.json: the similarity of growing prefixes of an arrangement as numpy and scikit-learn compute
it, anew at every step, and principal components as scikit-learn finds them.

Run with numpy and scikit-learn installed: python make_reference_prefix.py > reference_prefix.json
"""

import json

import numpy as np
from sklearn.decomposition import PCA
from sklearn.metrics.pairwise import cosine_similarity, euclidean_distances

rng = np.random.default_rng(406)
width, every = 6, 4
centre = rng.normal(size=width)
train = (rng.normal(size=(30, width)) * np.arange(1, width + 1) + centre).astype(np.float32)
test = (rng.normal(size=(9, width)) + centre).astype(np.float32)
tasks = [f"task {k}" for k in (1, 0, 0, 2, 1, 1, 0, 2, 1)]
order = rng.permutation(len(train))[:27]

a, b = train[order].astype(np.float64), test.astype(np.float64)


def curves(measure, euclid):
    out = {}
    for task in dict.fromkeys(tasks):
        mine = b[[k for k, name in enumerate(tasks) if name == task]]
        distances = measure(a, mine)
        points = {"steps": [], "avg": [], "min": [], "max": [], "centroid": []}
        for seen in range(every, len(a) + 1, every):
            centroids = a[:seen].mean(axis=0, keepdims=True), mine.mean(axis=0, keepdims=True)
            points["steps"].append(seen // 2)  # batches of 2
            points["avg"].append(distances[:seen].mean())
            points["min"].append(distances[:seen].min())
            points["max"].append(distances[:seen].max())
            points["centroid"].append(np.linalg.norm(centroids[0] - centroids[1]) if euclid else measure(*centroids)[0, 0])
        out[task] = points
    return out


pca = PCA(n_components=3, svd_solver="full").fit(train.astype(np.float64))

print(json.dumps({
    "train": train.tolist(),
    "test": test.tolist(),
    "tasks": tasks,
    "order": order.tolist(),
    "cosine": curves(lambda x, y: -cosine_similarity(x, y), False),
    "euclidean": curves(euclidean_distances, True),
    "mean": pca.mean_.tolist(),
    "components": pca.components_.tolist(),
    "variance": pca.explained_variance_.tolist(),
    "ratio": pca.explained_variance_ratio_.tolist(),
    "projected": pca.transform(test.astype(np.float64)).tolist(),
}))
