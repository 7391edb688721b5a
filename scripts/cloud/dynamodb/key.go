package dynamodb

import (
	"crypto/sha256"
	"encoding/binary"
	"strings"
)

// keyAttribute is one attribute of a key.
type keyAttribute struct {
	name string
	kind Kind
}

// keySchema is a partition key and an optional sort key.
type keySchema []keyAttribute

// of returns the key attributes of an item.
func (s keySchema) of(item Item) Item {
	key := make(Item, len(s))
	for _, a := range s {
		if v := item[a.name]; v != nil {
			key[a.name] = v
		}
	}
	return key
}

// has reports whether an item has the key. An item that lacks an attribute of an index's key, or had one that no key may
// have before the index was made, is not in the index (scylladb/scylladb, test_gsi_backfill_key_limits).
func (s keySchema) has(item Item) bool {
	for i, a := range s {
		if v := item[a.name]; v == nil || v.kind() != a.kind || emptyKind(v) != "" || v.size() > maxKey[i] {
			return false
		}
	}
	return true
}

// encode returns the key as a string that sorts as the key does: by a hash of the partition key, then by the
// partition key, then by the sort key.
func (s keySchema) encode(item Item) string {
	encoded := partition(item[s[0].name])
	if len(s) > 1 {
		encoded += encodeValue(item[s[1].name])
	}
	return encoded
}

// partition returns the prefix that all encoded keys of a partition share. The hash spreads partitions over the
// segments of a parallel scan.
func partition(v Value) string {
	part := encodeValue(v)
	sum := sha256.Sum256([]byte(part))
	return string(sum[:hashSize]) + part
}

const hashSize = 4

// segment returns the bounds of the encoded keys in one of several segments of roughly equal size.
func segment(number, of int) (low, high string) {
	bound := func(n int) string {
		return string(binary.BigEndian.AppendUint32(nil, uint32(uint64(n)<<32/uint64(of))))
	}
	if number == of-1 {
		return bound(number), ""
	}
	return bound(number), bound(number + 1)
}

// encodeValue encodes a complete value. It ends encodePrefix's encoding with a terminator lower than anything that
// encodePrefix writes, so that whatever follows cannot change the order of values.
func encodeValue(v Value) string { return encodePrefix(v) + "\x00\x01" }

// encodePrefix encodes a value so that its encoding is a prefix of the encoding of every value that begins with it.
func encodePrefix(v Value) string {
	var text string
	switch v := v.(type) {
	case String:
		text = string(v)
	case Binary:
		text = string(v)
	case Number:
		text = v.ordered()
	}
	return strings.ReplaceAll(text, "\x00", "\x00\xff")
}

// after returns the first string that sorts after every string with the prefix, or "" if there is none.
func after(prefix string) string {
	end := []byte(prefix)
	for i := len(end) - 1; i >= 0; i-- {
		if end[i]++; end[i] != 0 {
			return string(end[:i+1])
		}
	}
	return ""
}
