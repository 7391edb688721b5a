package pattern

import (
	"bytes"
	"strings"
)

// node is a node in the tree of the paths that patterns use. It has one level per path segment.
type node struct {
	field    int32 // the number of the field here; 0 for none
	children map[string]*node
}

// find returns the node for a key below n, or nil if no pattern uses it. A key with dots counts as several segments.
func (n *node) find(key []byte) *node {
	for n != nil {
		dot := bytes.IndexByte(key, '.')
		if dot < 0 {
			return n.children[string(key)]
		}
		n, key = n.children[string(key[:dot])], key[dot+1:]
	}
	return nil
}

// make returns the node of a path and creates it if necessary.
func (n *node) make(path string) *node {
	for key := range strings.SplitSeq(path, ".") {
		if n.children == nil {
			n.children = map[string]*node{}
		}
		if n.children[key] == nil {
			n.children[key] = &node{}
		}
		n = n.children[key]
	}
	return n
}
