package history

import "slices"

// Tail returns the last n cells: those of other sessions, and then those of this one.
func (s *Store) Tail(n int) []Entry {
	s.lock()
	defer s.mu.Unlock()
	all := s.all()
	return slices.Clone(all[max(len(all)-n, 0):])
}

// all are the cells that are known, those of this session last.
func (s *Store) all() []Entry { return append(slices.Clone(s.disk.entries), s.own...) }

// Range returns the cells of a session numbered from start on, and below stop if that is not 0. Session 0 is this one,
// and -1 the one before.
func (s *Store) Range(session, start, stop int) (list []Entry) {
	s.lock()
	defer s.mu.Unlock()
	from := s.disk.entries
	if session <= 0 {
		session += s.current()
	}
	if session == s.current() {
		from = s.own
	}
	for _, e := range from {
		if e.Session == session && e.Number >= start && (stop == 0 || e.Number < stop) {
			list = append(list, e)
		}
	}
	return list
}

// Search returns the last n cells whose whole source a pattern matches, all if n is 0: * stands for any text and ? for
// any character. If unique is set, only the last of equal ones counts.
func (s *Store) Search(pattern string, n int, unique bool) (list []Entry) {
	s.lock()
	defer s.mu.Unlock()
	seen := map[string]bool{}
	all := s.all()
	for i := len(all) - 1; i >= 0 && (n == 0 || len(list) < n); i-- {
		e := all[i]
		if !Match(pattern, e.Source) || unique && seen[e.Source] {
			continue
		}
		seen[e.Source] = true
		list = append(list, e)
	}
	slices.Reverse(list)
	return list
}

// Match tells whether a pattern with * and ? matches all of a text.
func Match(pattern, text string) bool {
	p, t := []rune(pattern), []rune(text)
	i, j := 0, 0
	star, from := -1, 0 // the last *, and where what it stands for ends
	for j < len(t) {
		switch {
		case i < len(p) && p[i] == '*':
			star, from = i, j
			i++
		case i < len(p) && (p[i] == '?' || p[i] == t[j]):
			i, j = i+1, j+1
		case star >= 0:
			from++
			i, j = star+1, from
		default:
			return false
		}
	}
	for i < len(p) && p[i] == '*' {
		i++
	}
	return i == len(p)
}

// remember adds to what the arrow keys go through, if it is not what was there last.
func (s *Store) remember(source string) {
	if n := len(s.recall); n == 0 || s.recall[n-1] != source {
		s.recall = append(s.recall, source)
	}
}

// Len returns how many cells the arrow keys go through: those of earlier sessions, and then those of this one. Equal
// ones that follow each other count once.
func (s *Store) Len() int {
	<-s.loaded
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.recall)
}

// At returns one of them; 0 is the oldest.
func (s *Store) At(i int) string {
	<-s.loaded
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.recall[i]
}
