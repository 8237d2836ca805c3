"""Writes reference_ngram.json: n-gram divergences by plain counting, words being what str.split gives.

Run with Python alone: python make_reference_ngram.py > reference_ngram.json
"""

import json
import math
import random
from collections import Counter

random.seed(11721)
SPACES = [" ", "  ", "\n", "\t", "\r\n", "\x0b", "\x0c", "\x1c", "\x1f", "\x85", "\xa0", "\u2003", "\u3000"]
WORDS = ["the", "cat", "The", "sat,", "été", "日本", "\u200b", "a.b", "\x1b", "on"]


def text(words):
    return random.choice(["", " "]) + "".join(random.choice(WORDS) + random.choice(SPACES) for _ in range(words))


def shares(texts, n):
    counts = Counter()
    for words in map(str.split, texts):
        counts.update(tuple(words[i:i + n]) for i in range(len(words) - n + 1))
    total = sum(counts.values())
    return {gram: count / total for gram, count in counts.items()}


def divergence(train, test, n):
    p, q = shares(train, n), shares(test, n)
    return math.fsum(share * math.log(share / (q.get(gram, 0) + 1e-10)) for gram, share in p.items())


train, test = [text(random.randint(5, 40)) for _ in range(12)], [text(20) for _ in range(4)]
print(json.dumps({
    "train": train,
    "test": test,
    "rows": {n: [divergence([t], test, n) for t in train] for n in (1, 2, 3)},
    "prefixes": {n: [divergence(train[:i], test, n) for i in range(3, 13, 3)] for n in (1, 2, 3)},
}))
