"""The peer's side of the benchmarks: one work a process, figures as a JSON line.

    python peers.py WORK STEPS CACHE

transformers and sentence-transformers at their best settings on a CPU: float32, autocast where the work ends in -bf16,
scaled-dot-product attention, fused AdamW, all cores. Texts of mixed length are padded to the longest of their batch; where
their order is free they are sorted by length, so that little is padded.
"""
import contextlib
import json
import pathlib
import resource
import sys
import time

import torch

work, steps, cache = sys.argv[1], int(sys.argv[2]) or 3, pathlib.Path(sys.argv[3])
BATCH, LENGTH, PROMPT, NEWS = 8, 256, 180, 64


def load():
    from transformers import AutoModelForCausalLM

    return AutoModelForCausalLM.from_pretrained(
        cache / "SmolLM2-135M-Instruct",
        gguf_file="SmolLM2-135M-Instruct.Q4_1.gguf",
        dtype=torch.float32,
        attn_implementation="sdpa",
    )


def full(count, length):
    """A batch without padding, as model inputs."""
    ids = torch.tensor([[(b * length + i) * 7919 % 49152 for i in range(length)] for b in range(count)])
    labels = ids.clone()
    labels[:, : length * PROMPT // 256] = -100
    return {"input_ids": ids, "labels": labels}


def sequences():
    """The examples that our side wrote."""
    path = cache / "bench" / f"{work.removesuffix('-bf16')}.json"
    return [(s["IDs"], s["Labels"]) for s in json.loads(path.read_text())]


def padded(examples, left=False):
    """A batch of examples of mixed length, as model inputs."""
    longest = max(len(ids) for ids, _ in examples)

    def rows(values, fill):
        return torch.tensor([[fill] * (longest - len(v)) + v if left else v + [fill] * (longest - len(v)) for v in values])

    ids = [ids for ids, _ in examples]
    return {
        "input_ids": rows(ids, 2),
        "attention_mask": rows([[1] * len(i) for i in ids], 0),
        "labels": rows([labels for _, labels in examples], -100),
    }


def batches(examples):
    return [padded(examples[i : i + BATCH]) for i in range(0, len(examples), BATCH)]


def total(examples):
    return sum(len(ids) for ids, _ in examples)


def adamw(model):
    return torch.optim.AdamW(model.parameters(), lr=1e-5, weight_decay=0.0, fused=True)


def update(model, optimiser, inputs):
    with torch.autocast("cpu", torch.bfloat16) if work.endswith("-bf16") else contextlib.nullcontext():
        loss = model(**inputs).loss
    loss.backward()
    optimiser.step()
    optimiser.zero_grad()


def start():
    model = load()
    optimiser, inputs = adamw(model), full(1, 16)
    return None, lambda: update(model, optimiser, inputs), 1, "starts/s"


def train():
    model = load()
    optimiser, inputs = adamw(model), full(BATCH, LENGTH)
    return None, lambda: update(model, optimiser, inputs), BATCH * LENGTH, "tokens/s"


def train_ni():
    model, examples = load(), sequences()
    optimiser, parts = adamw(model), batches(examples)
    return None, lambda: [update(model, optimiser, part) for part in parts], total(examples), "tokens/s"


def optimiser():
    model = load()
    adam, inputs = adamw(model), full(1, 16)

    def gradients():
        adam.zero_grad()
        model(**inputs).loss.backward()

    return gradients, adam.step, 1, "steps/s"


def evaluate():
    model, inputs = load().eval(), full(BATCH, LENGTH)

    def step():
        with torch.inference_mode():
            model(**inputs).loss.item()

    return None, step, BATCH * LENGTH, "tokens/s"


def evaluate_ni():
    model, examples = load().eval(), sorted(sequences(), key=lambda example: len(example[0]))
    parts = batches(examples)

    def step():
        with torch.inference_mode():
            for part in parts:
                logits = model(input_ids=part["input_ids"], attention_mask=part["attention_mask"]).logits[:, :-1]
                labels = part["labels"][:, 1:]
                loss = torch.nn.functional.cross_entropy(logits.transpose(1, 2), labels, reduction="none")
                (loss.sum(1) / (labels != -100).sum(1)).tolist()

    return None, step, total(examples), "tokens/s"


def generate():
    model, examples = load().eval(), sequences()
    prompts = [(ids[: next(i for i, l in enumerate(labels) if l != -100)], []) for ids, labels in examples]
    inputs = padded(prompts, left=True)
    inputs.pop("labels")

    def step():
        with torch.inference_mode():
            model.generate(**inputs, do_sample=False, max_new_tokens=NEWS, min_new_tokens=NEWS, pad_token_id=2)

    return None, step, BATCH * NEWS, "tokens/s"


def embed():
    from sentence_transformers import SentenceTransformer, models

    texts = []
    tasks = sorted((cache / "natural-instructions").glob("*.json"))
    for i in range(2000):
        examples = json.loads(tasks[i % len(tasks)].read_text())["examples"]
        e = examples[(i * 7919) % len(examples)]
        texts.append(e["input"] + " " + (e["target"] if isinstance(e["target"], str) else e["target"][0]))
    word = models.Transformer(str(cache / "all-MiniLM-L6-v2"), max_seq_length=256)
    encoder = SentenceTransformer(modules=[word, models.Pooling(384, pooling_mode="mean"), models.Normalize()])
    return None, lambda: encoder.encode(texts, batch_size=32), len(texts), "texts/s"


before, step, amount, unit = {
    "start": start,
    "train": train,
    "train-bf16": train,
    "train-ni": train_ni,
    "train-ni-bf16": train_ni,
    "optimiser": optimiser,
    "eval": evaluate,
    "eval-ni": evaluate_ni,
    "generate": generate,
    "embed": embed,
}[work]()
times = []
for i in range(steps + 1 if steps > 0 else 1):
    if before:
        before()
    begin = time.perf_counter()
    step()
    if i > 0 or steps < 0:  # the first warms up
        times.append(time.perf_counter() - begin)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps({"rate": amount / sorted(times)[len(times) // 2], "unit": unit, "peak": peak}))
