package dynamodb

import "slices"

func (s Set) search(v Value) (int, bool) {
	return slices.BinarySearchFunc(s.members, v, func(a, b Value) int {
		order, _ := compare(a, b)
		return order
	})
}

func (s Set) has(v Value) bool {
	_, found := s.search(v)
	return found && s.member() == v.kind()
}

// member returns the type of the set's members.
func (s Set) member() Kind { return s.of[:1] }

func (s Set) union(t Set) Set {
	members := slices.Clone(s.members)
	for _, v := range t.members {
		s := Set{s.of, members}
		if at, found := s.search(v); !found {
			members = slices.Insert(members, at, v)
		}
	}
	return Set{s.of, members}
}

func (s Set) minus(t Set) Set {
	return Set{s.of, slices.DeleteFunc(slices.Clone(s.members), t.has)}
}
