package rt_test

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"kairos/repl/lower/rt"
	"kairos/repl/stop"
)

func ExampleSelect() {
	full, empty := make(chan string, 1), make(chan int)
	full <- "text"
	s := rt.NewSelect()
	s.Send(empty, 1)
	s.Recv(full)
	got := rt.MakeGot(reflect.TypeFor[string]()).Interface().(func(*rt.Select) string)
	fmt.Println(s.Wait(), got(s), s.OK())
	// Output: 1 text true
}

func TestChannels(t *testing.T) {
	type stream chan error
	typ := reflect.TypeFor[stream]()
	send, recv := made[func(stream, error)](rt.MakeSend(typ)), made[func(stream) error](rt.MakeRecv(typ))
	recvOK := made[func(stream) (error, bool)](rt.MakeRecvOK(typ))
	newChan := made[func(int) stream](rt.MakeChan(typ))
	c, size := newChan(0), -1
	alike(t, "negative size", func() { newChan(size) }, func() { _ = make(stream, size) })
	if cap(c) != 0 || cap(newChan(3)) != 3 {
		t.Error("channels are made with wrong sizes")
	}
	go func() {
		send(c, nil)
		send(c, fmt.Errorf("text"))
		rt.Close(c)
	}()
	first, ok := recvOK(c)
	if second := recv(c); first != nil || !ok || second.Error() != "text" {
		t.Errorf("received %v, %v, %v", first, ok, second)
	}
	if v, ok := recvOK(c); v != nil || ok || recv(c) != nil {
		t.Errorf("a closed channel gives %v, %v", v, ok)
	}
	var none stream
	alike(t, "send on closed", func() { send(c, nil) }, func() { c <- nil })
	alike(t, "close of closed", func() { rt.Close(c) }, func() { close(c) })
	alike(t, "close of nil", func() { rt.Close(none) }, func() { close(none) })
}

func TestSelect(t *testing.T) {
	var none chan error
	c := make(chan error, 1)
	s := rt.NewSelect()
	s.Recv(none)
	s.Recv(c)
	if got := s.Try(); got != -1 {
		t.Errorf("nothing is ready, yet case %d is", got)
	}
	s = rt.NewSelect()
	s.Send(none, nil)
	s.Send(c, nil)
	if got := s.Wait(); got != 1 || len(c) != 1 {
		t.Errorf("sent by case %d, %d in channel", got, len(c))
	}
	close(c)
	<-c
	s = rt.NewSelect()
	s.Recv(c)
	if got := s.Try(); got != 0 || s.OK() {
		t.Errorf("case %d received from a closed channel: %v", got, s.OK())
	}
	s = rt.NewSelect()
	s.Send(c, nil)
	alike(t, "select", func() { s.Wait() }, func() { c <- nil })
}

// TestFair has each of two ready cases chosen sometimes.
func TestFair(t *testing.T) {
	c, chosen := make(chan int), [2]int{}
	close(c)
	for range 1000 {
		s := rt.NewSelect()
		s.Recv(c)
		s.Recv(c)
		chosen[s.Wait()]++
	}
	if chosen[0] < 300 || chosen[1] < 300 {
		t.Errorf("chosen %v times", chosen)
	}
}

// TestBlockedIsStopped stops cells that wait for ever.
func TestBlockedIsStopped(t *testing.T) {
	typ := reflect.TypeFor[chan int]()
	send, recv := made[func(chan int, int)](rt.MakeSend(typ)), made[func(chan int) int](rt.MakeRecv(typ))
	var none chan int
	for name, block := range map[string]func(){
		"send":         func() { send(make(chan int), 1) },
		"recv":         func() { recv(make(chan int)) },
		"nil send":     func() { send(none, 1) },
		"nil recv":     func() { recv(none) },
		"empty select": func() { rt.NewSelect().Wait() },
	} {
		cell := stop.New(name)
		time.AfterFunc(5*time.Millisecond, cell.Stop)
		if !stop.With(cell, block) {
			t.Errorf("%s returned", name)
		}
	}
}

func TestGo(t *testing.T) {
	var done sync.WaitGroup
	done.Add(1)
	var got *rt.Thrown
	rt.Go(func() { rt.Panic("x") }, func(t *rt.Thrown) {
		got = t
		done.Done()
	})
	done.Wait()
	if got.Text() != "x" {
		t.Errorf("uncaught: %v", got)
	}
	cell := stop.New("test")
	ended := make(chan bool)
	stop.With(cell, func() {
		rt.Go(func() {
			defer close(ended)
			rt.NewSelect().Wait()
		}, func(t *rt.Thrown) { panic("an interrupt was reported: " + strings.ToUpper(t.Text())) })
	})
	cell.Stop()
	<-ended
}

func BenchmarkRecv(b *testing.B) {
	c := make(chan int, 1)
	send, recv := rt.MakeSend(reflect.TypeOf(c)), rt.MakeRecv(reflect.TypeOf(c))
	in := []reflect.Value{reflect.ValueOf(c), reflect.ValueOf(1)}
	for b.Loop() {
		send.Call(in)
		recv.Call(in[:1])
	}
}

func BenchmarkAs(b *testing.B) {
	f := rt.MakeAs(reflect.TypeFor[any](), reflect.TypeFor[int](), reflect.TypeFor[int](), nil)
	in := []reflect.Value{reflect.ValueOf(1)}
	for b.Loop() {
		f.Call(in)
	}
}

func BenchmarkMin(b *testing.B) {
	f := rt.MakeMin(reflect.TypeFor[int]())
	in := []reflect.Value{reflect.ValueOf(1), reflect.ValueOf(2)}
	for b.Loop() {
		f.Call(in)
	}
}
