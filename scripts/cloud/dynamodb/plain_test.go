package dynamodb_test

import (
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

type (
	plain = map[string]any                  // an item in Go types
	attrs = map[string]types.AttributeValue // an item in the SDK's types
	num   string                            // a number that an int cannot hold
	nset  []string                          // a set of numbers
	bset  [][]byte
)

// item converts plain values to the SDK's types.
func item(p plain) attrs {
	if p == nil {
		return nil
	}
	all := attrs{}
	for name, v := range p {
		all[name] = value(v)
	}
	return all
}

func value(v any) types.AttributeValue {
	switch v := v.(type) {
	case string:
		return &types.AttributeValueMemberS{Value: v}
	case int:
		return &types.AttributeValueMemberN{Value: strconv.Itoa(v)}
	case num:
		return &types.AttributeValueMemberN{Value: string(v)}
	case []byte:
		return &types.AttributeValueMemberB{Value: v}
	case bool:
		return &types.AttributeValueMemberBOOL{Value: v}
	case plain:
		return &types.AttributeValueMemberM{Value: item(v)}
	case []string:
		return &types.AttributeValueMemberSS{Value: v}
	case nset:
		return &types.AttributeValueMemberNS{Value: v}
	case bset:
		return &types.AttributeValueMemberBS{Value: v}
	case []any:
		list := &types.AttributeValueMemberL{Value: []types.AttributeValue{}}
		for _, element := range v {
			list.Value = append(list.Value, value(element))
		}
		return list
	}
	return &types.AttributeValueMemberNULL{Value: true}
}

// unitem is the reverse of item.
func unitem(all attrs) plain {
	if all == nil {
		return nil
	}
	p := plain{}
	for name, v := range all {
		p[name] = unvalue(v)
	}
	return p
}

func unvalue(v types.AttributeValue) any {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return v.Value
	case *types.AttributeValueMemberN:
		if n, err := strconv.Atoi(v.Value); err == nil {
			return n
		}
		return num(v.Value)
	case *types.AttributeValueMemberB:
		return v.Value
	case *types.AttributeValueMemberBOOL:
		return v.Value
	case *types.AttributeValueMemberM:
		return unitem(v.Value)
	case *types.AttributeValueMemberSS:
		return slices.Sorted(slices.Values(v.Value))
	case *types.AttributeValueMemberNS:
		return nset(v.Value)
	case *types.AttributeValueMemberBS:
		return bset(v.Value)
	case *types.AttributeValueMemberL:
		list := []any{}
		for _, element := range v.Value {
			list = append(list, unvalue(element))
		}
		return list
	}
	return nil
}

func unitems(all []attrs) []plain {
	var items []plain
	for _, a := range all {
		items = append(items, unitem(a))
	}
	return items
}
