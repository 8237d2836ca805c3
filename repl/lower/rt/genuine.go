package rt

// PanicNil panics as the dereference of a nil pointer does.
func PanicNil() {
	var p *int
	*p = 0
}

// PanicShift panics as a shift by a negative count does.
func PanicShift() {
	n := -1
	_ = 1 << n
}
