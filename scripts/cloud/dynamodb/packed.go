package dynamodb

import (
	"encoding/binary"
	"slices"
)

// packed is an item as a table stores it: one string, about as long as the item's size. A map of values takes several
// times that. What is unpacked shares the string's memory.
type packed string

// The first byte of a packed value is its kind's position in this list.
var packedKinds = []Kind{KindString, KindNumber, KindBinary, KindBool, KindNull, KindMap, KindList, KindStringSet, KindNumberSet, KindBinarySet}

func pack(item Item) packed {
	return packed(appendPacked(make([]byte, 0, item.size()+2*len(item)), item))
}

func appendPacked(b []byte, v Value) []byte {
	b = append(b, byte(slices.Index(packedKinds, v.kind())))
	switch v := v.(type) {
	case String:
		return appendText(b, string(v))
	case Binary:
		return appendText(b, string(v))
	case Number:
		sign := int64(2 * v.exponent)
		if v.negative {
			sign++
		}
		return appendText(binary.AppendVarint(b, sign), v.digits)
	case Bool:
		if v {
			return append(b, 1)
		}
		return append(b, 0)
	case Item:
		b = binary.AppendUvarint(b, uint64(len(v)))
		for name, value := range v {
			b = appendPacked(appendText(b, name), value)
		}
	case List:
		b = appendPackedAll(b, v)
	case Set:
		b = appendPackedAll(b, v.members)
	}
	return b
}

func appendText(b []byte, text string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(text))), text...)
}

func appendPackedAll(b []byte, values []Value) []byte {
	b = binary.AppendUvarint(b, uint64(len(values)))
	for _, v := range values {
		b = appendPacked(b, v)
	}
	return b
}

// item returns the item, or nil if there is none.
func (p packed) item() Item {
	if p == "" {
		return nil
	}
	return (&unpacker{string(p)}).value().(Item)
}

// unpacker reads what is left of a packed item.
type unpacker struct{ rest string }

func (u *unpacker) value() Value {
	kind := packedKinds[u.byte()]
	switch kind {
	case KindString:
		return String(u.text())
	case KindBinary:
		return Binary(u.text())
	case KindNumber:
		sign := u.varint()
		return Number{sign&1 == 1, int(sign >> 1), u.text()}
	case KindBool:
		return Bool(u.byte() == 1)
	case KindNull:
		return Null{}
	case KindMap:
		n := u.uvarint()
		item := make(Item, n)
		for range n {
			name := u.text()
			item[name] = u.value()
		}
		return item
	case KindList:
		return List(u.values())
	default:
		return Set{kind, u.values()}
	}
}

func (u *unpacker) values() []Value {
	values := make([]Value, u.uvarint())
	for i := range values {
		values[i] = u.value()
	}
	return values
}

func (u *unpacker) byte() byte {
	b := u.rest[0]
	u.rest = u.rest[1:]
	return b
}

func (u *unpacker) text() string {
	n := u.uvarint()
	text := u.rest[:n]
	u.rest = u.rest[n:]
	return text
}

func (u *unpacker) uvarint() uint64 {
	n, shift := uint64(0), 0
	for {
		b := u.byte()
		if n |= uint64(b&0x7f) << shift; b < 0x80 {
			return n
		}
		shift += 7
	}
}

// varint reads a signed number, whose lowest bit encodes its sign (binary.AppendVarint).
func (u *unpacker) varint() int64 {
	n := u.uvarint()
	return int64(n>>1) ^ -int64(n&1)
}
