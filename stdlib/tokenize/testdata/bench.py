"""Sets the speed of this package beside Hugging Face tokenizers: the same texts, one thread, one run.

    python bench.py CACHE

CACHE is kairos' cache. Run it in the package's directory with go on the path.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import time

os.environ["TOKENIZERS_PARALLELISM"] = "false"
from tokenizers import Tokenizer  # noqa: E402

from make_reference import smollm  # noqa: E402

cache = pathlib.Path(sys.argv[1])
texts = []
for path in sorted((cache / "natural-instructions").glob("*.json")):
    texts += [example["input"] for example in json.loads(path.read_text())["examples"][:300]]
size = sum(len(text.encode()) for text in texts) / 1e6


def speed(tokenizer):
    """MB/s, the best of five passes of the fastest of its ways to encode."""
    best = 0
    for _ in range(5):
        for way in (tokenizer.encode_batch_fast, lambda list: [tokenizer.encode(text) for text in list]):
            start = time.perf_counter()
            way(texts)
            best = max(best, size / (time.perf_counter() - start))
    return best


bpe, _, digits, _, _ = smollm(next((cache / "SmolLM2-135M-Instruct").glob("*.gguf")))
bpe.pre_tokenizer = digits
bert = Tokenizer.from_file(str(cache / "all-MiniLM-L6-v2" / "tokenizer.json"))
bert.no_padding()
bert.no_truncation()
theirs = {"BPE": speed(bpe), "WordPiece": speed(bert)}

command = ["go", "test", "-run", "^$", "-bench", "^Benchmark(BPE|WordPiece)$", "-cpu", "1", "-count", "5", "."]
out = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, "KAIROS_CACHE": str(cache)}).stdout
for name, their in theirs.items():
    ours = max(float(m) for m in re.findall(rf"^Benchmark{name}\s.*?([\d.]+) MB/s", out, re.M))
    print(f"{name}: kairos {ours:.1f} MB/s, tokenizers {their:.1f} MB/s, ratio {ours / their:.1f} ({len(texts)} texts, {size:.1f} MB)")
