package generic

import "reflect"

// instance is what the code of a dynamic function goes by.
type instance struct {
	typ   reflect.Type   // the func type wanted
	args  []reflect.Type // its type arguments
	trues []reflect.Type // the same, as interfaces hold them
}

type values = []reflect.Value

// body is the code of a dynamic function.
type body = func(args values) values

// dynamics maps the name of a function to the maker of its code for an instance.
type dynamics map[string]func(instance) body

// with makes a dynamic function of one result, which depends on its type arguments.
func with[R any](f func(instance, values) R) func(instance) body {
	return func(in instance) body {
		return func(args values) values { return of(f(in, args)) }
	}
}

// giving makes a dynamic function of one result.
func giving[R any](f func(values) R) func(instance) body {
	return func(instance) body {
		return func(args values) values { return of(f(args)) }
	}
}

// doing makes a dynamic function without results.
func doing(f func(values)) func(instance) body {
	return func(instance) body {
		return func(args values) values {
			f(args)
			return nil
		}
	}
}

// of returns the results of a dynamic function, some of which may be compiled values.
func of(results ...any) values {
	all := make(values, len(results))
	for i, r := range results {
		v, ok := r.(reflect.Value)
		if !ok {
			v = reflect.ValueOf(r)
		}
		all[i] = v
	}
	return all
}
