package dynamodb

import (
	"hash/maphash"
	"iter"
	"strings"
)

// tree is an ordered map from encoded keys to rows. It is persistent: put and remove return a new tree that shares
// every node that is not on the path to the key. It is a treap: a binary search tree by key that is also a heap by a
// hash of the key. So it stays balanced for any order of writes without bookkeeping. The zero value is the empty
// tree.
type tree struct {
	root  *node
	count int
}

type node struct {
	key         string
	row         *row
	priority    uint64
	left, right *node
}

var seed = maphash.MakeSeed()

func (t tree) get(key string) *row {
	for n := t.root; n != nil; {
		switch order := strings.Compare(key, n.key); {
		case order < 0:
			n = n.left
		case order > 0:
			n = n.right
		default:
			return n.row
		}
	}
	return nil
}

func (t tree) put(key string, r *row) tree {
	t.root = t.root.put(&node{key: key, row: r, priority: maphash.String(seed, key)}, &t.count)
	return t
}

func (t tree) remove(key string) tree {
	t.root = t.root.remove(key, &t.count)
	return t
}

// move removes the row at from and puts r at to. An empty key means no row.
func (t tree) move(from, to string, r *row) tree {
	if from != "" && from != to {
		t = t.remove(from)
	}
	if to != "" {
		t = t.put(to, r)
	}
	return t
}

func (n *node) put(added *node, count *int) *node {
	if n == nil {
		*count++
		return added
	}
	c := *n
	switch order := strings.Compare(added.key, n.key); {
	case order < 0:
		if c.left = n.left.put(added, count); c.left.priority > c.priority {
			up := c.left // made by this call, so it may be changed
			c.left, up.right = up.right, &c
			return up
		}
	case order > 0:
		if c.right = n.right.put(added, count); c.right.priority > c.priority {
			up := c.right
			c.right, up.left = up.left, &c
			return up
		}
	default:
		c.row = added.row
	}
	return &c
}

func (n *node) remove(key string, count *int) *node {
	if n == nil {
		return nil
	}
	c := *n
	switch order := strings.Compare(key, n.key); {
	case order < 0:
		c.left = n.left.remove(key, count)
	case order > 0:
		c.right = n.right.remove(key, count)
	default:
		*count--
		return join(n.left, n.right)
	}
	return &c
}

// join returns the union of two trees, where all keys of a sort before those of b.
func join(a, b *node) *node {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	case a.priority > b.priority:
		c := *a
		c.right = join(a.right, b)
		return &c
	}
	c := *b
	c.left = join(a, b.left)
	return &c
}

// between returns the rows with low ≤ key < high, in ascending or descending order. An empty high means no upper
// bound.
func (t tree) between(low, high string, forward bool) iter.Seq2[string, *row] {
	return func(yield func(string, *row) bool) { t.root.walk(low, high, forward, yield) }
}

func (n *node) walk(low, high string, forward bool, yield func(string, *row) bool) bool {
	if n == nil {
		return true
	}
	aboveLow, belowHigh := n.key >= low, high == "" || n.key < high
	first, second := n.left, n.right
	goFirst, goSecond := aboveLow, belowHigh
	if !forward {
		first, second, goFirst, goSecond = second, first, goSecond, goFirst
	}
	return (!goFirst || first.walk(low, high, forward, yield)) &&
		(!aboveLow || !belowHigh || yield(n.key, n.row)) &&
		(!goSecond || second.walk(low, high, forward, yield))
}
