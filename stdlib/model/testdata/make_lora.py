"""Writes the reference numbers of adapters, with peft 0.21.2 beside what make_reference.py needs.

    python make_lora.py              writes lora/: adapters of tiny as save_pretrained writes them, with the losses, gradients
                                     and ten AdamW steps that make_reference.py describes
    python make_lora.py check DIR    checks that peft loads what Model.SaveLoRA wrote of them, with equal logits
"""
import json
import pathlib
import sys

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM

here = pathlib.Path(__file__).parent
IGNORE = -100
LR = 1e-2


def base():
    return AutoModelForCausalLM.from_pretrained(here / "tiny").float()


def sequences():
    return json.loads((here / "tiny" / "reference.json").read_text())["sequences"]


def losses(model):
    for s in sequences():
        logits = model(input_ids=torch.tensor([s["ids"]])).logits[0, :-1]
        yield torch.nn.functional.cross_entropy(
            logits, torch.tensor(s["labels"][1:]), ignore_index=IGNORE, reduction="sum"
        )


def make():
    torch.manual_seed(9)
    config = LoraConfig(r=3, lora_alpha=7, target_modules=["q_proj", "o_proj", "down_proj"], task_type="CAUSAL_LM")
    model = get_peft_model(base(), config)
    adapters = {name: p for name, p in model.named_parameters() if p.requires_grad}
    with torch.no_grad():
        for p in adapters.values():  # a B of zero would hide it
            p.uniform_(-0.4, 0.4)
    folder = here / "lora"
    model.peft_config["default"].base_model_name_or_path = "tiny"
    model.save_pretrained(folder)
    (folder / "README.md").unlink(missing_ok=True)

    tokens = sum(1 for s in sequences() for l in s["labels"][1:] if l != IGNORE)
    before = list(losses(model))
    (sum(before) / tokens).backward()
    short = lambda name: name.removeprefix("base_model.model.").replace(".default", "")
    save_file({short(name): p.grad.contiguous() for name, p in adapters.items()}, folder / "gradients.safetensors")
    model.zero_grad()

    optimiser = torch.optim.AdamW(adapters.values(), lr=LR, weight_decay=0.1)
    curve = []
    for _ in range(10):
        loss = sum(losses(model)) / tokens
        curve.append(loss.item())
        loss.backward()
        optimiser.step()
        optimiser.zero_grad()
    reference = {"sequences": sequences(), "losses": [l.item() for l in before], "adamw": {"lr": LR, "weight_decay": 0.1, "losses": curve}}
    (folder / "reference.json").write_text(json.dumps(reference))


def check(folder):
    ours, theirs = PeftModel.from_pretrained(base(), folder).eval(), PeftModel.from_pretrained(base(), here / "lora").eval()
    with torch.no_grad():
        for s in sequences():
            ids = torch.tensor([s["ids"]])
            assert torch.equal(ours(input_ids=ids).logits, theirs(input_ids=ids).logits)
    print(f"{folder}: logits of {len(sequences())} sequences are equal")


if sys.argv[1:2] == ["check"]:
    check(sys.argv[2])
else:
    make()
