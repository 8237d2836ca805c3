"""The peer's side of the benchmarks: one workload a process, figures as a JSON line.

    python peers.py train|eval|embed STEPS CACHE

transformers and sentence-transformers at their best settings on a CPU: float32,
scaled-dot-product attention, fused AdamW, all cores.
"""
import json
import pathlib
import resource
import sys
import time

import torch

work, steps, cache = sys.argv[1], int(sys.argv[2]) or 3, pathlib.Path(sys.argv[3])
BATCH, LENGTH, PROMPT = 8, 256, 180


def llama():
    from transformers import AutoModelForCausalLM

    folder = cache / "SmolLM2-135M-Instruct"
    model = AutoModelForCausalLM.from_pretrained(
        folder, gguf_file="SmolLM2-135M-Instruct.Q4_1.gguf", dtype=torch.float32, attn_implementation="sdpa"
    )
    ids = torch.tensor([[(b * LENGTH + i) * 7919 % 49152 for i in range(LENGTH)] for b in range(BATCH)])
    labels = ids.clone()
    labels[:, :PROMPT] = -100
    return model, ids, labels


def train():
    model, ids, labels = llama()
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-5, weight_decay=0.0, fused=True)

    def step():
        model(ids, labels=labels).loss.backward()
        optimiser.step()
        optimiser.zero_grad()

    return step, ids.numel(), "tokens/s"


def evaluate():
    model, ids, labels = llama()
    model.eval()

    def step():
        with torch.inference_mode():
            model(ids, labels=labels).loss.item()

    return step, ids.numel(), "tokens/s"


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
    return (lambda: encoder.encode(texts, batch_size=32)), len(texts), "texts/s"


step, amount, unit = {"train": train, "eval": evaluate, "embed": embed}[work]()
if steps > 0:
    step()  # warm up
times = []
for _ in range(max(steps, 1)):
    start = time.perf_counter()
    step()
    times.append(time.perf_counter() - start)
print(json.dumps({"rate": amount / sorted(times)[len(times) // 2], "unit": unit, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))
