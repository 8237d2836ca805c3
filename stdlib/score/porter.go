package score

import "slices"

// stem removes the endings of a word of ASCII letters in lower case and digits, in place: Porter's
// algorithm ("An algorithm for suffix stripping", Program 14(3), 1980; the steps bear its numbers)
// with the extensions that NLTK's PorterStemmer has by default. No stem is longer than its word.
func stem(w []byte) []byte {
	if len(w) <= 2 {
		return w
	}
	if irregular := irregularStem(string(w)); irregular != "" {
		return append(w[:0], irregular...)
	}
	w = step1a(w)
	w = step1b(w)
	w = step1c(w)
	w = step2(w)
	w = apply(w, step3, 0)
	w = step4(w)
	w = step5a(w)
	return step5b(w)
}

// irregularStem is NLTK's table of exceptions.
func irregularStem(w string) string {
	switch w {
	case "sky", "skies":
		return "sky"
	case "dying":
		return "die"
	case "lying":
		return "lie"
	case "tying":
		return "tie"
	case "innings", "inning":
		return "inning"
	case "outings", "outing":
		return "outing"
	case "cannings", "canning":
		return "canning"
	case "news", "howe", "proceed", "exceed", "succeed":
		return w
	}
	return ""
}

func step1a(w []byte) []byte {
	switch {
	case ends(w, "ies") && len(w) == 4: // NLTK: dies, die
		return w[:3]
	case ends(w, "sses"), ends(w, "ies"):
		return w[:len(w)-2]
	case ends(w, "s") && !ends(w, "ss"):
		return w[:len(w)-1]
	}
	return w
}

func step1b(w []byte) []byte {
	n := len(w)
	switch {
	case ends(w, "ied"):
		if n == 4 { // NLTK: died, die
			return w[:3]
		}
		return w[:n-2]
	case ends(w, "eed"):
		if m, _ := shape(w[:n-3]); m > 0 {
			return w[:n-1]
		}
	case ends(w, "ed"):
		return mend(w, w[:n-2])
	case ends(w, "ing"):
		return mend(w, w[:n-3])
	}
	return w
}

// mend restores what -ed or -ing had changed of the stem, unless there is no vowel to make it one.
func mend(w, stem []byte) []byte {
	m, vowel := shape(stem)
	switch n := len(stem); {
	case !vowel:
		return w
	case ends(stem, "at"), ends(stem, "bl"), ends(stem, "iz"):
		return append(stem, 'e')
	case n >= 2 && stem[n-1] == stem[n-2] && consonant(stem, n-1):
		if c := stem[n-1]; c == 'l' || c == 's' || c == 'z' {
			return stem
		}
		return stem[:n-1]
	case m == 1 && short(stem):
		return append(stem, 'e')
	}
	return stem
}

// step1c follows NLTK: happy becomes happi and fly fli, but enjoy stays.
func step1c(w []byte) []byte {
	if n := len(w); ends(w, "y") && n > 2 && consonant(w, n-2) {
		w[n-1] = 'i'
	}
	return w
}

type rule struct{ ending, instead string }

var step2Rules = []rule{
	{"ational", "ate"}, {"tional", "tion"}, {"enci", "ence"}, {"anci", "ance"}, {"izer", "ize"}, {"bli", "ble"},
	{"entli", "ent"}, {"eli", "e"}, {"ousli", "ous"}, {"ization", "ize"}, {"ation", "ate"}, {"ator", "ate"},
	{"alism", "al"}, {"iveness", "ive"}, {"fulness", "ful"}, {"ousness", "ous"}, {"aliti", "al"}, {"iviti", "ive"},
	{"biliti", "ble"}, {"fulli", "ful"},
}

func step2(w []byte) []byte {
	n := len(w)
	switch {
	case ends(w, "alli"): // NLTK: before the other rules, which then see what is left
		if m, _ := shape(w[:n-4]); m > 0 {
			return step2(w[:n-2])
		}
	case ends(w, "logi"): // the l counts as part of the stem: geologi, geolog
		if m, _ := shape(w[:n-3]); m > 0 {
			return w[:n-1]
		}
	default:
		return apply(w, step2Rules, 0)
	}
	return w
}

var step3 = []rule{
	{"icate", "ic"}, {"ative", ""}, {"alize", "al"}, {"iciti", "ic"}, {"ical", "ic"}, {"ful", ""}, {"ness", ""},
}

var step4Endings = []rule{
	{"al", ""}, {"ance", ""}, {"ence", ""}, {"er", ""}, {"ic", ""}, {"able", ""}, {"ible", ""}, {"ant", ""}, {"ement", ""},
	{"ment", ""}, {"ent", ""}, {"ou", ""}, {"ism", ""}, {"ate", ""}, {"iti", ""}, {"ous", ""}, {"ive", ""}, {"ize", ""},
}

func step4(w []byte) []byte {
	if !ends(w, "ion") {
		return apply(w, step4Endings, 1)
	}
	stem := w[:len(w)-3]
	if m, _ := shape(stem); m > 1 && (ends(stem, "s") || ends(stem, "t")) {
		return stem
	}
	return w
}

func step5a(w []byte) []byte {
	if !ends(w, "e") {
		return w
	}
	stem := w[:len(w)-1]
	if m, _ := shape(stem); m > 1 || m == 1 && !short(stem) {
		return stem
	}
	return w
}

func step5b(w []byte) []byte {
	if ends(w, "ll") {
		if m, _ := shape(w[:len(w)-1]); m > 1 {
			return w[:len(w)-1]
		}
	}
	return w
}

// apply replaces the ending of the first rule that has it, if the stem's measure is above least.
func apply(w []byte, rules []rule, least int) []byte {
	for _, r := range rules {
		if !ends(w, r.ending) {
			continue
		}
		stem := w[:len(w)-len(r.ending)]
		if m, _ := shape(stem); m > least {
			return append(stem, r.instead...)
		}
		return w
	}
	return w
}

func ends(w []byte, ending string) bool {
	n, m := len(w), len(ending)
	return n >= m && w[n-1] == ending[m-1] && string(w[n-m:]) == ending
}

// shape returns Porter's measure, how often a consonant follows a vowel, and whether there is a vowel.
// A y is a vowel after a consonant.
func shape(w []byte) (measure int, hasVowel bool) {
	vowel := false
	for i, c := range w {
		before := vowel
		vowel = isVowel(c) || c == 'y' && i > 0 && !before
		hasVowel = hasVowel || vowel
		if before && !vowel {
			measure++
		}
	}
	return measure, hasVowel
}

// short is Porter's condition *o: consonant, vowel and a consonant other than w, x and y at the end;
// in NLTK also a vowel and a consonant that are the whole.
func short(w []byte) bool {
	n := len(w)
	if n == 2 {
		return !consonant(w, 0) && consonant(w, 1)
	}
	return n > 2 && consonant(w, n-3) && !consonant(w, n-2) && consonant(w, n-1) && !slices.Contains([]byte("wxy"), w[n-1])
}

func consonant(w []byte, i int) bool {
	flips := false
	for ; i > 0 && w[i] == 'y'; i-- {
		flips = !flips
	}
	return isVowel(w[i]) == flips
}

func isVowel(c byte) bool {
	return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u'
}
