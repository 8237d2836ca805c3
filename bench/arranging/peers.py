"""The peer's side of the benchmarks: one work a process, figures as a JSON line.

    python peers.py wsd|tma|emd|kl-prefixes|kl-rows STEPS CACHE

numpy with all cores, POT, and for n-grams plain Python, as the paper's reference has them.
"""
import json
import math
import pathlib
import resource
import sys
import time
from collections import Counter

import numpy as np

work, steps, cache = sys.argv[1], int(sys.argv[2]) or 3, pathlib.Path(sys.argv[3])


def vectors(rows):
    from safetensors.numpy import load_file

    return load_file(cache / "bench" / f"{rows}x384.safetensors")["vectors"]


def cosine(train, test):
    train = train / np.linalg.norm(train, axis=1, keepdims=True)
    test = test / np.linalg.norm(test, axis=1, keepdims=True)
    return train @ -test.T


def wsd():
    def step():
        distances = cosine(vectors(100_000), vectors(1_125))
        nearest, average = distances.min(axis=1), distances.mean(axis=1)
        np.argsort(nearest + nearest.mean() / average.mean() * average)

    return step, 100_000, "rows/s"


def tma():
    def step():
        """The paper's algorithm: the whole matrix, and the nearest row of each column in every round."""
        distances = cosine(vectors(100_000), vectors(1_125))
        order = []
        while len(order) < 10_000:
            chosen = np.unique(distances.argmin(axis=0))
            order.extend(chosen)
            distances[chosen] = np.inf

    return step, 100_000, "rows/s"


def emd():
    import ot

    cost = cosine(vectors(2_000), vectors(1_000)).astype(np.float64)
    return (lambda: ot.emd(ot.unif(2_000), ot.unif(1_000), cost, numItermax=10_000_000)), 1, "plans/s"


def texts():
    everything = []
    for path in sorted((cache / "natural-instructions").glob("*.json")):
        everything += [e["input"] for e in json.loads(path.read_text())["examples"]]
    return everything[:100_000], everything[100_000:101_000]


def bigrams(text):
    words = text.split()
    return zip(words, words[1:])


def shares(texts):
    counts = Counter()
    for text in texts:
        counts.update(bigrams(text))
    total = sum(counts.values())
    return {gram: n / total for gram, n in counts.items()}


def kl_prefixes():
    """As the paper's reference has it: arrays over all bigrams, and each prefix counted anew."""
    train, test = texts()

    def step():
        grams = [gram for text in train + test for gram in bigrams(text)]
        share = shares(test)
        q = np.array([share.get(gram, 0) for gram in grams])
        for end in range(10_000, len(train) + 1, 10_000):
            share = shares(train[:end])
            p = np.array([share.get(gram, 0) for gram in grams])
            np.sum(p * np.log(np.clip(p / (q + 1e-10), 1e-10, None)))

    return step, len(train), "texts/s"


def kl_rows():
    """log(p / q) over the bigrams of each text, in plain Python."""
    train, test = texts()

    def step():
        q = shares(test)
        for text in train:
            sum(p * math.log(p / (q.get(gram, 0.0) + 1e-10)) for gram, p in shares([text]).items())

    return step, len(train), "texts/s"


step, amount, unit = {"wsd": wsd, "tma": tma, "emd": emd, "kl-prefixes": kl_prefixes, "kl-rows": kl_rows}[work]()
if steps > 0:
    step()  # warm up
times = []
for _ in range(max(steps, 1)):
    start = time.perf_counter()
    step()
    times.append(time.perf_counter() - start)
print(json.dumps({"rate": amount / sorted(times)[len(times) // 2], "unit": unit, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))
