package wire

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// maxQueryDepth limits the nesting of parameter names. AWS's own names nest up to 8 deep.
const maxQueryDepth = 16

// queryNode is a parameter or a common prefix of parameter names.
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

// path returns the full name: "Tags.member.1".
func (n *queryNode) path() string {
	if n.parent == nil {
		return ""
	}
	return strings.TrimPrefix(n.parent.path()+"."+n.name, ".")
}

func (n *queryNode) malformed(want string) *Error {
	return Errorf("MalformedInput", "the parameter %s must be %s", n.path(), want)
}

// items returns the numbered children of n, in order. Clients write an empty list as a name without numbers and
// value.
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
		if err != nil || number < 1 || strconv.Itoa(number) != name {
			return nil, item.malformed("numbered from 1")
		}
		numbers[item] = number
		items = append(items, item)
	}
	slices.SortFunc(items, func(a, b *queryNode) int { return cmp.Compare(numbers[a], numbers[b]) })
	return items, nil
}
