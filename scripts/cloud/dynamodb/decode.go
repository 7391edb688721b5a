package dynamodb

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Limits of items, besides their size.
const (
	maxDepth         = 32        // of nested lists and maps
	maxAttributeName = 1<<16 - 1 // bytes
)

var errDepth = invalid("Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit")

// wireValue is an attribute value in JSON: exactly one member is set.
type wireValue struct {
	S    *string
	N    *string
	B    []byte
	BOOL *bool
	NULL *bool
	M    map[string]wireValue
	L    []wireValue
	SS   []*string
	NS   []string
	BS   [][]byte
}

// exact rejects members that are unknown, or known but for their case.
var exact = json.JoinOptions(json.RejectUnknownMembers(true), json.MatchCaseInsensitiveNames(false))

// UnmarshalJSONFrom reads a map of attribute values and validates each as AWS does.
func (m *Item) UnmarshalJSONFrom(decoder *jsontext.Decoder) error {
	var raw map[string]wireValue
	if err := json.UnmarshalDecode(decoder, &raw, exact); err != nil || raw == nil {
		return err
	}
	for name := range raw {
		if problem := badName(name); problem != "" {
			return invalidParameter("%s", problem)
		}
	}
	item, err := newItem(raw, 0)
	*m = item
	return err
}

// badName says what is wrong with the name of an attribute (scylladb/scylladb, test_limits).
func badName(name string) string {
	switch {
	case name == "":
		return "Empty attribute name"
	case len(name) > maxAttributeName:
		return "Attribute name is too large, must be less than 65536 bytes"
	}
	return ""
}

// UnmarshalJSON does the same for encoding/json, which reads the journal.
func (m *Item) UnmarshalJSON(text []byte) error { return json.Unmarshal(text, m) }

func newItem(raw map[string]wireValue, depth int) (Item, error) {
	item := make(Item, len(raw))
	for name, r := range raw {
		if len(name) > maxAttributeName {
			return nil, invalidParameter("%s", badName(name))
		}
		v, err := r.value(depth)
		if err != nil {
			return nil, err
		}
		item[name] = v
	}
	return item, nil
}

func (r wireValue) value(depth int) (Value, error) {
	if depth > maxDepth {
		return nil, errDepth
	}
	switch set := r.members(); {
	case set == 0:
		return nil, invalid("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes")
	case set > 1:
		return nil, invalid("Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes")
	}
	switch {
	case r.S != nil:
		return String(*r.S), nil
	case r.N != nil:
		return parseNumber(*r.N)
	case r.B != nil:
		return Binary(r.B), nil
	case r.BOOL != nil:
		return Bool(*r.BOOL), nil
	case r.NULL != nil:
		if !*r.NULL {
			return nil, invalid("One or more parameter values were invalid: Null attribute value types must have the value of true")
		}
		return Null{}, nil
	case r.M != nil:
		return newItem(r.M, depth+1)
	case r.L != nil:
		return newList(r.L, depth+1)
	}
	return r.set()
}

// members returns the number of members that are set.
func (r wireValue) members() int {
	count := 0
	for _, set := range []bool{r.S != nil, r.N != nil, r.B != nil, r.BOOL != nil, r.NULL != nil,
		r.M != nil, r.L != nil, r.SS != nil, r.NS != nil, r.BS != nil} {
		if set {
			count++
		}
	}
	return count
}

func newList(raw []wireValue, depth int) (List, error) {
	list := make(List, len(raw))
	for i, r := range raw {
		v, err := r.value(depth)
		if err != nil {
			return nil, err
		}
		list[i] = v
	}
	return list, nil
}

func (r wireValue) set() (Value, error) {
	switch {
	case r.SS != nil:
		return newSet(KindStringSet, "An string set  may not be empty", r.SS, func(s *string) (Value, error) {
			if s == nil {
				return nil, errNullMember
			}
			return String(*s), nil
		})
	case r.NS != nil:
		return newSet(KindNumberSet, "An number set  may not be empty", r.NS, func(s string) (Value, error) { return parseNumber(s) })
	}
	return newSet(KindBinarySet, "Binary sets should not be empty", r.BS, func(b []byte) (Value, error) {
		if b == nil {
			return nil, errNullMember
		}
		return Binary(b), nil
	})
}

var errNullMember = invalidParameter("A set may not have null as a member")

func newSet[T any](of Kind, empty string, raw []T, parse func(T) (Value, error)) (Value, error) {
	if len(raw) == 0 {
		return nil, invalid("One or more parameter values were invalid: %s", empty)
	}
	set := Set{of: of}
	for _, r := range raw {
		v, err := parse(r)
		if err != nil {
			return nil, err
		}
		set.members = append(set.members, v)
	}
	slices.SortFunc(set.members, func(a, b Value) int { order, _ := compare(a, b); return order })
	if len(slices.CompactFunc(slices.Clone(set.members), equal)) < len(raw) {
		given := make([]Value, len(raw)) // in their order
		for i, r := range raw {
			given[i], _ = parse(r)
		}
		return nil, duplicates(of, given)
	}
	return set, nil
}

// duplicates returns the error for a set whose members are not distinct. As on AWS, it lists them only for strings.
func duplicates(of Kind, members []Value) error {
	if of != KindStringSet {
		return invalidParameter("Input collection contains duplicates")
	}
	var texts []string
	for _, v := range members {
		texts = append(texts, string(v.(String)))
	}
	return invalidParameter("Input collection [%s] contains duplicates.", strings.Join(texts, ", "))
}
