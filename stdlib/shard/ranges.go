package shard

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// span is the rows from to to, to not among them.
type span struct{ from, to int }

// spans is a set of rows: ascending, and no two touch. It is how a part knows which rows it has
// seen, so that none is missing or counted twice at the end.
type spans []span

// spansOf returns the set of the rows. It is false, with the row, when one comes twice.
func spansOf(rows []int) (set spans, twice int, ok bool) {
	rows = slices.Clone(rows)
	slices.Sort(rows)
	for i, row := range rows {
		switch {
		case i > 0 && row == rows[i-1]:
			return nil, row, false
		case i > 0 && row == rows[i-1]+1:
			set[len(set)-1].to++
		default:
			set = append(set, span{row, row + 1})
		}
	}
	return set, 0, true
}

// union joins two sets. It is false, with the first of their common rows, when there are such.
func union(a, b spans) (set spans, twice int, ok bool) {
	all := slices.Concat(a, b)
	slices.SortFunc(all, func(x, y span) int { return cmp.Compare(x.from, y.from) })
	for _, s := range all {
		last := len(set) - 1
		switch {
		case last >= 0 && s.from < set[last].to:
			return nil, s.from, false
		case last >= 0 && s.from == set[last].to:
			set[last].to = s.to
		default:
			set = append(set, s)
		}
	}
	return set, 0, true
}

// missing returns the first row at or above 0 that is not in the set.
func (s spans) missing() int {
	if len(s) == 0 || s[0].from > 0 {
		return 0
	}
	return s[0].to
}

// end returns the row after the last.
func (s spans) end() int {
	if len(s) == 0 {
		return 0
	}
	return s[len(s)-1].to
}

// count returns how many rows there are.
func (s spans) count() int {
	n := 0
	for _, r := range s {
		n += r.to - r.from
	}
	return n
}

// String lists first and last rows: 0-99,200-299,400.
func (s spans) String() string {
	var b strings.Builder
	for i, r := range s {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Itoa(r.from))
		if r.to > r.from+1 {
			b.WriteString("-" + strconv.Itoa(r.to-1))
		}
	}
	return b.String()
}

func (s spans) MarshalJSON() ([]byte, error) { return json.Marshal(s.String()) }

// UnmarshalJSON reads what String gives.
func (s *spans) UnmarshalJSON(raw []byte) error {
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return err
	}
	*s = nil
	for part := range strings.SplitSeq(text, ",") {
		first, last, isSpan := strings.Cut(part, "-")
		if !isSpan {
			last = first
		}
		from, err := strconv.Atoi(first)
		if err != nil {
			return err
		}
		to, err := strconv.Atoi(last)
		if err != nil {
			return err
		}
		if from < 0 || to < from || from < s.end() {
			return fmt.Errorf("rows %s: want ascending numbers", text)
		}
		*s = append(*s, span{from, to + 1})
	}
	return nil
}
