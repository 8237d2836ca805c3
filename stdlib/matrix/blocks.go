package matrix

import "context"

// Blocks is a matrix that gives its rows a block at a time: a Dense, a file of vectors, or
// distances that are computed when they are asked for.
type Blocks interface {
	// Dims returns how many rows and columns there are.
	Dims() (rows, cols int)

	// Block returns the rows from to to, which may be a view of the matrix or lie in buf, whose
	// memory is used again where it suffices; buf may be nil. What is returned is valid until the
	// next call with the same buf, and must not be changed. Several goroutines may call Block at
	// once, each with a buf of its own.
	Block(ctx context.Context, from, to int, buf *Dense) (*Dense, error)
}

// Block returns a view of the rows from to to. It makes m one of Blocks.
func (m *Dense) Block(_ context.Context, from, to int, _ *Dense) (*Dense, error) {
	return &Dense{Rows: to - from, Cols: m.Cols, Data: m.Data[from*m.Cols : to*m.Cols : to*m.Cols]}, nil
}
