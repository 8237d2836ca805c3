"""Writes the reference numbers of this package's tests, with transformers, torch and gguf.

    python make_reference.py CACHE      (CACHE: kairos' cache, for the GGUF)

reward/: a small random LlamaForSequenceClassification with the score of each sequence.
A directory for each of CONFIGS: a small random model as save_pretrained writes it, with the loss
of each sequence, every parameter's gradient of the mean token loss, and the losses of ten AdamW
steps. *.gguf: the same weights as gguf's writer and llama.cpp's order of rows have them.
smollm2.*: every 128th logit of each position of a real prompt, SmolLM2-135M-Instruct dequantised
from the GGUF.
"""
import json
import pathlib
import sys

import torch
from gguf import GGUFWriter, TensorNameMap, MODEL_ARCH
from safetensors.torch import save_file
from transformers import (
    AutoModelForCausalLM, AutoTokenizer, LlamaConfig, LlamaForSequenceClassification, MistralConfig, Qwen2Config,
)

here = pathlib.Path(__file__).parent
IGNORE = -100
LR = 1e-2

LLAMA = dict(
    vocab_size=96, hidden_size=24, intermediate_size=40, num_hidden_layers=2, num_attention_heads=6,
    num_key_value_heads=2, head_dim=4, max_position_embeddings=32, rms_norm_eps=1e-5, initializer_range=0.3,
)
SMALL = dict(
    vocab_size=48, hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=4,
    num_key_value_heads=2, head_dim=8, max_position_embeddings=32, rms_norm_eps=1e-5, initializer_range=0.3,
    tie_word_embeddings=True,
)


def rope(kind="default", **more):
    return {"rope_theta": 5000.0, "rope_type": kind, **more}


CONFIGS = {
    "tiny": LlamaConfig(**LLAMA, rope_parameters=rope(), tie_word_embeddings=True),
    "untied": LlamaConfig(**LLAMA, rope_parameters=rope(), tie_word_embeddings=False),
    "biased": LlamaConfig(**SMALL, rope_parameters=rope(), attention_bias=True, mlp_bias=True),
    # Its four frequencies turn 10.2, 1.2, 0.14 and 0.02 times in 64 tokens: one is kept, one blended, two divided.
    "llama3": LlamaConfig(
        **SMALL | dict(max_position_embeddings=128),
        rope_parameters=rope(
            "llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=64
        ),
    ),
    "linear": LlamaConfig(**SMALL, rope_parameters=rope("linear", factor=2.5)),
    "qwen2": Qwen2Config(**SMALL | dict(num_attention_heads=2, num_key_value_heads=1), rope_parameters=rope()),
    "mistral": MistralConfig(**SMALL, rope_parameters=rope(), sliding_window=24),
}


def token_losses(model, ids, labels):
    logits = model(torch.tensor([ids])).logits[0, :-1]
    return torch.nn.functional.cross_entropy(
        logits, torch.tensor(labels[1:]), ignore_index=IGNORE, reduction="sum"
    )


def random_sequences(vocabulary, longest):
    generator = torch.Generator().manual_seed(8)
    sequences = []
    for length in (5, 9, 9, 17, longest):
        ids = torch.randint(0, vocabulary, (length,), generator=generator).tolist()
        labels = [IGNORE if i < length // 2 else t for i, t in enumerate(ids)]
        sequences.append({"ids": ids, "labels": labels})
    sequences[3]["labels"][2] = sequences[3]["ids"][2]  # two stretches of labels
    return sequences


def tiny(name, config):
    torch.manual_seed(7)
    model = AutoModelForCausalLM.from_config(config).float()
    with torch.no_grad():  # norms of 1 and biases of 0 would hide one left out
        for key, p in model.named_parameters():
            if "norm" in key:
                p.uniform_(0.5, 1.5)
            elif key.endswith("bias"):
                p.uniform_(-0.5, 0.5)
    folder = here / name
    model.save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    if name in ("biased", "qwen2"):
        write_gguf(model, here / f"{name}.gguf")

    sequences = random_sequences(config.vocab_size, getattr(config, "sliding_window", None) or 32)
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


def write_gguf(model, path):
    """Writes a model as llama.cpp's converter does, and checks that transformers reads the same from it."""
    c = model.config
    w = GGUFWriter(path, c.model_type)
    w.add_vocab_size(c.vocab_size)
    w.add_context_length(c.max_position_embeddings)
    w.add_embedding_length(c.hidden_size)
    w.add_block_count(c.num_hidden_layers)
    w.add_feed_forward_length(c.intermediate_size)
    w.add_head_count(c.num_attention_heads)
    w.add_head_count_kv(c.num_key_value_heads)
    w.add_key_length(c.head_dim)
    w.add_value_length(c.head_dim)
    w.add_rope_freq_base(c.rope_parameters["rope_theta"])
    w.add_layer_norm_rms_eps(c.rms_norm_eps)
    names = TensorNameMap(MODEL_ARCH.LLAMA if c.model_type == "llama" else MODEL_ARCH.QWEN2, c.num_hidden_layers)
    for name, p in model.named_parameters():
        values = p.detach()
        heads = {"q_proj": c.num_attention_heads, "k_proj": c.num_key_value_heads}.get(name.split(".")[-2])
        if heads and c.model_type == "llama":  # the two rows of a rotary pair become neighbours
            values = values.reshape(heads, 2, -1, *p.shape[1:]).transpose(1, 2).reshape(p.shape)
        w.add_tensor(names.get_name(name, (".weight", ".bias")), values.contiguous().numpy())
    w.write_header_to_file()
    w.write_kv_data_to_file()
    w.write_tensors_to_file()
    w.close()
    if c.model_type == "qwen2":  # of a llama's biases transformers reads none
        again = dict(AutoModelForCausalLM.from_pretrained(path.parent, gguf_file=path.name).named_parameters())
        assert all(torch.equal(p, again[name]) for name, p in model.named_parameters())


def reward():
    torch.manual_seed(10)
    model = LlamaForSequenceClassification(LlamaConfig(**SMALL, rope_parameters=rope(), num_labels=1)).float().eval()
    with torch.no_grad():
        for key, p in model.named_parameters():
            if "norm" in key:
                p.uniform_(0.5, 1.5)
        sequences = [s["ids"] for s in random_sequences(48, 32)]
        scores = [model(torch.tensor([ids])).logits.item() for ids in sequences]
    model.save_pretrained(here / "reward")
    (here / "reward" / "reference.json").write_text(json.dumps({"ids": sequences, "scores": scores}))


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


for name, config in CONFIGS.items():
    tiny(name, config)
reward()
smollm2(pathlib.Path(sys.argv[1]))
