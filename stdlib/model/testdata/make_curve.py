"""Writes smollm2_curve.json: twenty AdamW steps of SmolLM2-135M-Instruct on Natural Instructions, by transformers.

    python make_curve.py CACHE      (CACHE: kairos' cache, for the GGUF and the tasks)

Each batch is three examples of mixed length, padded on the right; the loss is the mean over the batch's label tokens, as
transformers computes it. The ids are written too, so that the test trains on the same.
"""
import json
import pathlib
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

here, cache = pathlib.Path(__file__).parent, pathlib.Path(sys.argv[1])
folder, file = cache / "SmolLM2-135M-Instruct", "SmolLM2-135M-Instruct.Q4_1.gguf"
STEPS, BATCH, LONGEST, LR = 20, 3, 120, 1e-4
tokenizer = AutoTokenizer.from_pretrained(folder, gguf_file=file)


def ids(text):
    return tokenizer(text, add_special_tokens=False)["input_ids"]


def examples():
    """Short examples, one of each task in turn, in the paper's format."""
    tasks = [json.loads(path.read_text())["examples"] for path in sorted((cache / "natural-instructions").glob("*.json"))]
    found = []
    for at in range(200):
        for task in tasks:
            if at >= len(task):
                continue
            target = task[at]["target"]
            answer = ids((target if isinstance(target, str) else target[0]) + tokenizer.eos_token)
            prompt = ids(tokenizer.bos_token + "User: " + task[at]["input"]) + ids("\nAssistant: ")
            if len(prompt) + len(answer) <= LONGEST:
                found.append({"ids": prompt + answer, "labels": [-100] * len(prompt) + answer})
            if len(found) == STEPS * BATCH:
                return found


model = AutoModelForCausalLM.from_pretrained(folder, gguf_file=file, dtype=torch.float32)
optimiser = torch.optim.AdamW(model.parameters(), lr=LR, weight_decay=0.0)
found, losses = examples(), []
for step in range(STEPS):
    batch = found[step * BATCH : (step + 1) * BATCH]
    longest = max(len(e["ids"]) for e in batch)

    def padded(key, fill):
        return torch.tensor([e[key] + [fill] * (longest - len(e[key])) for e in batch])

    mask = torch.tensor([[1] * len(e["ids"]) + [0] * (longest - len(e["ids"])) for e in batch])
    loss = model(input_ids=padded("ids", 2), attention_mask=mask, labels=padded("labels", -100)).loss
    losses.append(loss.item())
    loss.backward()
    optimiser.step()
    optimiser.zero_grad()
    print(step + 1, losses[-1], flush=True)
reference = {"lr": LR, "batch": BATCH, "sequences": found, "losses": losses}
(here / "smollm2_curve.json").write_text(json.dumps(reference, separators=(",", ":")))
