package wire

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// maxQueryDepth bounds how deep the names of parameters nest; AWS's own reach 8.
const maxQueryDepth = 16

// queryNode is a parameter, or what a prefix of parameters' names stands for.
type queryNode struct {
	parent   *queryNode // nil at the root
	name     string
	value    string
	children map[string]*queryNode
}

func (n *queryNode) insert(name, value string) error {
	if strings.Count(name, ".") >= maxQueryDepth {
		return Errorf("InvalidQueryParameter", "the parameter %.100s… nests too deep", name)
	}
	for part := range strings.SplitSeq(name, ".") {
		n = n.child(part)
	}
	n.value = value
	return nil
}

func (n *queryNode) child(part string) *queryNode {
	child := n.children[part]
	if child == nil {
		child = &queryNode{parent: n, name: part}
		if n.children == nil {
			n.children = map[string]*queryNode{}
		}
		n.children[part] = child
	}
	return child
}

// path is the whole name: "Tags.member.1".
func (n *queryNode) path() string {
	if n.parent == nil {
		return ""
	}
	return strings.TrimPrefix(n.parent.path()+"."+n.name, ".")
}

func (n *queryNode) malformed(want string) *Error {
	return Errorf("MalformedInput", "the parameter %s must be %s", n.path(), want)
}

// items returns what is numbered below n, in order. A name without numbers and
// value is how clients write an empty list.
func (n *queryNode) items(field queryField) ([]*queryNode, error) {
	list := n
	if field.item != "" && len(n.children) > 0 {
		if list = n.children[field.item]; list == nil || len(n.children) > 1 {
			return nil, n.malformed("a list: " + n.path() + "." + field.item + ".1")
		}
	}
	if list.value != "" || n.value != "" {
		return nil, n.malformed("a list")
	}
	numbers := make(map[*queryNode]int, len(list.children))
	items := make([]*queryNode, 0, len(list.children))
	for name, item := range list.children {
		number, err := strconv.Atoi(name)
		if err != nil || number < 1 {
			return nil, item.malformed("numbered from 1")
		}
		numbers[item] = number
		items = append(items, item)
	}
	slices.SortFunc(items, func(a, b *queryNode) int { return cmp.Compare(numbers[a], numbers[b]) })
	return items, nil
}
