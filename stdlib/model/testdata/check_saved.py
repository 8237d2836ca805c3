"""Checks with transformers what Model.Save has written.

    python check_saved.py NAME=DIR…

DIR is where the model of testdata called NAME was saved to. transformers must load it with the logits that it gives for the
original, to the bit. NAME may be smollm2, SmolLM2-135M-Instruct loaded from the GGUF, whose logits are in smollm2.safetensors.
"""
import json
import pathlib
import sys

import torch
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM

here = pathlib.Path(__file__).parent


def load(folder):
    model, info = AutoModelForCausalLM.from_pretrained(folder, output_loading_info=True)
    assert not any(info.values()), info
    assert model.dtype == torch.float32
    return model.eval()


def logits(model, ids):
    with torch.no_grad():
        return model(torch.tensor([ids])).logits[0]


for argument in sys.argv[1:]:
    name, folder = argument.split("=", 1)
    saved = load(folder)
    if name == "smollm2":
        reference = json.loads((here / "smollm2.json").read_text())
        got, want = logits(saved, reference["ids"]), load_file(here / "smollm2.safetensors")["logits"]
        assert got.argmax(-1).tolist() == reference["argmax"]
        worst = ((got[:, :: reference["stride"]] - want).abs().amax(1) / want.abs().amax(1)).max().item()
        assert worst < 1e-4, worst
        print(f"{name}: {len(reference['ids'])} positions, worst relative difference {worst:.1e}")
        continue
    original = load(here / name)
    sequences = json.loads((here / name / "reference.json").read_text())["sequences"]
    assert all(torch.equal(logits(saved, s["ids"]), logits(original, s["ids"])) for s in sequences)
    print(f"{name}: logits of {len(sequences)} sequences are equal")
