"""Writes the texts and ids that the tests of this package compare with.

    python make_reference.py CACHE [--seed N] [--real N] [--odd N] [--out DIR]

CACHE holds SmolLM2-135M-Instruct/*.gguf, all-MiniLM-L6-v2/tokenizer.json and natural-instructions/*.json.

texts.json.gz      real texts out of Natural Instructions, then odd ones made up here
bpe.json.gz        of every text: SmolLM2's ids; of the first odd ones: ids with the plain GPT-2 pre-tokenizer
wordpiece.json.gz  of every text: all-MiniLM-L6-v2's ids; of those longer than 256: the ids cut to 256
dialogue.json      dialogues laid out as the paper's code does, without truncation
decode.json        lists of random ids and their texts

Other seeds make other texts: point KAIROS_TOKENIZE_REFERENCE at their directory and the test compares them too.
Made with tokenizers 0.23.3 and gguf 0.19.0.
"""
import argparse
import gzip
import json
import pathlib
import random

from gguf import GGUFReader
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

BPE_SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<repo_name>", "<file_sep>", "<gh_stars>", "<empty_output>"]
BERT_SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
BROKEN_SPECIAL = ["<|im_start|", "|im_end|>", "<|IM_START|>", "<| im_end |>", "<", "<|", "<<|im_end|>>", "[mask]", "[MASK", "[ SEP ]"]
SPACES = [" ", "  ", "\t", "\n", "\r\n", "\n\n\n", "\u00a0", "\u2003", "\u3000", "\u2028", "\u0085", "\x0b", "\x0c", "\u1680", "\u200b", "\ufeff"]
CONTRACTIONS = ["'s", "'S", "'t", "'re", "'RE", "'Ve", "'ve", "'m", "'ll", "'LL", "'d", "'D", "’s", "'x", "''s", "'", "n't"]
SCRIPTS = [
    (0x21, 0x7E), (0xA1, 0xFF), (0x100, 0x24F), (0x370, 0x3FF), (0x400, 0x52F), (0x531, 0x58F), (0x5D0, 0x5EA), (0x600, 0x6FF),
    (0x700, 0x74F), (0x900, 0x97F), (0x980, 0x9FF), (0xB80, 0xBFF), (0xE00, 0xE7F), (0xF00, 0xFFF), (0x1000, 0x109F),
    (0x10A0, 0x10FF), (0x1100, 0x11FF), (0x1200, 0x137F), (0x13A0, 0x13FF), (0x1780, 0x17FF), (0x1E00, 0x1EFF), (0x1F00, 0x1FFF),
    (0x2000, 0x206F), (0x2070, 0x209F), (0x20A0, 0x20CF), (0x2100, 0x218F), (0x2190, 0x23FF), (0x2460, 0x24FF), (0x2600, 0x27BF),
    (0x2E80, 0x2FDF), (0x3000, 0x303F), (0x3041, 0x30FF), (0x3130, 0x318F), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA640, 0xA69F),
    (0xA720, 0xA7FF), (0xAC00, 0xD7AF), (0xF900, 0xFAFF), (0xFB00, 0xFDFF), (0xFE00, 0xFE6F), (0xFF00, 0xFFEF), (0x10000, 0x100FF),
    (0x10A00, 0x10AFF), (0x11000, 0x110FF), (0x12000, 0x123FF), (0x1D100, 0x1D1FF), (0x1D400, 0x1D7FF), (0x1F000, 0x1FAFF),
    (0x20000, 0x2A6DF), (0x2B740, 0x2B91F), (0x2F800, 0x2FA1F), (0xE0000, 0xE01EF),
]
MARKS = [0x300, 0x301, 0x308, 0x323, 0x327, 0x328, 0x338, 0x345, 0x591, 0x5BC, 0x64B, 0x93C, 0x94D, 0x1AB0, 0x20DD, 0x302E, 0x3099, 0xFE0F, 0x1D165]
DIGITS = [0x30, 0x660, 0x6F0, 0x966, 0x9E6, 0xE50, 0x1040, 0x17E0, 0xFF10, 0x1D7CE, 0x1FBF0]
NUMBERS = "½²³¹¼Ⅷⅻ①⑳㈠㊿〇〧፩௰ↂ𐄇𒐀"
EMOJI = ["👩‍💻", "👨‍👩‍👧‍👦", "🏳️‍🌈", "🇩🇪", "👍🏽", "❤️", "😀", "☠️", "1️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"]
WORDS = "the of natural İstanbul ﬁne STRASSE straße Σίσυφος ΟΔΟΣ naïve café Ångström Việt ǅ ŉ ẞ it I'm don't e.g. U.S. 3.14 x² C++ http://a.b/c?d=1&e=%20 foo_bar a@b.co -- … «x» 北京 東京タワー 한국어 שלום العربية हिन्दी".split()


class Odd:
    """Makes odd texts, the same for the same seed."""

    def __init__(self, seed):
        self.r = random.Random(seed)
        self.kinds = [
            self.plane, self.script, self.script, self.marks, self.spaces, self.control, self.special, self.contraction,
            self.digits, self.emoji, self.long, self.words, self.words, self.bidi, self.ascii, self.empty,
        ]  # fmt: skip

    def char(self, low, high):
        while True:
            c = self.r.randint(low, high)
            if not 0xD800 <= c <= 0xDFFF:
                return chr(c)

    def several(self, make, low=1, high=8, between=""):
        return between.join(make() for _ in range(self.r.randint(low, high)))

    def plane(self):
        plane = self.r.randint(0, 16) << 16
        return self.several(lambda: self.char(plane, plane + 0xFFFF), 1, 5)

    def script(self):
        low, high = self.r.choice(SCRIPTS)
        return self.several(lambda: self.several(lambda: self.char(low, high), 1, 6), 1, 3, self.r.choice(["", " ", " ", "\n"]))

    def marks(self):
        base = self.r.choice(["a", "E", "ı", "か", "ש", "क", "=", "", " ", "한"])
        few = self.r.choice([3, 3, 3, 40])
        return base + self.several(lambda: chr(self.r.choice(MARKS)), 1, few) + self.r.choice(["", "b", " x"])

    def spaces(self):
        run = self.several(lambda: self.r.choice(SPACES) * self.r.choice([1, 1, 2, 5]), 1, 4)
        return self.r.choice(["", "a", "7", "é", ".", "'s"]) + run + self.r.choice(["", "b", "7", "٣", "!", "'s", "ß"])

    def control(self):
        return self.several(lambda: self.char(0, 0x1F) + self.r.choice(["", "x", chr(0x7F), "\u0080", "\u00ad"]), 1, 5)

    def special(self):
        token = self.r.choice(BPE_SPECIAL + BERT_SPECIAL + BROKEN_SPECIAL)
        return self.r.choice(["", " ", "a", "\n"]) + token + self.r.choice(["", token, " ", "b", "'s"])

    def contraction(self):
        word = self.r.choice(["", "he", "WE", "é", "9", " ", "!", "\n"])
        return word + self.r.choice(CONTRACTIONS) + self.r.choice(["", "s", " ", "9", "'s", "é"])

    def digits(self):
        zero = self.r.choice(DIGITS)
        digit = lambda: chr(zero + self.r.randint(0, 9)) if self.r.random() < 0.9 else self.r.choice(NUMBERS)
        return self.r.choice(["", " ", "  ", "a", "-"]) + self.several(digit, 1, 6) + self.r.choice(["", " ", "km", ".5", "\n\n"])

    def emoji(self):
        return self.several(lambda: self.r.choice(EMOJI), 1, 3, self.r.choice(["", " "]))

    def long(self):
        unit = self.r.choice(["a", "ab", "é", "北", "x1", "=", " ", "\n", "ing", "👍", "a\u0301"])
        return (unit * 130)[: self.r.choice([60, 99, 100, 101, 110])]

    def words(self):
        return self.several(lambda: self.r.choice(WORDS), 1, 6, self.r.choice([" ", " ", "", "  ", "-"]))

    def bidi(self):
        return self.several(lambda: self.char(*self.r.choice([(0x5D0, 0x5EA), (0x620, 0x64A), (0x200E, 0x200F), (0x202A, 0x202E)])), 2, 8)

    def ascii(self):
        return self.several(lambda: self.char(0x20, 0x7E), 1, 20)

    def empty(self):
        return ""

    def text(self):
        return self.several(lambda: self.r.choice(self.kinds)(), 1, self.r.choice([1, 1, 2, 5]), self.r.choice(["", "", " "]))


def real_texts(folder, count, seed):
    """Definitions, then inputs and targets, of tasks in turn; long inputs are cut at odd places."""
    r = random.Random(seed)
    tasks = [json.loads(p.read_text()) for p in sorted(folder.glob("*.json"))]
    texts = [t["description"] for t in tasks][: count // 4]
    while len(texts) < count:
        for task in tasks:
            example = r.choice(task["examples"])
            texts.append(example["input"][: r.choice([100, 200, 300, 300, 1500])])
            texts.append(r.choice(example["target"]))
    return texts[:count]


def smollm(model):
    fields = GGUFReader(model).fields
    get = lambda name: fields["tokenizer.ggml." + name].contents()
    tokens, types = get("tokens"), get("token_type")
    merges = [tuple(m.split(" ")) for m in get("merges")]
    tokenizer = Tokenizer(models.BPE(vocab={t: i for i, t in enumerate(tokens)}, merges=merges))
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(t, special=True) for t, k in zip(tokens, types) if k in (3, 4)])
    plain = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    digits = pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), plain])
    return tokenizer, plain, digits, tokens[get("bos_token_id")], tokens[get("eos_token_id")]


def dialogue(tokenizer, bos, eos, turns):
    """What tokenize_example of the paper's dataset_wrapper.py computes."""
    ids, labels = [], []
    for i, turn in enumerate(turns[: len(turns) // 2 * 2]):
        if i % 2 == 0:
            parts = [((bos if i == 0 else "\n") + "User: " + turn, False)]
        else:
            parts = [("\nAssistant: ", False), (turn + eos, True)]
        for text, counts in parts:
            new = tokenizer.encode(text, add_special_tokens=False).ids
            ids += new
            labels += new if counts else [-100] * len(new)
    return {"turns": turns, "ids": ids, "labels": labels}


def write(path, value):
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    else:
        path.write_text(text)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("cache", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--real", type=int, default=1200)
    parser.add_argument("--odd", type=int, default=904)
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path(__file__).parent)
    args = parser.parse_args()

    odd = Odd(args.seed)
    made = [odd.text() for _ in range(args.odd)]
    texts = real_texts(args.cache / "natural-instructions", args.real, args.seed) + made
    write(args.out / "texts.json.gz", texts)

    bpe, plain, digits, bos, eos = smollm(next((args.cache / "SmolLM2-135M-Instruct").glob("*.gguf")))
    ids = lambda tokenizer, texts: [e.ids for e in tokenizer.encode_batch(texts)]
    bpe.pre_tokenizer = plain
    gpt2 = ids(bpe, made[:400])
    bpe.pre_tokenizer = digits
    write(args.out / "bpe.json.gz", {"smollm": ids(bpe, texts), "gpt2_from": args.real, "gpt2": gpt2})

    r = random.Random(args.seed)
    turns = [[r.choice(texts) for _ in range(n)] for n in (2, 2, 3, 4, 6, 7)] + [["", ""], [" ", "\n"], ["1+1=", "2"]]
    write(args.out / "dialogue.json", [dialogue(bpe, bos, eos, t) for t in turns])

    bert = Tokenizer.from_file(str(args.cache / "all-MiniLM-L6-v2" / "tokenizer.json"))
    bert.no_padding()
    bert.no_truncation()
    whole = ids(bert, texts)
    bert.enable_truncation(256)
    cut = {i: bert.encode(texts[i]).ids for i, list in enumerate(whole) if len(list) > 256}
    write(args.out / "wordpiece.json.gz", {"ids": whole, "cut": cut})

    random_ids = [[r.randrange(bpe.get_vocab_size()) for _ in range(r.randint(1, 12))] for _ in range(60)]
    bytes_ids = [[bpe.token_to_id(c) for c in r.choices([c for c in pre_tokenizers.ByteLevel.alphabet() if bpe.token_to_id(c)], k=8)] for _ in range(60)]
    bert_ids = [[r.randrange(bert.get_vocab_size()) for _ in range(r.randint(1, 12))] for _ in range(60)]
    text = lambda tokenizer, lists: [{"ids": l, "text": tokenizer.decode(l, skip_special_tokens=False)} for l in lists]
    write(args.out / "decode.json", {"bpe": text(bpe, random_ids + bytes_ids), "wordpiece": text(bert, bert_ids + whole[: args.real : 40])})


if __name__ == "__main__":
    main()
