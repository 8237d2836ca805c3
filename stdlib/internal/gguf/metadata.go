package gguf

import "fmt"

// Metadata is kept as plain values: integers of every width as int (uint64
// where one does not fit), both floating-point types as float64, bool, string,
// and arrays as []any of these.

// Text returns the string under key.
func (f *File) Text(key string) (string, error) { return scalar[string](f, key) }

// Bool returns the boolean under key.
func (f *File) Bool(key string) (bool, error) { return scalar[bool](f, key) }

// Int returns the integer under key, whatever its width and sign in the file.
func (f *File) Int(key string) (int, error) { return scalar[int](f, key) }

// Float returns the floating-point number under key.
func (f *File) Float(key string) (float64, error) { return scalar[float64](f, key) }

// Strings returns the list of strings under key.
func (f *File) Strings(key string) ([]string, error) { return list[string](f, key) }

// Ints returns the list of integers under key, whatever their width and sign.
func (f *File) Ints(key string) ([]int, error) { return list[int](f, key) }

// Floats returns the list of floating-point numbers under key.
func (f *File) Floats(key string) ([]float64, error) { return list[float64](f, key) }

func scalar[T any](f *File, key string) (T, error) {
	value, ok := f.metadata[key]
	v, is := value.(T)
	switch {
	case !ok:
		return v, f.keyError(key, "missing (want a value of type %T)", v)
	case !is:
		return v, f.keyError(key, "want a value of type %T, got %s", v, describe(value))
	}
	return v, nil
}

func list[T any](f *File, key string) ([]T, error) {
	var zero T
	value, ok := f.metadata[key]
	items, is := value.([]any)
	switch {
	case !ok:
		return nil, f.keyError(key, "missing (want a list of %T)", zero)
	case !is:
		return nil, f.keyError(key, "want a list of %T, got %s", zero, describe(value))
	}
	out := make([]T, len(items))
	for i, item := range items {
		if out[i], is = item.(T); !is {
			return nil, f.keyError(key, "item %d: want a value of type %T, got %s", i, zero, describe(item))
		}
	}
	return out, nil
}

func (f *File) keyError(key, format string, args ...any) error {
	return fmt.Errorf("gguf: read %s: key %q: %s", f.name, key, fmt.Sprintf(format, args...))
}

// describe says what a value is, briefly whatever its length.
func describe(value any) string {
	switch v := value.(type) {
	case []any:
		return fmt.Sprintf("a list of %d", len(v))
	case string:
		return fmt.Sprintf("the string %q", clip(v))
	}
	return fmt.Sprintf("the %T %v", value, value)
}

// clip keeps names out of damaged files from flooding an error.
func clip(text string) string {
	if len(text) > 80 {
		return text[:80] + "…"
	}
	return text
}
