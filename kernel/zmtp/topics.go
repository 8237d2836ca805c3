package zmtp

import (
	"errors"
	"strings"
	"sync"
)

// maxTopics is how many topics a peer may subscribe to.
const maxTopics = 4096

// topics are those that a peer subscribed to, and how often.
type topics struct {
	mu    sync.Mutex
	count map[string]int
}

func (t *topics) add(topic []byte) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.count) >= maxTopics {
		return errors.New("the peer subscribed to too many topics")
	}
	if t.count == nil {
		t.count = map[string]int{}
	}
	t.count[string(topic)]++
	return nil
}

func (t *topics) remove(topic []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if n := t.count[string(topic)]; n > 1 {
		t.count[string(topic)] = n - 1
	} else {
		delete(t.count, string(topic))
	}
}

// want tells whether a message with this first frame is for the peer.
func (t *topics) want(first []byte) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	for topic := range t.count {
		if strings.HasPrefix(string(first), topic) {
			return true
		}
	}
	return false
}
