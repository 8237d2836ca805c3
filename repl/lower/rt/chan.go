package rt

import (
	"reflect"

	"kairos/repl/stop"
)

// MakeChan makes func(int) C, which is make(C, n).
func MakeChan(c reflect.Type) reflect.Value {
	both := reflect.ChanOf(reflect.BothDir, c.Elem())
	return makeFunc(types(reflect.TypeFor[int]()), types(c), func(in []reflect.Value) []reflect.Value {
		n := int(in[0].Int())
		if n < 0 {
			_ = make(chan int, n) // panics
		}
		return one(reflect.MakeChan(both, n).Convert(c))
	})
}

// MakeSend makes func(C, E), the statement c <- v, for channels of type c.
func MakeSend(c reflect.Type) reflect.Value {
	if s := shapes[c.Elem().Kind()]; s != nil {
		return retyped(s.send(), signature(types(c, c.Elem()), nil))
	}
	return makeFunc(types(c, c.Elem()), nil, func(in []reflect.Value) []reflect.Value {
		if in[0].IsNil() || !in[0].TrySend(in[1]) {
			wait([]reflect.SelectCase{{Dir: reflect.SelectSend, Chan: in[0], Send: in[1]}})
		}
		return nil
	})
}

// MakeRecv makes func(C) E, the expression <-c.
func MakeRecv(c reflect.Type) reflect.Value {
	if s := shapes[c.Elem().Kind()]; s != nil {
		return retyped(s.recv(), signature(types(c), types(c.Elem())))
	}
	return makeFunc(types(c), types(c.Elem()), func(in []reflect.Value) []reflect.Value {
		v, _ := receive(in[0])
		return one(v)
	})
}

// MakeRecvOK makes func(C) (E, bool), which is v, ok := <-c.
func MakeRecvOK(c reflect.Type) reflect.Value {
	if s := shapes[c.Elem().Kind()]; s != nil {
		return retyped(s.recvOK(), signature(types(c), types(c.Elem(), boolType)))
	}
	return makeFunc(types(c), types(c.Elem(), boolType), func(in []reflect.Value) []reflect.Value {
		v, ok := receive(in[0])
		return []reflect.Value{v, reflect.ValueOf(ok)}
	})
}

func receive(c reflect.Value) (reflect.Value, bool) {
	if !c.IsNil() {
		if v, ok := c.TryRecv(); v.IsValid() {
			return v, ok
		}
	}
	_, v, ok := wait([]reflect.SelectCase{{Dir: reflect.SelectRecv, Chan: c}})
	return v, ok
}

// Close is the builtin close.
func Close(c any) { reflect.ValueOf(c).Close() }

// wait blocks until one of the cases can proceed or the cell of the calling goroutine is stopped.
func wait(cases []reflect.SelectCase) (int, reflect.Value, bool) {
	done := stop.Current().Done()
	if done == nil {
		return reflect.Select(cases)
	}
	i, v, ok := reflect.Select(append(cases, reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(done)}))
	if i == len(cases) {
		stop.Check()
	}
	return i, v, ok
}
