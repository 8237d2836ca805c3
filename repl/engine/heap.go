package engine

import (
	"runtime"
	"runtime/debug"
)

// leastHeap is up to where the heap may grow before it is collected.
const leastHeap = 16 << 20

// RelaxGC has the collector of this process wait until the heap has a certain size. Interpreted programs make much garbage
// beside little that lives, and would have it run without end. A collector that someone set otherwise, before or later,
// stays as it is.
func RelaxGC() {
	last := 100
	var tune func(*int)
	tune = func(*int) { // a finalizer: called after each collection
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		percent := int(max(100, 100*leastHeap/max(stats.HeapAlloc, 1<<20)))
		if before := debug.SetGCPercent(percent); before != last {
			debug.SetGCPercent(before)
			return
		}
		last = percent
		runtime.SetFinalizer(new(int), tune)
	}
	tune(nil)
}
