package programs

type tree struct {
	left, right *tree
	key         int
}

func (t *tree) insert(key int) *tree {
	if t == nil {
		return &tree{key: key}
	}
	if key < t.key {
		t.left = t.left.insert(key)
	} else {
		t.right = t.right.insert(key)
	}
	return t
}

func (t *tree) sum() int {
	if t == nil {
		return 0
	}
	return t.left.sum() + t.key + t.right.sum()
}

// Trees inserts in a binary tree.
func Trees() int {
	var root *tree
	for i := 0; i < 1_000; i++ {
		root = root.insert(i * 7919 % 10_007)
	}
	return root.sum()
}
