"""Writes what the tests of this package compare with, with Python's json, transformers and torch.

    python make_reference.py CACHE      (CACHE: kairos' cache, for the GGUF)

odd.json, odd_scored.json     files of results as the reference writes them, json.dumps with an indent of 4, of texts and
                              numbers that are easily written otherwise
examples.json                 dialogues
test_results.json             what SmolLM2-135M-Instruct makes of them, in the form and by the method of the paper's reference
                              (eval_by_loss.py): each token's likeliest successor where labels are, decoded without special tokens
generated.json                its greedy answers to their first questions, up to 24 tokens

Made with transformers 5.23, torch 2.15 and gguf 0.19.
"""
import json
import pathlib
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

here = pathlib.Path(__file__).parent

EXAMPLES = [
    {"task": "sums", "data": ["What is 2 + 3?", "2 + 3 is 5."]},
    {"task": "capitals", "data": ["What is the capital of France?", "Paris", "And of Italy?", "The capital of Italy is Rome."]},
    {"task": "sums", "data": ["Count from one to five.", "one, two, three, four, five"]},
    {
        "task": "stories",
        "data": [
            "Continue the story in one sentence.\n\nA fox met a crow who held a piece of cheese in its beak.",
            "The fox praised the crow\u2019s voice \u2014 and when the crow sang, the cheese fell. \U0001f9c0",
        ],
    },
    {"task": "capitals", "data": ["Name the capital of Japan in one word.", "Tokyo"]},
]


def odd():
    texts = ["", "plain", 'a "quote" \\ / \n\r\t\b\f\x00\x1f\x7f', "é ü 中 \u2028 \ufffd", "\U0001f9c0 <b> & 'x'"]
    numbers = [0.0, -0.0, 1.0, 2.5, 0.1, 1e-4, 9.99e-5, 1e-5, 1.5e-300, 123456789.125, 1e15, 1e16, 1.5e16, 1e22, 1 / 3,
               float("nan"), float("inf"), float("-inf"), 2.0987654321098765]
    rows = [
        {"prompt": texts[k % 5], "pred": texts[(k + 1) % 5], "label": texts[(k + 2) % 5], "loss": x, "task": texts[(k + 3) % 5]}
        for k, x in enumerate(numbers)
    ]
    (here / "odd.json").write_text(json.dumps({"cnt": len(rows), "data": rows}, indent=4))
    scored = {
        "step": 10,
        "data": [
            {
                "prompt": texts[k], "pred": texts[1], "label": texts[2], "task": texts[3], "references": [texts[2], "NaN"][: 1 + k % 2],
                "rouge1": 0.5, "rougeL": 1 / 3, "exact_match": 0.0, "reward": numbers[14 + k],
            }
            for k in range(4)
        ],
    }
    (here / "odd_scored.json").write_text(json.dumps(scored, indent=4))


def dialogue(tokenizer, turns):
    ids, labels, start = [], [], tokenizer.bos_token
    for question, answer in zip(turns[::2], turns[1::2]):
        for text, label in ((f"{start}User: {question}", False), ("\nAssistant: ", False), (answer + tokenizer.eos_token, True)):
            piece = tokenizer(text, add_special_tokens=False)["input_ids"]
            ids += piece
            labels += piece if label else [-100] * len(piece)
        start = "\n"
    return ids, labels


def real(cache):
    folder, file = cache / "SmolLM2-135M-Instruct", "SmolLM2-135M-Instruct.Q4_1.gguf"
    model = AutoModelForCausalLM.from_pretrained(folder, gguf_file=file, dtype=torch.float32).eval()
    tokenizer = AutoTokenizer.from_pretrained(folder, gguf_file=file)

    def text(ids):
        return tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False)

    results, answers = [], []
    for example in EXAMPLES:
        ids, labels = dialogue(tokenizer, example["data"])
        with torch.no_grad():
            logits = model(torch.tensor([ids])).logits[0, :-1]
        target = torch.tensor(labels[1:])
        best = logits.argmax(-1)
        results.append({
            "prompt": text([i for i, label in zip(ids, labels) if label == -100]),
            "pred": text(best[target != -100].tolist()),
            "label": text([label for label in labels if label != -100]),
            "loss": torch.nn.functional.cross_entropy(logits, target, ignore_index=-100).item(),
            "task": example["task"],
        })
        prompt = ids[: next(k for k, label in enumerate(labels) if label != -100)]
        with torch.no_grad():
            out = model.generate(
                torch.tensor([prompt]), do_sample=False, max_new_tokens=24, eos_token_id=tokenizer.eos_token_id,
                pad_token_id=tokenizer.eos_token_id,
            )
        answers.append(text(out[0, len(prompt):].tolist()))
    (here / "examples.json").write_text(json.dumps(EXAMPLES, indent=1))
    (here / "test_results.json").write_text(json.dumps({"cnt": len(results), "data": results}, indent=4))
    (here / "generated.json").write_text(json.dumps(answers, indent=1))


odd()
real(pathlib.Path(sys.argv[1]))
