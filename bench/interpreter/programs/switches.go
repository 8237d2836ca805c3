package programs

type token struct {
	kind  string
	value any
}

// Switches decides by values and by types.
func Switches() int {
	tokens := []token{{"number", 3}, {"word", "four"}, {"number", 5.0}, {"end", nil}}
	sum := 0
	for i := 0; i < 20_000; i++ {
		t := tokens[i%len(tokens)]
		switch t.kind {
		case "number":
			switch v := t.value.(type) {
			case int:
				sum += v
			case float64:
				sum += int(v)
			}
		case "word":
			sum += len(t.value.(string))
		default:
			sum--
		}
	}
	return sum
}
