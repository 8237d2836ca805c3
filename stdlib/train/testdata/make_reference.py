"""Writes reference.json: learning rates from transformers' schedules, and what torch's gradient clipping multiplies by.

    python make_reference.py > reference.json
"""

import json

import torch
from transformers import optimization


def rates(schedule, lr, warmup, steps):
    """The rate of each step, and of the one after the last."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr)
    make = {
        "constant": lambda: optimization.get_constant_schedule_with_warmup(optimizer, warmup),
        "linear": lambda: optimization.get_linear_schedule_with_warmup(optimizer, warmup, steps),
        "cosine": lambda: optimization.get_cosine_schedule_with_warmup(optimizer, warmup, steps),
    }
    scheduler = make[schedule]()
    list = []
    for _ in range(steps + 1):
        list.append(scheduler.get_last_lr()[0])
        optimizer.step()
        scheduler.step()
    return list


def clipping(values, limit):
    """The norm of a gradient, and the gradient once it is clipped."""
    weight = torch.zeros(len(values), requires_grad=True)
    weight.grad = torch.tensor(values)
    norm = torch.nn.utils.clip_grad_norm_([weight], limit)
    return {"gradient": values, "clip": limit, "norm": norm.item(), "clipped": weight.grad.tolist()}


cases = [(s, w, n) for s in ("constant", "linear", "cosine") for w, n in ((0, 7), (3, 12), (5, 5), (4, 2), (1, 1))]
print(json.dumps({
    "schedules": [{"schedule": s, "lr": 2e-5, "warmup": w, "steps": n, "rates": rates(s, 2e-5, w, n)} for s, w, n in cases],
    "clipping": [clipping(v, c) for v, c in (([3.0, 4.0], 1.0), ([3.0, 4.0], 5.0), ([3.0, 4.0], 6.0), ([1e-3, -2e-3, 5e-4], 1e-4))],
}))
