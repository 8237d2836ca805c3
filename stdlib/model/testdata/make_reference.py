"""Writes the reference numbers of this package's tests, with transformers and torch.

    python make_reference.py CACHE      (CACHE: kairos' cache, for the GGUF)

tiny/, untied/: a small random Llama as save_pretrained writes it, with the loss
of each sequence, every parameter's gradient of the mean token loss, and the
losses of ten AdamW steps. smollm2.*: every 128th logit of each position of a
real prompt, SmolLM2-135M-Instruct dequantised from the GGUF.
"""
import json
import pathlib
import sys

import torch
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaConfig, LlamaForCausalLM

here = pathlib.Path(__file__).parent
IGNORE = -100
LR = 1e-2


def token_losses(model, ids, labels):
    logits = model(torch.tensor([ids])).logits[0, :-1]
    return torch.nn.functional.cross_entropy(
        logits, torch.tensor(labels[1:]), ignore_index=IGNORE, reduction="sum"
    )


def tiny(name, tied):
    torch.manual_seed(7)
    config = LlamaConfig(
        vocab_size=96, hidden_size=24, intermediate_size=40, num_hidden_layers=2, num_attention_heads=6,
        num_key_value_heads=2, head_dim=4, max_position_embeddings=32, rope_theta=5000.0, rms_norm_eps=1e-5,
        tie_word_embeddings=tied, initializer_range=0.3,
    )
    model = LlamaForCausalLM(config).float()
    with torch.no_grad():  # norms of 1 would hide a norm left out
        for key, p in model.named_parameters():
            if "norm" in key:
                p.uniform_(0.5, 1.5)
    folder = here / name
    model.save_pretrained(folder)
    for extra in ("generation_config.json",):
        (folder / extra).unlink(missing_ok=True)

    generator = torch.Generator().manual_seed(8)
    sequences = []
    for length in (5, 9, 9, 17, 1 + 31):
        ids = torch.randint(0, 96, (length,), generator=generator).tolist()
        labels = [IGNORE if i < length // 2 else t for i, t in enumerate(ids)]
        sequences.append({"ids": ids, "labels": labels})
    sequences[3]["labels"][2] = sequences[3]["ids"][2]  # two stretches of labels
    tokens = sum(1 for s in sequences for l in s["labels"][1:] if l != IGNORE)

    def total():
        return [token_losses(model, s["ids"], s["labels"]) for s in sequences]

    losses = total()
    (sum(losses) / tokens).backward()
    save_file({k: p.grad.contiguous() for k, p in model.named_parameters()}, folder / "gradients.safetensors")
    model.zero_grad()

    optimiser = torch.optim.AdamW(model.parameters(), lr=LR, weight_decay=0.1)
    curve = []
    for _ in range(10):
        loss = sum(total()) / tokens
        curve.append(loss.item())
        loss.backward()
        optimiser.step()
        optimiser.zero_grad()
    reference = {"sequences": sequences, "losses": [l.item() for l in losses], "adamw": {"lr": LR, "weight_decay": 0.1, "losses": curve}}
    (folder / "reference.json").write_text(json.dumps(reference))


def smollm2(cache):
    folder, file = cache / "SmolLM2-135M-Instruct", "SmolLM2-135M-Instruct.Q4_1.gguf"
    model = AutoModelForCausalLM.from_pretrained(folder, gguf_file=file, dtype=torch.float32).eval()
    task = json.loads((cache / "natural-instructions" / "subtask004_mctaco_answer_generation_event_duration.json").read_text())
    prompt = task["description"] + "\n\n" + task["examples"][0]["input"]
    ids = AutoTokenizer.from_pretrained(folder, gguf_file=file)(prompt)["input_ids"]
    with torch.no_grad():
        logits = model(torch.tensor([ids])).logits[0]
    (here / "smollm2.json").write_text(json.dumps({"ids": ids, "stride": 128, "argmax": logits.argmax(-1).tolist()}))
    save_file({"logits": logits[:, ::128].contiguous()}, here / "smollm2.safetensors")
    print(len(ids), "tokens")


tiny("tiny", tied=True)
tiny("untied", tied=False)
smollm2(pathlib.Path(sys.argv[1]))
