package rt

import "reflect"

// Select is the execution of a select statement. Its cases, without the default, have numbers from 0 on in the order of
// the calls of Send and Recv.
type Select struct {
	cases []reflect.SelectCase
	got   reflect.Value
	ok    bool
}

// NewSelect returns a Select without cases.
func NewSelect() *Select { return new(Select) }

// Send adds the case c <- v.
func (s *Select) Send(c, v any) {
	channel := reflect.ValueOf(c)
	value := reflect.ValueOf(v)
	if v == nil {
		value = reflect.Zero(channel.Type().Elem())
	}
	s.cases = append(s.cases, reflect.SelectCase{Dir: reflect.SelectSend, Chan: channel, Send: value})
}

// Recv adds the case <-c.
func (s *Select) Recv(c any) {
	s.cases = append(s.cases, reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(c)})
}

// Wait blocks until a case can proceed, lets it, and returns its number. It is the statement without a default.
func (s *Select) Wait() int {
	var i int
	i, s.got, s.ok = wait(s.cases)
	return i
}

// Try is like Wait but returns -1, for the default, if no case can proceed.
func (s *Select) Try() int {
	var i int
	i, s.got, s.ok = reflect.Select(append(s.cases, reflect.SelectCase{Dir: reflect.SelectDefault}))
	if i == len(s.cases) {
		return -1
	}
	return i
}

// OK tells a value that was sent from one of a closed channel.
func (s *Select) OK() bool { return s.ok }

// MakeGot makes func(*Select) T, the value received by a case of a channel of elem.
func MakeGot(elem reflect.Type) reflect.Value {
	return makeFunc(types(reflect.TypeFor[*Select]()), types(elem), func(in []reflect.Value) []reflect.Value {
		return one(in[0].Interface().(*Select).got)
	})
}
