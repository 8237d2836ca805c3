package tokenize

import (
	"hash/maphash"
	"slices"
	"strings"
	"sync/atomic"
)

const (
	cacheSlots = 1 << 16 // enough for the common words of a language
	cachedWord = 64      // longer words, in bytes, are rare and not kept
)

// wordCache remembers the ids of words. Every word has one slot, which the last
// word that hashed to it holds: bounded in size, and readers and writers never
// wait for each other.
type wordCache struct {
	seed  maphash.Seed
	slots [cacheSlots]atomic.Pointer[cached]
}

type cached struct {
	word string
	ids  []int32
}

func newWordCache() *wordCache { return &wordCache{seed: maphash.MakeSeed()} }

func (c *wordCache) slot(word string) *atomic.Pointer[cached] {
	return &c.slots[maphash.String(c.seed, word)%cacheSlots]
}

// get returns the ids of a word, or nil when it is not known. They are shared.
func (c *wordCache) get(word string) []int32 {
	if len(word) > cachedWord {
		return nil
	}
	if found := c.slot(word).Load(); found != nil && found.word == word {
		return found.ids
	}
	return nil
}

// put remembers copies of a word and its ids: the word is a piece of a text
// that may be large.
func (c *wordCache) put(word string, ids []int32) {
	if len(word) <= cachedWord {
		c.slot(word).Store(&cached{strings.Clone(word), slices.Clone(ids)})
	}
}
