package pattern

import (
	"bytes"
	"encoding/binary"
	"math"
	"strconv"
	"strings"
)

// kind is the type of a value. Numbers have two kinds: those that binary64 represents exactly are compared by value,
// all others by spelling.
type kind byte

const (
	text     kind = 's'
	number   kind = 'n'
	spelling kind = 'N'
	isTrue   kind = 't'
	isFalse  kind = 'f'
	isNull   kind = '0'
)

// value is a leaf of an event, or an exact value of a pattern.
type value struct {
	kind    kind
	text    []byte  // for text and spelling
	number  float64 // for number
	element int32   // the array element that contains it, or outside
}

// outside is the element of values that lie in no array of objects.
const outside = -1

func (v *value) equal(other *value) bool {
	return v.kind == other.kind && bytes.Equal(v.text, other.text) && v.number == other.number
}

// appendKey appends a key that only equal values share.
func (v *value) appendKey(key []byte) []byte {
	key = append(key, byte(v.kind))
	if v.kind == number {
		return binary.BigEndian.AppendUint64(key, math.Float64bits(v.number))
	}
	return append(key, v.text...)
}

// String formats the value for Explain.
func (v *value) String() string {
	switch v.kind {
	case number:
		return strconv.FormatFloat(v.number, 'g', -1, 64)
	case isTrue:
		return "true"
	case isFalse:
		return "false"
	case isNull:
		return "null"
	}
	return quoteEmpty(string(v.text))
}

// valueOf converts a decoded JSON scalar to a value.
func valueOf(decoded any) *value {
	switch v := decoded.(type) {
	case string:
		return &value{kind: text, text: []byte(v)}
	case numeral:
		n := numberOf([]byte(v.String()))
		return &n
	case bool:
		if v {
			return &value{kind: isTrue}
		}
		return &value{kind: isFalse}
	}
	return &value{kind: isNull}
}

// numberOf converts a JSON number. binary64 represents it exactly if its shortest spelling there has the same digits.
func numberOf(spelt []byte) value {
	s := string(spelt)
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) || len(s) > 15 && !sameDigits(s, strconv.FormatFloat(f, 'e', -1, 64)) {
		return value{kind: spelling, text: spelt}
	}
	return value{kind: number, number: f + 0} // -0 becomes 0
}

// sameDigits reports whether two spellings denote the same decimal number.
func sameDigits(a, b string) bool {
	aDigits, aPoint := decimal(a)
	bDigits, bPoint := decimal(b)
	return aDigits == bDigits && (aDigits == "" || aPoint == bPoint) && (a[0] == '-') == (b[0] == '-')
}

// decimal returns a number as 0.digits × 10^point, without leading or trailing zeros.
func decimal(s string) (digits string, point int) {
	mantissa, exponent, _ := strings.Cut(strings.ToLower(strings.TrimPrefix(s, "-")), "e")
	point, _ = strconv.Atoi(exponent)
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits = strings.TrimLeft(whole+fraction, "0")
	point += len(whole) - (len(whole+fraction) - len(digits))
	return strings.TrimRight(digits, "0"), point
}
