package simd

// A kernel computes a tile of rows × cols elements.
//
// It gets k ≥ 1; the first of the tile's rows of a, which lie lda elements apart; k times cols
// elements of packed columns; and where the tile begins, whose rows lie ldc elements apart.
type kernel struct {
	name       string
	rows, cols int
	dot        func(k int, a *float32, lda int, b, c *float32, ldc int) // Σ a·b
	squares    func(k int, a *float32, lda int, b, c *float32, ldc int) // Σ (a−b)²
}

// Rows that are multiplied with one panel of columns before the next, while the panel and the rows
// are in a core's second cache: a multiple of every kernel's rows.
const together = 84

// Packed are vectors, laid out so that products with others read them in order. It is read only, and
// may be used by several goroutines at once.
type Packed struct {
	kernel kernel
	n, k   int
	panels []float32 // for every kernel.cols vectors: their first elements, their second ones, …; zeros fill up the last panel
}

// Pack copies n vectors of k ≥ 1 elements, which lie one after the other.
func Pack(vectors []float32, n, k int) *Packed { return pack(vectors, n, k, kernels()[0]) }

func pack(vectors []float32, n, k int, kernel kernel) *Packed {
	width := kernel.cols
	p := &Packed{kernel: kernel, n: n, k: k, panels: make([]float32, (n+width-1)/width*width*k)}
	for j := range n {
		panel := p.panels[j/width*width*k:]
		for i, v := range vectors[j*k : (j+1)*k] {
			panel[i*width+j%width] = v
		}
	}
	return p
}

// Dot writes the dot products of rows with the packed vectors to dst, a row of it for each: rows
// holds m vectors, dst has room for m times n. The sum begins with 0 and takes the products in
// order, each by a fused multiply-add.
func (p *Packed) Dot(dst, rows []float32, m int) {
	p.multiply(dst, rows, m, p.kernel.dot)
}

// Squares does as Dot, with the squares of the differences of the vectors' elements in place of the
// products. Each difference is rounded once.
func (p *Packed) Squares(dst, rows []float32, m int) {
	p.multiply(dst, rows, m, p.kernel.squares)
}

func (p *Packed) multiply(dst, rows []float32, m int, tile func(k int, a *float32, lda int, b, c *float32, ldc int)) {
	dst, rows = dst[:m*p.n], rows[:m*p.k]
	edge := p.edge()
	for top := 0; top < m; top += together {
		bottom := min(top+together, m)
		for j := 0; j < p.n; j += p.kernel.cols {
			panel := &p.panels[j*p.k]
			for i := top; i < bottom; i += p.kernel.rows {
				if i+p.kernel.rows <= bottom && j+p.kernel.cols <= p.n {
					tile(p.k, &rows[i*p.k], p.k, panel, &dst[i*p.n+j], p.n)
				} else {
					edge(dst, rows, i, j, m, panel, tile)
				}
			}
		}
	}
}

// edge returns a function that computes a tile which juts out over the matrix: in a place of its
// own, from rows filled up to the kernel's number.
func (p *Packed) edge() func(dst, rows []float32, i, j, m int, panel *float32, tile func(k int, a *float32, lda int, b, c *float32, ldc int)) {
	var filled, out []float32
	return func(dst, rows []float32, i, j, m int, panel *float32, tile func(k int, a *float32, lda int, b, c *float32, ldc int)) {
		height, width := min(p.kernel.rows, m-i), min(p.kernel.cols, p.n-j)
		if out == nil {
			out = make([]float32, p.kernel.rows*p.kernel.cols)
		}
		a := &rows[i*p.k]
		if height < p.kernel.rows {
			if filled == nil {
				filled = make([]float32, p.kernel.rows*p.k)
			}
			copy(filled, rows[i*p.k:])
			a = &filled[0]
		}
		tile(p.k, a, p.k, panel, &out[0], p.kernel.cols)
		for r := range height {
			copy(dst[(i+r)*p.n+j:][:width], out[r*p.kernel.cols:])
		}
	}
}
