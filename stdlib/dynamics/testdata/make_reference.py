"""Writes reference.json: paired t-tests, areas and sudden drops as numpy and scipy compute them.

    python make_reference.py > reference.json

The drops are found by the rule that the Go package states, written down a second time. Made with scipy 1.17.1, numpy 2.4.
"""

import json

import numpy as np
from scipy import stats

rng = np.random.default_rng(8)


def paired():
    for n in (2, 3, 3, 4, 5, 8, 30, 60):
        for shift in (0, 0.05, 1, 100):
            a = rng.normal(2.1, 0.1, n)
            b = a + rng.normal(shift, 0.07, n)
            test = stats.ttest_rel(a, b)
            interval = test.confidence_interval(0.95)
            yield {
                "a": list(a), "b": list(b), "difference": np.mean(a - b), "deviation": np.std(a - b, ddof=1),
                "t": test.statistic, "p": test.pvalue, "low": interval.low, "high": interval.high,
                "lower": int(np.sum(a < b)),
            }


def areas():
    for n in (2, 3, 10, 100):
        steps = np.cumsum(rng.integers(1, 20, n))
        loss = rng.normal(2, 0.3, n)
        yield {"steps": steps.tolist(), "loss": list(loss), "mean": np.trapezoid(loss, steps) / (steps[-1] - steps[0])}


def drops(loss, window=5, threshold=5, size=0.02):
    whole = np.ptp(loss)
    found = []
    for n in range(1, window + 1):
        a = loss[2 * n :] - 2 * loss[n:-n] + loss[: -2 * n]
        if len(a) < 5:
            break
        own = stats.median_abs_deviation(a) * 1.4826
        single = max(own, whole / 1000) if n == 1 else single
        usual = np.clip(own, single, single * n**0.5)
        for k in np.flatnonzero(-a / usual >= threshold):
            i, j = k + n, k + 2 * n
            before = (loss[i] - loss[i - n]) / n
            if loss[i] - loss[j] < size * whole:
                continue
            change = np.diff(loss)

            def goes_on(m):
                return 0 <= m < len(change) and change[m] < min(0, ((loss[j] - loss[i]) / (j - i) + before) / 2)

            while goes_on(j):
                j += 1
            while goes_on(i - 1):
                i -= 1
            found.append((-a[k] / usual, int(i), int(j)))
    taken = []
    for d, i, j in sorted(found, key=lambda f: -f[0]):
        if all(j <= t["from"] or t["to"] <= i for t in taken):
            taken.append({"from": i, "to": j, "deviations": d})
    return sorted(taken, key=lambda t: t["from"])


def curves():
    for n, heights in ((12, [0.8]), (40, [0.5, 0.4]), (90, []), (90, [0.45, 0.4, 0.35, 0.3]), (180, [0.5, 0.3, 0.6])):
        for _ in range(3):
            change = rng.normal(-0.002, 0.02, n - 1)
            for h in heights:
                width = rng.integers(1, 7)
                at = rng.integers(0, n - 1 - width)
                change[at : at + width] -= h / width
            loss = np.concatenate([[3], 3 + np.cumsum(change)])
            yield {"loss": list(loss), "drops": drops(loss)}
    steps = np.arange(60)
    for fall in (0.0, 0.3):
        loss = 0.6 + 2.5 * np.exp(-steps / 4) - fall * np.clip((steps - 40) / 3, 0, 1) + rng.normal(0, 0.004, 60)
        yield {"loss": list(loss), "drops": drops(loss)}


print(json.dumps({"paired": list(paired()), "areas": list(areas()), "curves": list(curves())}, indent=None))
