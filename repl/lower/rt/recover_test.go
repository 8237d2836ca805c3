package rt_test

import (
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"kairos/repl/lower/rt"
	"kairos/repl/stop"
)

func ExampleRun() {
	safeDivide := func(a, b int) (quotient int) {
		rt.Run(func(f *rt.Frame) {
			f.Defer(func() {
				if r := rt.Recover(); r != nil {
					fmt.Println("recovered:", r)
				}
			})
			quotient = a / b
		})
		return quotient
	}
	fmt.Println(safeDivide(6, 2))
	fmt.Println(safeDivide(6, 0))
	// Output:
	// 3
	// recovered: runtime error: integer divide by zero
	// 0
}

// journal is what a function under test says.
type journal struct{ strings.Builder }

func (j *journal) say(args ...any) { fmt.Fprintln(j, args...) }

// outcome runs f in a goroutine of its own and returns what it said and how it ended.
func outcome(f func(*journal)) string {
	var j journal
	done := make(chan bool)
	go func() {
		defer close(done)
		ended := false
		defer func() {
			if r := recover(); r != nil {
				j.say("panicked:", rt.Caught(r).Value)
			} else if !ended {
				j.say("exited")
			}
		}()
		f(&j)
		ended = true
	}()
	<-done
	return j.String()
}

type recoverer struct{ j *journal }

func (r recoverer) compiled()    { r.j.say("method", recover()) }
func (r *recoverer) lowered()    { r.j.say("method", rt.Recover()) }
func (r recoverer) Handle()      { r.j.say("interface", recover()) }
func (r lowerRecoverer) Handle() { r.j.say("interface", rt.Recover()) }

type lowerRecoverer struct{ j *journal }

func compiledRecover(j *journal, name string) any {
	r := recover()
	j.say(name, r)
	return r
}

func loweredRecover(j *journal, name string) any {
	r := rt.Recover()
	j.say(name, r)
	return r
}

func compiledInner(j *journal) {
	defer compiledRecover(j, "inner")
	panic("inner")
}

func loweredInner(j *journal) {
	rt.Run(func(f *rt.Frame) {
		f.DeferCall(func() { loweredRecover(j, "inner") })
		rt.Panic("inner")
	})
}

func compiledDepth(j *journal, n int) {
	defer j.say("left", n)
	if n == 0 {
		panic("deep")
	}
	compiledDepth(j, n-1)
}

func loweredDepth(j *journal, n int) {
	rt.Run(func(f *rt.Frame) {
		f.DeferCall(func() { j.say("left", n) })
		if n == 0 {
			rt.Panic("deep")
		}
		loweredDepth(j, n-1)
	})
}

func once(yield func() bool) { yield() }

// shapes are functions with deferred calls, as compiled and as lowered.
var shapes = []struct {
	name              string
	compiled, lowered func(j *journal)
}{
	{"order", func(j *journal) {
		for i := range 3 {
			defer j.say(i)
		}
		j.say("body")
	}, func(j *journal) {
		rt.Run(func(f *rt.Frame) {
			for i := range 3 {
				f.DeferCall(func() { j.say(i) })
			}
			j.say("body")
		})
	}},
	{"recover", func(j *journal) {
		defer j.say("last")
		defer func() { j.say(recover(), recover()) }()
		panic("x")
	}, func(j *journal) {
		rt.Run(func(f *rt.Frame) {
			f.DeferCall(func() { j.say("last") })
			f.Defer(func() { j.say(rt.Recover(), rt.Recover()) })
			rt.Panic("x")
		})
	}},
	{"recover without panic", func(j *journal) {
		j.say(recover())
		defer func() { j.say(recover()) }()
	}, func(j *journal) {
		rt.Run(func(f *rt.Frame) {
			j.say(rt.Recover())
			f.Defer(func() { j.say(rt.Recover()) })
		})
	}},
	{"not called directly", func(j *journal) {
		defer func() { compiledRecover(j, "callee") }()
		defer func() { func() { j.say("literal", recover()) }() }()
		panic("x")
	}, func(j *journal) {
		rt.Run(func(f *rt.Frame) {
			f.Defer(func() { loweredRecover(j, "callee") })
			f.Defer(func() { func() { j.say("literal", rt.Recover()) }() })
			rt.Panic("x")
		})
	}},
	{"defer recover", func(j *journal) {
		defer compiledRecover(j, "after")
		defer recover()
		panic("x")
	}, func(j *journal) {
		rt.Run(func(f *rt.Frame) {
			f.DeferCall(func() { loweredRecover(j, "after") })
			f.DeferRecover()
			rt.Panic("x")
		})
	}},
	{"defer recover in a deferred function", func(j *journal) {
		defer compiledRecover(j, "after")
		defer func() { defer recover() }()
		panic("x")
	}, func(j *journal) {
		rt.Run(func(f *rt.Frame) {
			f.DeferCall(func() { loweredRecover(j, "after") })
			f.Defer(func() { rt.Run(func(f *rt.Frame) { f.DeferRecover() }) })
			rt.Panic("x")
		})
	}},
	{"recover after a call of a function that recovered", func(j *journal) {
		defer func() {
			compiledInner(j)
			j.say("outer", recover())
		}()
		panic("outer")
	}, func(j *journal) {
		rt.Run(func(f *rt.Frame) {
			f.Defer(func() {
				loweredInner(j)
				j.say("outer", rt.Recover())
			})
			rt.Panic("outer")
		})
	}},
	{"a deferred function with deferred calls", func(j *journal) {
		defer func() {
			defer func() { j.say("too deep", recover()) }()
			j.say("right", recover())
		}()
		panic("x")
	}, func(j *journal) {
		rt.Run(func(f *rt.Frame) {
			f.Defer(func() {
				rt.Run(func(f *rt.Frame) {
					f.Defer(func() { j.say("too deep", rt.Recover()) })
					j.say("right", rt.Recover())
				})
			})
			rt.Panic("x")
		})
	}},
	{"deferred calls of a deferred function do not recover", func(j *journal) {
		defer func() { defer func() { j.say(recover()) }() }()
		panic("x")
	}, func(j *journal) {
		rt.Run(func(f *rt.Frame) {
			f.Defer(func() { rt.Run(func(f *rt.Frame) { f.Defer(func() { j.say(rt.Recover()) }) }) })
			rt.Panic("x")
		})
	}},
	{"a panic replaces another", func(j *journal) {
		defer func() { j.say(recover()) }()
		defer panic("third")
		defer func() { panic("second") }()
		panic("first")
	}, func(j *journal) {
		rt.Run(func(f *rt.Frame) {
			f.Defer(func() { j.say(rt.Recover()) })
			f.DeferCall(func() { rt.Panic("third") })
			f.Defer(func() { rt.Panic("second") })
			rt.Panic("first")
		})
	}},
	{"panic again", func(j *journal) {
		defer j.say("still runs")
		defer func() { panic(fmt.Sprint("again ", recover())) }()
		panic("x")
	}, func(j *journal) {
		rt.Run(func(f *rt.Frame) {
			f.DeferCall(func() { j.say("still runs") })
			f.Defer(func() { rt.Panic(fmt.Sprint("again ", rt.Recover())) })
			rt.Panic("x")
		})
	}},
	{"panic in a deferred call after a normal return", func(j *journal) {
		defer func() { j.say(recover()) }()
		defer panic("late")
	}, func(j *journal) {
		rt.Run(func(f *rt.Frame) {
			f.Defer(func() { j.say(rt.Recover()) })
			f.DeferCall(func() { rt.Panic("late") })
		})
	}},
	{"panic(nil)", func(j *journal) {
		defer func() { j.say(recover()) }()
		panic(nil)
	}, func(j *journal) {
		rt.Run(func(f *rt.Frame) {
			f.Defer(func() { j.say(rt.Recover()) })
			rt.Panic(nil)
		})
	}},
	{"runtime error", func(j *journal) {
		defer func() { r := recover(); _, ok := r.(runtime.Error); j.say(r, ok) }()
		var p *int
		*p = 1
	}, func(j *journal) {
		rt.Run(func(f *rt.Frame) {
			f.Defer(func() { r := rt.Recover(); _, ok := r.(runtime.Error); j.say(r, ok) })
			var p *int
			*p = 1
		})
	}},
	{"nil function", func(j *journal) {
		defer func() { j.say(recover()) }()
		var none func()
		defer none()
		j.say("body")
	}, func(j *journal) {
		rt.Run(func(f *rt.Frame) {
			f.Defer(func() { j.say(rt.Recover()) })
			f.Defer(nil)
			j.say("body")
		})
	}},
	{"methods", func(j *journal) {
		r := &recoverer{j}
		defer r.compiled()
		defer interface{ Handle() }(recoverer{j}).Handle()
		panic("x")
	}, func(j *journal) {
		rt.Run(func(f *rt.Frame) {
			r := &recoverer{j}
			f.DeferCall(func() { r.lowered() })
			f.DeferCall(func() { interface{ Handle() }(lowerRecoverer{j}).Handle() })
			rt.Panic("x")
		})
	}},
	{"through compiled functions", func(j *journal) {
		var first sync.Once
		defer reflect.ValueOf(compiledRecover).Call([]reflect.Value{reflect.ValueOf(j), reflect.ValueOf("reflect")})
		defer first.Do(func() { compiledRecover(j, "in Once") })
		defer slices.SortFunc([]int{1, 2}, func(a, b int) int { j.say("in Sort", recover()); return 0 })
		panic("x")
	}, func(j *journal) {
		rt.Run(func(f *rt.Frame) {
			var first sync.Once
			f.DeferCall(func() {
				reflect.ValueOf(loweredRecover).Call([]reflect.Value{reflect.ValueOf(j), reflect.ValueOf("reflect")})
			})
			f.DeferCall(func() { first.Do(func() { loweredRecover(j, "in Once") }) })
			f.DeferCall(func() {
				slices.SortFunc([]int{1, 2}, func(a, b int) int { j.say("in Sort", rt.Recover()); return 0 })
			})
			rt.Panic("x")
		})
	}},
	{"in the body of a range over a function", func(j *journal) {
		defer func() { j.say(recover()) }()
		defer func() {
			for range once {
				j.say("in loop", recover())
			}
		}()
		panic("x")
	}, func(j *journal) {
		rt.Run(func(f *rt.Frame) {
			f.Defer(func() { j.say(rt.Recover()) })
			f.Defer(func() { once(func() bool { j.say("in loop", rt.Recover()); return true }) })
			rt.Panic("x")
		})
	}},
	{"deep", func(j *journal) {
		defer func() { j.say(recover()) }()
		compiledDepth(j, 20)
	}, func(j *journal) {
		rt.Run(func(f *rt.Frame) {
			f.Defer(func() { j.say(rt.Recover()) })
			loweredDepth(j, 20)
		})
	}},
	{"recovered by the caller", func(j *journal) {
		defer func() { j.say("caller", recover()) }()
		func() {
			defer func() { j.say("callee says", len("nothing")) }()
			panic("x")
		}()
		j.say("not reached")
	}, func(j *journal) {
		rt.Run(func(f *rt.Frame) {
			f.Defer(func() { j.say("caller", rt.Recover()) })
			func() {
				rt.Run(func(f *rt.Frame) {
					f.Defer(func() { j.say("callee says", len("nothing")) })
					rt.Panic("x")
				})
			}()
			j.say("not reached")
		})
	}},
	{"Goexit", func(j *journal) {
		defer j.say("first")
		defer func() { j.say(recover()) }()
		runtime.Goexit()
	}, func(j *journal) {
		rt.Run(func(f *rt.Frame) {
			f.DeferCall(func() { j.say("first") })
			f.Defer(func() { j.say(rt.Recover()) })
			runtime.Goexit()
		})
	}},
	{"Goexit ends a panic", func(j *journal) {
		defer func() { j.say("outer", recover()) }()
		func() {
			defer func() { j.say("inner", recover()) }()
			defer runtime.Goexit()
			panic("x")
		}()
	}, func(j *journal) {
		rt.Run(func(f *rt.Frame) {
			f.Defer(func() { j.say("outer", rt.Recover()) })
			func() {
				rt.Run(func(f *rt.Frame) {
					f.Defer(func() { j.say("inner", rt.Recover()) })
					f.DeferCall(runtime.Goexit)
					rt.Panic("x")
				})
			}()
		})
	}},
	{"panic during Goexit", func(j *journal) {
		defer j.say("outer")
		func() {
			defer func() { j.say("inner", recover()) }()
			defer panic("x")
			runtime.Goexit()
		}()
		j.say("not reached")
	}, func(j *journal) {
		rt.Run(func(f *rt.Frame) {
			f.DeferCall(func() { j.say("outer") })
			func() {
				rt.Run(func(f *rt.Frame) {
					f.Defer(func() { j.say("inner", rt.Recover()) })
					f.DeferCall(func() { rt.Panic("x") })
					runtime.Goexit()
				})
			}()
			j.say("not reached")
		})
	}},
	{"panic during Goexit, recovered by the caller", func(j *journal) {
		defer j.say("outer")
		defer func() { j.say("caller", recover()) }()
		func() {
			defer panic("x")
			runtime.Goexit()
		}()
		j.say("not reached")
	}, func(j *journal) {
		rt.Run(func(f *rt.Frame) {
			f.DeferCall(func() { j.say("outer") })
			f.Defer(func() { j.say("caller", rt.Recover()) })
			func() {
				rt.Run(func(f *rt.Frame) {
					f.DeferCall(func() { rt.Panic("x") })
					runtime.Goexit()
				})
			}()
			j.say("not reached")
		})
	}},
	{"recover in another goroutine", func(j *journal) {
		defer func() { j.say(recover()) }()
		defer func() {
			done := make(chan bool)
			go func() { defer close(done); defer compiledRecover(j, "goroutine") }()
			<-done
		}()
		panic("x")
	}, func(j *journal) {
		rt.Run(func(f *rt.Frame) {
			f.Defer(func() { j.say(rt.Recover()) })
			f.Defer(func() {
				done := make(chan bool)
				rt.Go(func() {
					rt.Run(func(f *rt.Frame) {
						f.DeferCall(func() { close(done) })
						f.DeferCall(func() { loweredRecover(j, "goroutine") })
					})
				}, nil)
				<-done
			})
			rt.Panic("x")
		})
	}},
}

func TestShapes(t *testing.T) {
	for _, s := range shapes {
		if got, want := outcome(s.lowered), outcome(s.compiled); got != want {
			t.Errorf("%s: lowered:\n%scompiled:\n%s", s.name, got, want)
		}
	}
}

// TestPanicsAtOnce has many goroutines recover at the same time.
func TestPanicsAtOnce(t *testing.T) {
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() {
			var got any
			rt.Run(func(f *rt.Frame) {
				f.Defer(func() { got = rt.Recover() })
				rt.Panic(i)
			})
			if got != i {
				t.Errorf("goroutine %d recovered %v", i, got)
			}
		})
	}
	all.Wait()
}

func TestInterrupted(t *testing.T) {
	cell, said := stop.New("test"), ""
	interrupted := stop.With(cell, func() {
		rt.Run(func(f *rt.Frame) {
			f.Defer(func() { said += fmt.Sprint("outer ", rt.Recover()) })
			rt.Run(func(f *rt.Frame) {
				f.Defer(func() { said += fmt.Sprint("inner ", rt.Recover(), "; ") })
				f.DeferCall(func() { rt.Panic("no way out") })
				cell.Stop()
				stop.Check()
			})
		})
	})
	if want := "inner <nil>; outer <nil>"; !interrupted || said != want {
		t.Errorf("interrupted: %v, %q, want %q", interrupted, said, want)
	}
}

func BenchmarkRun(b *testing.B) {
	for b.Loop() {
		rt.Run(func(f *rt.Frame) { f.Defer(func() {}) })
	}
}

func BenchmarkRecover(b *testing.B) {
	for b.Loop() {
		rt.Run(func(f *rt.Frame) {
			f.Defer(func() { rt.Recover() })
			rt.Panic(1)
		})
	}
}
