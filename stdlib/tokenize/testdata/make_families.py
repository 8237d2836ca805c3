"""Writes families/*.json.gz: small tokenizers of the families that are read, and the ids they give.

    python make_families.py [--odd N] [--out DIR]

Each is trained on the real texts of texts.json.gz and encodes odd ones of the same file and a few more. A file holds

tokenizer   tokenizer.json, which is read by FromDirectory
texts       what is encoded beside the odd texts (ODD of them, from FROM)
ids         the ids of both, by tokenizers
decoded     lists of ids and their texts, special tokens included

and sentencepiece.json.gz the vocabulary of a model that sentencepiece trained, with its scores, and its ids.
Made with tokenizers 0.23.3 and sentencepiece 0.2.3.
"""
import argparse
import gzip
import io
import json
import pathlib
import random

import sentencepiece
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

HERE = pathlib.Path(__file__).parent
FROM = 1200
CONTRACT = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|"
REST = r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
LLAMA3, QWEN2 = CONTRACT + r"\p{N}{1,3}" + REST, CONTRACT + r"\p{N}" + REST
BYTES = [f"<0x{b:02X}>" for b in range(256)]
TEXTS = [
    "", " ", "  ", "\n", " \n", "\r\n\r\n x", "a\n\n  b\t\tc  ", "x \r\n \r y\n", "\n \n \n x", "\u00a0\u00a0x\u3000\n y", "I'LL we'Ve 'ſ 'ſt 'S't''re",
    "...\n\n!?\r\nx", " !\n", " !!\n\n  ??", "12345678 1 12 123 1234", "x12٣٤٥½Ⅷ3", "é e\u0301 Å A\u030a \u1e9b\u0323 \ufb01 \u2126", "한국 \u1112\u1161\u11ab", "\u0915\u093c \u0958",
    "def f(x):\n    return x  # ▁ ok\n", "▁", "▁▁a", " ▁ a", "a▁b ▁", "<0x41>", "<0x0a> <0x0A>", "日本\U0001f600\U0001f9d1\u200d\U0001f680\ue000\U0010ffff",
    "<s>", "</s> x", "a<s>b</s> c", "<s> <s>", "<unk>", " <unk>x", "<s>\nx", "x <mask> y", "x<mask>y", "  <mask>  <mask>", "<tool> a<tool>b", " <tool>", "<pre>\n x <pre>", "é<nfc>e\u0301<nfc>",
]  # fmt: skip


def read(name):
    return json.loads(gzip.decompress((HERE / name).read_bytes()))


def write(path, value):
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
    path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def byte_level(real, pre, decoder=True, size=520):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=size, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), special_tokens=["<s>", "</s>"], show_progress=False)
    tokenizer.train_from_iterator(real, trainer)
    return tokenizer


def sentence(real, whole=False, size=700, split=True):
    """A vocabulary as SentencePiece's, learned from words unless whole, with byte tokens behind the special ones."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tokenizer.pre_tokenizer = None if whole else pre_tokenizers.Metaspace(prepend_scheme="always", split=split)
    if whole:
        tokenizer.pre_tokenizer = pre_tokenizers.Split("\n", "isolated")
    trainer = trainers.BpeTrainer(
        vocab_size=size, special_tokens=["<unk>", "<s>", "</s>"] + BYTES, show_progress=False, limit_alphabet=120, max_token_length=24
    )
    tokenizer.train_from_iterator(real, trainer)
    file = json.loads(tokenizer.to_str())
    file["added_tokens"] = file["added_tokens"][:3]
    file["model"]["byte_fallback"] = True
    file["pre_tokenizer"] = None
    file["decoder"] = json.loads(
        decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]).__getstate__()
    )
    return file


def with_pre(file, normalizer, pre, decoder=None):
    file = json.loads(json.dumps(file))
    file["normalizer"] = normalizer and json.loads(normalizer.__getstate__())
    file["pre_tokenizer"] = pre and json.loads(pre.__getstate__())
    if decoder:
        file["decoder"] = json.loads(decoder.__getstate__())
    return file


def flags(file):
    """Added tokens of every kind; one of them extends the vocabulary."""
    tokenizer = Tokenizer.from_str(json.dumps(file))
    tokenizer.add_special_tokens([AddedToken("<mask>", lstrip=True, special=True), AddedToken("<pre>", rstrip=True, special=True)])
    tokenizer.add_tokens([AddedToken("<tool>", normalized=True), AddedToken("e\u0301<nfc>", normalized=True)])
    return json.loads(tokenizer.to_str())


def old(file):
    """As older versions wrote it: merges in one string, no ignore_merges, no behaviour of spaces in words."""
    file = json.loads(json.dumps(file))
    file["model"]["merges"] = [" ".join(m) for m in file["model"]["merges"]]
    del file["model"]["ignore_merges"]
    return file


def families(real):
    split = lambda regex: pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(regex), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
    )
    plain = pre_tokenizers.ByteLevel(add_prefix_space=False)
    dump = lambda tokenizer: json.loads(tokenizer.to_str())
    yield "gpt2", old(dump(byte_level(real, plain)))
    yield "smollm", dump(byte_level(real, pre_tokenizers.Sequence([pre_tokenizers.Digits(True), plain])))

    llama3 = byte_level(real, split(LLAMA3))
    llama3.post_processor = processors.TemplateProcessing(single="<s> $A", pair="<s> $A <s> $B", special_tokens=[("<s>", 0)])
    file = dump(llama3)
    file["model"]["ignore_merges"] = True
    for word in ["Ġwhich", "tion", "ĠInput", "...", "Ã©", "123"]:  # tokens that the merges would not make
        file["model"]["vocab"].setdefault(word, len(file["model"]["vocab"]))
    yield "llama3", file

    qwen2 = byte_level(real, split(QWEN2))
    qwen2.normalizer = normalizers.NFC()
    yield "qwen2", flags(dump(qwen2))

    words = sentence(real)
    yield "llama2", old(words)
    yield "mistral", flags(words)
    yield "whole", sentence(real, whole=True)
    bare = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()])
    yield "replace", with_pre(words, normalizers.Replace(" ", "▁"), None, bare)
    yield "first", with_pre(words, None, pre_tokenizers.Metaspace(prepend_scheme="first", split=False))
    yield "always", flags(with_pre(words, None, pre_tokenizers.Metaspace(prepend_scheme="always"), decoders.Metaspace(prepend_scheme="always")))
    yield "never", with_pre(words, None, pre_tokenizers.Metaspace(prepend_scheme="never", split=False), decoders.Metaspace(prepend_scheme="never"))

    unknown = json.loads(json.dumps(words))
    del unknown["model"]["vocab"]["<0xE2>"], unknown["model"]["vocab"]["<0x80>"]
    unknown["model"]["vocab"] = {token: i for i, token in enumerate(unknown["model"]["vocab"])}
    yield "fused", unknown
    apart = json.loads(json.dumps(unknown))
    apart["model"]["fuse_unk"] = apart["model"]["byte_fallback"] = False
    yield "apart", apart


def twins(r):
    """Tokens that several merges make: one that was looked for and is not there any more may be made from others."""
    tokens, merges = list("abc"), []
    for _ in range(40):
        left, right = r.choice(tokens), r.choice(tokens)
        if len(left + right) < 7 and (left, right) not in merges:
            merges.append((left, right))
            tokens += [left + right] if left + right not in tokens else []
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    tokenizer = Tokenizer(models.BPE(vocab={t: i for i, t in enumerate(tokens + sorted(set(alphabet) - set("abc")))}, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    return json.loads(tokenizer.to_str())


def spm(real, texts):
    out = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(real), model_writer=out, model_type="bpe", vocab_size=900, byte_fallback=True, split_digits=True, minloglevel=2,
        normalization_rule_name="identity", remove_extra_whitespaces=False, allow_whitespace_only_pieces=True, character_coverage=0.9995,
        unk_surface="<unk>", max_sentence_length=1 << 20,
    )  # fmt: skip
    sp = sentencepiece.SentencePieceProcessor(model_proto=out.getvalue())
    kind = lambda i: 2 if sp.is_unknown(i) else 3 if sp.is_control(i) else 6 if sp.is_byte(i) else 1
    texts = [t for t in texts if not any(s in t for s in ("<s>", "</s>", "<unk>", "\0"))]
    return {
        "tokens": [sp.id_to_piece(i) for i in range(sp.vocab_size())],
        "scores": [sp.get_score(i) for i in range(sp.vocab_size())],
        "types": [kind(i) for i in range(sp.vocab_size())],
        "texts": texts,
        "ids": [sp.encode(t) for t in texts],
        "decoded": [sp.decode(sp.encode(t)) for t in texts],
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--odd", type=int, default=240)
    parser.add_argument("--out", type=pathlib.Path, default=HERE / "families")
    args = parser.parse_args()
    args.out.mkdir(exist_ok=True)
    all = read("texts.json.gz")
    real, odd = all[:FROM], all[FROM:][: args.odd]
    r = random.Random(1)
    more = {}
    for i in range(3):
        more[f"twins{i}"] = ["".join(r.choices("abc", k=r.randint(2, 30))) for _ in range(150)]
    for name, file in [*families(real), *((name, twins(r)) for name in more)]:
        texts = more.get(name, TEXTS)
        tokenizer = Tokenizer.from_str(json.dumps(file))
        ids = [e.ids for e in tokenizer.encode_batch(odd + texts, add_special_tokens=False)]
        lists = [[r.randrange(tokenizer.get_vocab_size()) for _ in range(r.randint(1, 12))] for _ in range(40)]
        lists += [[tokenizer.token_to_id(b) for b in r.choices([b for b in BYTES if tokenizer.token_to_id(b)], k=6)] for _ in range(40) if tokenizer.token_to_id("<0x41>")]
        lists += ids[:40] + ids[-len(texts) :][:60]
        decoded = [{"ids": l, "text": tokenizer.decode(l, skip_special_tokens=False)} for l in lists]
        write(args.out / f"{name}.json.gz", {"tokenizer": file, "odd": args.odd, "texts": texts, "ids": ids, "decoded": decoded})
    write(args.out / "sentencepiece.json.gz", spm(real, odd + TEXTS))


if __name__ == "__main__":
    main()
