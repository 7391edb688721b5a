package pattern

import (
	"bytes"
	"strings"
)

// node is a place in the tree of the paths that patterns name, one level for each part between dots.
type node struct {
	field    int32 // the number of the field here; 0 for none
	children map[string]*node
}

// find returns the place of a key below this one, nil when no pattern looks there. A key with dots is as
// good as several.
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

// make returns the place of a path, and makes it when it is not there.
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
