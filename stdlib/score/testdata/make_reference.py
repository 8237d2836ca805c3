"""Writes what the tests of this package compare with.

    python make_reference.py [--seed N] [--pairs N] [--words N] [--out DIR]
    python make_reference.py --time FILE

pairs.json.gz    odd texts and references made up here: rouge_score's ROUGE-1 and ROUGE-L with the Porter stemmer, the best over
                 the references as score_multi has it; whether they match exactly; the normalised text
words.json.gz    words and their stems
unicode.json.gz  of every character of Python's Unicode: lower case where it differs, white space, and how each acts beside a
                 capital sigma

Other seeds make other texts: point KAIROS_SCORE_REFERENCE at their directory and the test compares them too.
--time scores the pairs of FILE, ROUGE and exact match, and prints the seconds of a pass, the median of five: the peer of
BenchmarkPairs. Made with rouge_score 0.1.2, nltk 3.10.4 and Python 3.11 (Unicode 14).
"""
import argparse
import gzip
import json
import pathlib
import random
import statistics
import string
import sys
import time
import unicodedata

from nltk.stem.porter import PorterStemmer
from rouge_score.rouge_scorer import RougeScorer

ONSETS = "b bl br c ch cl cr d dr f fl fr g gl gr h j k l m n p pl pr qu r s sc sh sl sp st str t th tr v w x y z".split() + [""]
VOWELS = "a e i o u y ai ea ee io oa oo ou ay ey oy yy uy".split()
CODAS = "b ck d f g k l ll m n nd ng nt p r rd s ss st t tt x y z zz w gg logy".split() + [""] * 6
ENDINGS = """s es ies sses ss ed ied eed ing ings ly lly bly ability ational ations tional enci anci ency izer bli abli alli entli eli
ousli ization ation ator alism iveness fulness ousness aliti iviti biliti fulli logi icate ative alize iciti ical ful ness al ance
ence er ic able ible ant ement ment ent ion sion tion ou ism ate iti ous ive ize e ll le y iality ally fully logically edly atedly
bled ized ating bling izing ously""".split() + [""] * 8
WORDS = """the quick brown fox jumps over lazy dogs running happily relational conditional generalization generalizations arrangement
arrangements training trained trains instruction instructions zero-shot evaluation evaluated models modelling skies sky dying lying
tying news inning innings outing outings cannings howe proceed exceed succeed proceeding enjoy enjoyment happy flies dies died ties
tied agreed feed plastered motoring sing conflated troubled sized hopping tanned falling hissing fizzed failing filing hopeful
goodness electricity electrical revival allowance adjustable defensible irritant replacement adjustment dependent adoption communism
activate angularity homologous effective bowdlerize probate rate cease controll roll geology theology apology logically yyyy yyyyyyy
syzygy toys 1990s 2nd 100 3.14 don't it's U.S.A. naïve café Straße ΟΔΥΣΣΕΥΣ Σ ΑΣ ΑΣ. Σ'Α ΛΟΓΟΣ İstanbul DİYARBAKIR ISPARTA ıspanak Kelvin
Kings maKing K Ångström ﬁne ﬂying DŽungla Dževad ǅ ǈ ẞ ŉ ΐ ﷺ K2 ＡＢＣ ＦｕｌｌＷｉｄｔｈ ᏣᎳᎩ Ꭰ Ა 𝐁𝐨𝐥𝐝 𐐀𐐁 Ⅷ Ⓐ ²³ ½ مرحبا שלום 你好 こんにちは हिन्दी ไทย 한국어 👩‍👩‍👧 🇫🇷
e\u0301le\u0300ve soft\u00adware zero\u200bwidth a\u0345\u03a3 A\u00b7\u03a3 \u02b0\u03a3 A\u0301\u03a3\u0301 A\u03a3\u0301b""".split()
SPACES = [" "] * 12 + ["  ", "\n", "\t", "\r\n", "\u00a0", "\u2003", "\u3000", "\u2028", "\x85", "\x1c", "\x1f", "\x0b", "\u200b", "\ufeff", "\x00"]
MARKS = [".", ",", "!", "?", "-", "--", "'", "\"", "(", ")", "’", "“", "…", "—", "_", "$", "%", "&", "@", "¿", "。", "、"]
SCORES = RougeScorer(["rouge1", "rougeL"], use_stemmer=True)


def made_up(rng):
    word = "".join(rng.choice(ONSETS) + rng.choice(VOWELS) + rng.choice(CODAS) for _ in range(rng.choice([1, 1, 1, 2, 2, 3])))
    return word + rng.choice(ENDINGS)


def odd_character(rng):
    while True:
        c = chr(rng.choice([rng.randrange(0x250), rng.randrange(0x3000), rng.randrange(0xA640, 0xABC0), rng.randrange(0x110000)]))
        if unicodedata.category(c) not in ("Cn", "Cs", "Co"):
            return c


def odd_word(rng):
    kind = rng.random()
    if kind < 0.55:
        word = rng.choice(WORDS)
    elif kind < 0.85:
        word = made_up(rng)
    else:
        word = "".join(rng.choice([odd_character(rng), rng.choice("ΣΣİKsAÉ'.i\u0307")]) for _ in range(rng.randrange(1, 5)))
    change = rng.random()
    if change < 0.1:
        word = word.upper()
    elif change < 0.2:
        word = word.title()
    elif change < 0.25:
        word = word.replace("k", "\u212a").replace("i", "\u0130")
    elif change < 0.3:
        at = rng.randrange(len(word) + 1)
        word = word[:at] + odd_character(rng) + word[at:]
    return word + (rng.choice(MARKS) if rng.random() < 0.2 else "")


def text(rng, words):
    return "".join(w + rng.choice(SPACES) for w in words)


def reference(rng, words):
    """Words like those of the prediction: some gone, some new, some moved, some in another case."""
    kind = rng.random()
    if kind < 0.12:
        return [w.swapcase() for w in words]
    if kind < 0.2:
        return [odd_word(rng) for _ in range(rng.randrange(12))]
    out = []
    for w in words:
        r = rng.random()
        if r < 0.15:
            continue
        out.append(odd_word(rng) if r < 0.3 else w)
        if rng.random() < 0.1:
            out.insert(rng.randrange(len(out)), out.pop())
    return out


def normalize(s):
    kept = (c for c in s.lower() if c not in string.punctuation)
    return " ".join("".join(kept).split())


def pair(rng):
    words = [odd_word(rng) for _ in range(rng.choice([0, 1, 2, 3, 5, 8, 8, 13, 24]))]
    prediction = text(rng, words)
    references = [text(rng, reference(rng, words)) for _ in range(rng.choice([1, 1, 1, 2, 3]))]
    best = SCORES.score_multi(references, prediction)
    return {
        "prediction": prediction, "references": references, "rouge1": list(best["rouge1"]), "rougeL": list(best["rougeL"]),
        "exact": any(normalize(prediction) == normalize(r) for r in references), "normal": normalize(prediction),
    }


def stems(rng, n):
    words = {made_up(rng) for _ in range(n)} | {w for w in WORDS if w.isascii() and w.isalnum() and w == w.lower()}
    words |= {"".join(rng.choice("aeiouybls19") for _ in range(rng.randrange(3, 9))) + rng.choice(ENDINGS) for _ in range(n // 4)}
    stem = PorterStemmer().stem
    return {w: stem(w) for w in sorted(words)}


def ranges(of):
    """First and last of each run of numbers."""
    out = []
    for c in of:
        if out and out[-1][1] == c - 1:
            out[-1][1] = c
        else:
            out.append([c, c])
    return out


def characters():
    known = [c for c in range(sys.maxunicode + 1) if unicodedata.category(chr(c)) not in ("Cn", "Cs")]
    return {
        "known": ranges(known),
        "lower": {c: chr(c).lower() for c in known if chr(c).lower() != chr(c)},
        "space": [c for c in known if chr(c).isspace()],
        "final_after": ranges(c for c in known if (chr(c) + "Σ").lower()[-1] == "ς"),
        "final_after_letter": ranges(c for c in known if ("A" + chr(c) + "Σ").lower()[-1] == "ς"),
        "final_before": ranges(c for c in known if ("AΣ" + chr(c)).lower()[1] == "ς"),
        "final_before_letter": ranges(c for c in known if ("AΣ" + chr(c) + "a").lower()[1] == "ς"),
    }


def write(path, value):
    raw = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    path.write_bytes(gzip.compress(raw, 9, mtime=0))


def measure(path):
    pairs = json.loads(gzip.decompress(path.read_bytes()))

    def once():
        start = time.perf_counter()
        for p in pairs:
            SCORES.score_multi(p["references"], p["prediction"])
            any(normalize(p["prediction"]) == normalize(r) for r in p["references"])
        return time.perf_counter() - start
    seconds = statistics.median(once() for _ in range(5))
    print(f"{seconds:.4f} s for {len(pairs)} pairs, {len(pairs) / seconds:.0f} pairs/s")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pairs", type=int, default=2000)
    parser.add_argument("--words", type=int, default=4000)
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path(__file__).parent)
    parser.add_argument("--time", type=pathlib.Path)
    args = parser.parse_args()
    if args.time:
        measure(args.time)
        return
    rng = random.Random(args.seed)
    write(args.out / "pairs.json.gz", [pair(rng) for _ in range(args.pairs)])
    write(args.out / "words.json.gz", stems(rng, args.words))
    write(args.out / "unicode.json.gz", characters())


if __name__ == "__main__":
    main()
