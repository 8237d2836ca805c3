package similarity

// grams numbers distinct grams in the order of their coming. A gram's key is its words with a space
// between them, which no word holds.
type grams struct {
	hashes []uint64
	bounds []int  // of the keys, one more than there are
	keys   []byte // one after the other
	slots  []slot // a power of 2, and at least double the grams
}

// slot holds half of a gram's hash, so that most that are not sought are passed over without a look
// at them elsewhere, and its number plus one.
type slot struct {
	tag    uint32
	number int32
}

func tag(hash uint64) uint32 { return uint32(hash >> 32) }

const fewSlots = 256 // at first

func (g *grams) key(k int) []byte { return g.keys[g.bounds[k]:g.bounds[k+1]] }

// find returns the number of the gram of n words from word i, given their hash, or −1.
func (g *grams) find(hash uint64, w *words, i, n int) int {
	if len(g.slots) == 0 {
		return -1
	}
	for at := g.first(hash); ; at = g.next(at) {
		s := g.slots[at]
		k := int(s.number) - 1
		if k < 0 || s.tag == tag(hash) && w.are(g.key(k), i, n) {
			return k
		}
	}
}

// findKey returns the number of the gram with a key and its hash, or −1.
func (g *grams) findKey(hash uint64, key []byte) int {
	if len(g.slots) == 0 {
		return -1
	}
	for at := g.first(hash); ; at = g.next(at) {
		s := g.slots[at]
		k := int(s.number) - 1
		if k < 0 || s.tag == tag(hash) && string(g.key(k)) == string(key) {
			return k
		}
	}
}

// put returns the number of the gram of n words from word i, which is new if it was not there.
func (g *grams) put(w *words, i, n int) int {
	hash := w.hash(i, n)
	if k := g.find(hash, w, i, n); k >= 0 {
		return k
	}
	g.keys = w.appendKey(g.keys, i, n)
	return g.insert(hash)
}

func (g *grams) putKey(hash uint64, key []byte) int {
	if k := g.findKey(hash, key); k >= 0 {
		return k
	}
	g.keys = append(g.keys, key...)
	return g.insert(hash)
}

// insert numbers the gram whose key was appended to keys.
func (g *grams) insert(hash uint64) int {
	if len(g.bounds) == 0 {
		g.bounds = append(g.bounds, 0)
	}
	g.hashes = append(g.hashes, hash)
	g.bounds = append(g.bounds, len(g.keys))
	if 2*len(g.hashes) > len(g.slots) {
		g.slots = make([]slot, max(fewSlots, 2*len(g.slots)))
		for k := range g.hashes {
			g.place(k)
		}
	} else {
		g.place(len(g.hashes) - 1)
	}
	return len(g.hashes) - 1
}

func (g *grams) place(k int) {
	at := g.first(g.hashes[k])
	for g.slots[at].number != 0 {
		at = g.next(at)
	}
	g.slots[at] = slot{tag(g.hashes[k]), int32(k + 1)}
}

func (g *grams) first(hash uint64) uint64 { return hash & uint64(len(g.slots)-1) }

// begin returns the slot where the search for a hash begins; when it is free, the gram is not there.
func (g *grams) begin(hash uint64) slot { return g.slots[g.first(hash)] }

func (g *grams) next(at uint64) uint64 { return (at + 1) & uint64(len(g.slots)-1) }
