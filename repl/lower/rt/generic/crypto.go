package generic

import (
	"crypto/hkdf"
	"crypto/pbkdf2"
	"hash"
	"reflect"
)

// cryptoFuncs are those of the packages under crypto. All take a constructor of hashes first.
var cryptoFuncs = dynamics{
	"crypto/hkdf.Expand":  hashing(hkdf.Expand[hash.Hash]),
	"crypto/hkdf.Extract": hashing(hkdf.Extract[hash.Hash]),
	"crypto/hkdf.Key":     hashing(hkdf.Key[hash.Hash]),
	"crypto/pbkdf2.Key":   hashing(pbkdf2.Key[hash.Hash]),
}

// hashing makes of f, an instance for hash.Hash, that for a type that implements it.
func hashing(f any) func(instance) body {
	genuine := reflect.ValueOf(f)
	return func(in instance) body {
		return func(a values) values {
			constructor := func() hash.Hash {
				h, _ := view(call(a[0])[0], in.trues[0]).Interface().(hash.Hash)
				return h
			}
			return genuine.Call(append(values{reflect.ValueOf(constructor)}, a[1:]...))
		}
	}
}
