package generic

import (
	"reflect"
	"runtime"
)

// runtimeFuncs are those of package runtime whose argument is a struct or an array.
var runtimeFuncs = dynamics{
	"runtime.AddCleanup": giving(func(a values) runtime.Cleanup {
		f := a[1]
		return runtime.AddCleanup((*byte)(a[0].UnsafePointer()), func(arg reflect.Value) { call(f, arg) }, a[2])
	}),
}
