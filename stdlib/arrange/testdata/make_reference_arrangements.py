"""Writes reference_arrangements.json: arrangements by task and mixed settings of TMA, as numpy computes them.

They are written here from the paper and from what its reference does (split_cluster.py, split_data_coarse_job.py,
choose_flan_per_task_job.py, convert_flan_data_job.py). Run with numpy installed:
python make_reference_arrangements.py > reference_arrangements.json
"""

import json

import numpy as np

rng = np.random.default_rng(2406)
rows, width, tests = 60, 8, 5
tasks = [f"task {k}" for k in rng.choice(6, size=rows, p=[0.4, 0.3, 0.15, 0.1, 0.03, 0.02])]
names = list(dict.fromkeys(tasks))
members = {name: [i for i, task in enumerate(tasks) if task == name] for name in names}


def unit(vectors):
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def wsd(distances):
    nearest, average = distances.min(axis=1), distances.mean(axis=1)
    return nearest + nearest.mean() / average.mean() * average


train = (rng.normal(size=(rows, width)) + 0.5).astype(np.float32)
test = (rng.normal(size=(tests, width)) + 0.5).astype(np.float32)
distances = -(unit(train.astype(np.float64)) @ unit(test.astype(np.float64)).T)

# Round-robin: the queues of all tasks lose their heads in turn.
queues = {name: list(rows) for name, rows in members.items()}
round_robin = []
while any(queues.values()):
    round_robin += [queues[name].pop(0) for name in names if queues[name]]

# Coarse: tasks by the WSD of their mean embedding.
means = np.stack([train[members[name]].astype(np.float64).mean(axis=0) for name in names])
task_scores = wsd(-(unit(means) @ unit(test.astype(np.float64)).T))
coarse = [i for k in np.argsort(task_scores, kind="stable") for i in members[names[k]]]


def choose(count, uniform):
    chosen = []
    for name in names:
        mine = np.array(members[name])
        ordered = mine[np.argsort(wsd(distances[mine]), kind="stable")].tolist()
        if len(ordered) < count:
            chosen += ordered
        elif uniform:
            chosen += ordered[:: len(ordered) // count]
        else:
            chosen += ordered[: count // 2] + ordered[len(ordered) - count // 2 :]
    return chosen


def tma(num, farthest):
    left = -coarse_distances if farthest else coarse_distances.copy()
    taken = []
    while len(taken) < min(num, rows):
        found = np.unique(left.argmin(axis=0))
        taken += found.tolist()
        left[found] = np.inf
    return taken


coarse_distances = np.round(distances, 1)  # with ties
half_min, half_max = tma(20, False), tma(20, True)

print(json.dumps({
    "tasks": tasks,
    "train": train.tolist(),
    "test": test.tolist(),
    "clustered": [i for name in names for i in members[name]],
    "roundRobin": round_robin,
    "means": means.tolist(),
    "taskScores": task_scores.tolist(),
    "coarse": coarse,
    "scores": {name: wsd(distances[members[name]]).tolist() for name in names},  # within each task
    "polar4": choose(4, False),
    "polar7": choose(7, False),
    "uniform4": choose(4, True),
    "rounded": coarse_distances.astype(np.float32).tolist(),
    "minMax40": list(dict.fromkeys(half_min + half_max)),
    "maxMin40": list(dict.fromkeys(half_max + half_min)),
    "minMax40Reversed": list(dict.fromkeys(half_min + half_max[::-1])),
    "maxMin40Reversed": list(dict.fromkeys(half_max + half_min[::-1])),
}))
