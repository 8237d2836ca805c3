//go:build !unix

package kernel

// alive does not know, and has the kernel stay.
func alive(int) bool { return true }
