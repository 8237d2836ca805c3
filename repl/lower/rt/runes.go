package rt

// Runes takes a string apart, as a range over it does: into its runes and where they begin. Bytes that are not UTF-8 are
// replacement characters.
func Runes(s string) (runes []rune, offsets []int) {
	for i, r := range s {
		runes = append(runes, r)
		offsets = append(offsets, i)
	}
	return runes, offsets
}
