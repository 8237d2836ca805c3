"""Writes written.json.gz: the ids that transformers' AutoTokenizer gives with the files that WriteFiles wrote.

    KAIROS_TOKENIZE_WRITTEN=DIR go test -run TestWrittenFilesMatchTransformers ..
    python make_written.py DIR

For every tokenizer that the test wrote into DIR: the hash of its files, what chats become, and the ids of odd texts of
texts.json.gz and of a few more. The test fails when the files change, until transformers has read the new ones.
Made with transformers 5.23.0.
"""
import gzip
import hashlib
import json
import pathlib
import sys

from transformers import AutoTokenizer

HERE = pathlib.Path(__file__).parent
MORE = ["<bos>a<eos> b", "<s> x</s>y", "<|im_start|>user\nhi<|im_end|>", "  two  spaces\n\n", "I'LL 12345 é e\u0301 한국"]
MESSAGES = [{"role": "user", "content": "Hi é"}, {"role": "assistant", "content": "Yes."}]


def main():
    texts = json.loads(gzip.decompress((HERE / "texts.json.gz").read_bytes()))[1200:1400] + MORE
    out = {}
    for dir in sorted(p for p in pathlib.Path(sys.argv[1]).iterdir() if p.is_dir()):
        tokenizer = AutoTokenizer.from_pretrained(dir)
        hash = hashlib.sha256(b"".join((dir / n).read_bytes() for n in ("tokenizer.json", "tokenizer_config.json"))).hexdigest()
        ids = [tokenizer(t, add_special_tokens=False)["input_ids"] for t in texts]
        chat = tokenizer.apply_chat_template(MESSAGES, tokenize=False) if tokenizer.chat_template else None
        out[dir.name] = {
            "hash": hash, "ids": ids, "decoded": [tokenizer.decode(i) for i in ids], "bos": tokenizer.bos_token_id, "eos": tokenizer.eos_token_id,
            "chat": chat, "vocab": len(tokenizer), "start": tokenizer("x")["input_ids"],
        }  # fmt: skip
        print(dir.name, type(tokenizer).__name__, len(tokenizer), out[dir.name]["start"])
    text = json.dumps({"texts": texts, "tokenizers": out}, ensure_ascii=False, separators=(",", ":")) + "\n"
    (HERE / "written.json.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))


if __name__ == "__main__":
    main()
