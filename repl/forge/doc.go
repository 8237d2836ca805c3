// Package forge makes, at run time, real types of the Go runtime out of types
// that go/types has checked and no compiler has seen: with their names,
// methods, identity and equality, so that fmt, errors.As, encoding/json, type
// switches and map keys treat them as they treat compiled ones.
//
// A [World] stands for some checked packages (its own) and what they import.
// [World.True] returns the type that the compiler would have given; a type in
// which no type of its own occurs is the very one that compiled code has.
// Package reflect cannot set unexported fields, nor call unexported methods of
// interfaces, so every type that has such a one of a forged type anywhere in it
// has an open twin, [World.Open]: with the same layout and names, but all flagged
// exported, and without methods other than those of interfaces. [As] sees the memory of a value of one as the other. [World.Bind]
// gives the methods of forged types their code, [World.Grow] adds methods.
//
// Within the package
//
//	rtype.go     descriptors, as package internal/abi lays them out, and where they live
//	types.go     types that package reflect can make
//	declare.go   types that it cannot: named types, interfaces, structs (layout.go)
//	known.go     such types that the binary happens to hold
//	names.go     what the compiler calls types and in what order it puts methods
//	methods.go   the methods of a type; promoted ones are in promote.go
//	bind.go      code for methods, with the receivers of receiver.go
//	grow.go      methods declared later; itabs.go and sites.go make the runtime
//	             forget that there were none
//	slots.go     the table of trampolines, in assembly, that methods start from
//
// Named types may refer to themselves. They are declared first, with stand-ins
// of equal layout in the place of the types they refer to, and completed when
// these exist; a failure on the way undoes all of it.
//
// The package leaves out: methods whose code the linker has removed from
// embedded compiled types (unexported ones mostly), struct instances of generic
// types of compiled packages unless they are [World.Bound] or in the binary,
// and processors other than amd64 and arm64. Types are never freed. It depends
// on the descriptors and the calling convention of one Go version, which
// [SelfTest] compares with those of the running binary before a first type is
// forged: where they differ, all types that a program declares are refused.
package forge
