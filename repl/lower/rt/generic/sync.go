package generic

import (
	"reflect"
	"sync"
)

// syncFuncs are those of package sync.
var syncFuncs = dynamics{
	"sync.OnceValue":  once,
	"sync.OnceValues": once,
}

func once(in instance) body {
	return func(a values) values {
		results := sync.OnceValue(func() values { return call(a[0]) })
		return of(reflect.MakeFunc(in.typ.Out(0), func(values) values { return results() }))
	}
}
