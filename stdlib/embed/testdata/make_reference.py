"""Writes the reference vectors of this package's tests, with sentence-transformers.

    python make_reference.py CACHE      (CACHE: kairos' cache)

reference.json lists 500 texts of Natural Instructions by task file and index;
reference.safetensors holds their vectors as float16.
"""
import json
import pathlib
import sys

import torch
from safetensors.torch import save_file
from sentence_transformers import SentenceTransformer
from sentence_transformers import models

here, cache = pathlib.Path(__file__).parent, pathlib.Path(sys.argv[1])
picked, texts = [], []
tasks = sorted((cache / "natural-instructions").glob("*.json"))
for i in range(500):
    path = tasks[i % len(tasks)]
    examples = json.loads(path.read_text())["examples"]
    k = (i * 7919) % len(examples)
    target = examples[k]["target"]
    picked.append([path.name, k])
    texts.append(examples[k]["input"] + " " + (target if isinstance(target, str) else target[0]))

word = models.Transformer(str(cache / "all-MiniLM-L6-v2"), max_seq_length=256)
encoder = SentenceTransformer(modules=[word, models.Pooling(word.get_embedding_dimension(), pooling_mode="mean"), models.Normalize()])
vectors = encoder.encode(texts, convert_to_tensor=True)
(here / "reference.json").write_text(json.dumps(picked))
save_file({"vectors": vectors.half().cpu()}, here / "reference.safetensors")
print(vectors.shape, (word.tokenizer(texts[0]))["input_ids"][:10])
