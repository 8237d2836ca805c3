package similarity

import (
	"math"
	"slices"
)

// none stands for no node.
const none = int32(-1)

// tree is the basis of the network simplex: a spanning tree of the rows (nodes 0, 1, …), the columns
// (nodes after them) and a root, which artificial arcs join to rows and columns until real arcs have
// taken over. Each node but the root has its arc to its parent; flow runs along arcs of the tree
// alone. The potentials make the reduced cost of each of these, cost + potential(from) −
// potential(to), zero.
//
// The tree is strongly feasible: an arc that carries nothing points to the root. With the choice of
// the leaving arc in blocking this keeps degenerate pivots from going round in circles.
type tree struct {
	rows, cols        int
	root              int32
	parent, size      []int32 // size counts the nodes from one down
	child, next, prev []int32 // first child, and the siblings; see link
	flow              []int64
	up                []bool // whether the arc runs from the node to its parent
	cost              []float64
	potential         []float64 // of columns and the root; ofRow gives that of a row
}

func newTree(rows, cols int) *tree {
	n := rows + cols + 1
	t := &tree{
		rows: rows, cols: cols, root: int32(rows + cols),
		parent: make([]int32, n), size: make([]int32, n),
		child: make([]int32, n), next: make([]int32, n), prev: make([]int32, n),
		flow: make([]int64, n), up: make([]bool, n),
		cost: make([]float64, n), potential: make([]float64, n),
	}
	for x := range t.parent {
		t.parent[x], t.child[x] = none, none
	}
	return t
}

// pivot brings the arc from node i to node j, of negative reduced cost, into the tree: as much as
// possible is moved along the cycle that it closes, and an arc that has become empty leaves.
func (t *tree) pivot(i, j int32, cost, reduced float64) {
	top := t.join(i, j)
	mass, leaving, below := t.blocking(i, j, top)
	t.push(i, top, -mass)
	t.push(j, top, mass)
	to := i ^ j ^ below // the end that stays where it is
	t.resize(t.parent[leaving], top, -t.size[leaving])
	t.resize(to, top, t.size[leaving])
	t.graft(below, to, leaving, mass, cost, below == i)
	if below == i {
		reduced = -reduced
	}
	t.shift(below, reduced)
}

// join is the lowest common ancestor. Of two nodes the smaller, or any if they are alike, is not an
// ancestor of the other.
func (t *tree) join(x, y int32) int32 {
	for x != y {
		if t.size[x] <= t.size[y] {
			x = t.parent[x]
		} else {
			y = t.parent[y]
		}
	}
	return x
}

// blocking returns how much can be moved from top down to i, over to j and up again, the node whose
// arc stops more, and which of i and j lies below it. Of several such arcs it takes the last on this
// way, which leaves the tree strongly feasible.
func (t *tree) blocking(i, j, top int32) (mass int64, leaving, below int32) {
	mass, leaving, below = math.MaxInt64, none, none
	for x := i; x != top; x = t.parent[x] {
		if t.up[x] && t.flow[x] < mass {
			mass, leaving, below = t.flow[x], x, i
		}
	}
	for x := j; x != top; x = t.parent[x] {
		if !t.up[x] && t.flow[x] <= mass {
			mass, leaving, below = t.flow[x], x, j
		}
	}
	return mass, leaving, below
}

// push sends mass from x up to top; less than nothing is sent down.
func (t *tree) push(x, top int32, mass int64) {
	if mass == 0 {
		return
	}
	for ; x != top; x = t.parent[x] {
		if t.up[x] {
			t.flow[x] += mass
		} else {
			t.flow[x] -= mass
		}
	}
}

// resize adds to the sizes from x up to, but not of, top.
func (t *tree) resize(x, top, by int32) {
	for ; x != top; x = t.parent[x] {
		t.size[x] += by
	}
}

// graft cuts the arc of leaving and hangs what was below it on to, by an arc of the given flow and
// cost at x. All arcs from x to leaving turn round.
func (t *tree) graft(x, to, leaving int32, flow int64, cost float64, up bool) {
	all, size := t.size[leaving], t.size[leaving]
	for {
		parent, oldSize, oldFlow, oldCost, oldUp := t.parent[x], t.size[x], t.flow[x], t.cost[x], t.up[x]
		t.unlink(x)
		t.link(x, to)
		t.size[x], t.flow[x], t.cost[x], t.up[x] = size, flow, cost, up
		if x == leaving {
			return
		}
		x, to, size, flow, cost, up = parent, x, all-oldSize, oldFlow, oldCost, !oldUp
	}
}

// link makes x a child of parent. Only nodes that others may hang on are listed among the children:
// columns, and rows that have children. Most rows have none, and are not met on walks then.
func (t *tree) link(x, parent int32) {
	t.parent[x] = parent
	if t.isRow(x) && t.child[x] == none {
		return
	}
	if t.isRow(parent) && t.child[parent] == none && t.parent[parent] != none {
		t.list(parent)
	}
	t.list(x)
}

func (t *tree) unlink(x int32) {
	if t.isRow(x) && t.child[x] == none {
		return
	}
	t.unlist(x)
	if parent := t.parent[x]; t.isRow(parent) && t.child[parent] == none {
		t.unlist(parent)
	}
}

func (t *tree) list(x int32) {
	parent := t.parent[x]
	first := t.child[parent]
	t.next[x], t.prev[x] = first, none
	if first != none {
		t.prev[first] = x
	}
	t.child[parent] = x
}

func (t *tree) unlist(x int32) {
	if t.prev[x] != none {
		t.next[t.prev[x]] = t.next[x]
	} else {
		t.child[t.parent[x]] = t.next[x]
	}
	if t.next[x] != none {
		t.prev[t.next[x]] = t.prev[x]
	}
}

func (t *tree) isRow(x int32) bool { return int(x) < t.rows }

// ofRow is the potential of a row, whose arc to its parent always runs up.
func (t *tree) ofRow(i int32) float64 { return t.potential[t.parent[i]] - t.cost[i] }

// shift adds to the potentials of x and all below it, or takes as much from all others, if these are
// fewer: only differences count.
func (t *tree) shift(x int32, by float64) {
	if 2*int(t.size[x]) <= len(t.size) {
		t.walk(x, none, func(y int32) { t.potential[y] += by })
	} else {
		t.walk(t.root, x, func(y int32) { t.potential[y] -= by })
	}
}

// settle sets potentials from the arcs, without what rounding has piled up, and sizes.
func (t *tree) settle() {
	order := make([]int32, 0, len(t.parent))
	t.walk(t.root, none, func(x int32) { order = append(order, x) })
	t.potential[t.root] = 0
	for _, x := range order[1:] {
		if parent := t.parent[x]; t.up[x] {
			t.potential[x] = t.potential[parent] - t.cost[x]
		} else {
			t.potential[x] = t.potential[parent] + t.cost[x]
		}
	}
	t.measure(order)
}

// measure sets sizes. The order is that of a walk from the root.
func (t *tree) measure(order []int32) {
	for x := range t.size {
		t.size[x] = 1
	}
	for x := range int32(t.rows) {
		if t.child[x] == none {
			t.size[t.parent[x]]++
		}
	}
	for _, x := range slices.Backward(order[1:]) {
		t.size[t.parent[x]] += t.size[x]
	}
}

// walk visits x and all listed below it, parents first, but not what is below but and but itself.
func (t *tree) walk(x, but int32, visit func(int32)) {
	for y := x; ; {
		if y != but {
			visit(y)
			if t.child[y] != none {
				y = t.child[y]
				continue
			}
		}
		for y != x && t.next[y] == none {
			y = t.parent[y]
		}
		if y == x {
			return
		}
		y = t.next[y]
	}
}
