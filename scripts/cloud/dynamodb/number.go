package dynamodb

import (
	"errors"
	"math/big"
	"strconv"
	"strings"

	"example.com/localcloud/wire"
)

// The range of numbers: 38 significant digits, magnitudes from 1E-130 to 9.99…E+125.
const (
	maxDigits   = 38
	maxExponent = 126  // of a mantissa below 1
	minExponent = -129 // likewise
)

var (
	errOverflow  = wire.Errorf(codeValidation, "Number overflow. Attempting to store a number with magnitude larger than supported range")
	errUnderflow = wire.Errorf(codeValidation, "Number underflow. Attempting to store a number with magnitude smaller than supported range")
	errPrecision = wire.Errorf(codeValidation, "Attempting to store more than 38 significant digits in a Number")
)

// Number is ±0.digits × 10^exponent. Its digits neither begin nor end with a zero, and zero has no digits. So equal
// numbers are equal structs.
type Number struct {
	negative bool
	exponent int
	digits   string
}

func parseNumber(text string) (Number, error) {
	mantissa, power, scientific := cut(text, "eE")
	unsigned := strings.TrimLeft(mantissa, "+-")
	whole, fraction, _ := strings.Cut(unsigned, ".")
	digits := whole + fraction
	if len(mantissa)-len(unsigned) > 1 || digits == "" || strings.Trim(digits, "0123456789") != "" {
		return Number{}, notNumeric(text)
	}
	exponent := 0
	if scientific {
		var err error
		if exponent, err = strconv.Atoi(power); err != nil && !errors.Is(err, strconv.ErrRange) {
			return Number{}, notNumeric(text)
		}
		exponent = max(min(exponent, 1<<30), -1<<30) // both are out of range; the bound keeps the sum below from overflowing
	}
	return newNumber(mantissa[0] == '-', digits, exponent+len(whole))
}

func notNumeric(text string) error {
	if text == "" {
		return invalid("The parameter cannot be converted to a numeric value")
	}
	return invalid("The parameter cannot be converted to a numeric value: %s", text)
}

func cut(text, any string) (before, after string, found bool) {
	if i := strings.IndexAny(text, any); i >= 0 {
		return text[:i], text[i+1:], true
	}
	return text, "", false
}

// newNumber returns ±0.digits × 10^exponent if it is in range.
func newNumber(negative bool, digits string, exponent int) (Number, error) {
	trimmed := strings.TrimLeft(digits, "0")
	exponent -= len(digits) - len(trimmed)
	trimmed = strings.TrimRight(trimmed, "0")
	switch {
	case trimmed == "":
		return Number{}, nil
	case exponent > maxExponent:
		return Number{}, errOverflow
	case exponent < minExponent:
		return Number{}, errUnderflow
	case len(trimmed) > maxDigits:
		return Number{}, errPrecision
	}
	return Number{negative, exponent, trimmed}, nil
}

// String formats the number without an exponent, as AWS does.
func (n Number) String() string {
	sign := ""
	if n.negative {
		sign = "-"
	}
	switch {
	case n.digits == "":
		return "0"
	case n.exponent <= 0:
		return sign + "0." + strings.Repeat("0", -n.exponent) + n.digits
	case n.exponent >= len(n.digits):
		return sign + n.digits + strings.Repeat("0", n.exponent-len(n.digits))
	}
	return sign + n.digits[:n.exponent] + "." + n.digits[n.exponent:]
}

func (n Number) compare(m Number) int { return strings.Compare(n.ordered(), m.ordered()) }

// ordered returns a string that sorts as the number does.
func (n Number) ordered() string {
	if n.digits == "" {
		return "\x01"
	}
	magnitude := string([]byte{byte(n.exponent - minExponent)}) + n.digits
	if !n.negative {
		return "\x02" + magnitude
	}
	inverted := []byte("\xff" + magnitude + "\x00") // the end makes -12 sort before -1
	for i := range inverted {
		inverted[i] ^= 0xff
	}
	return string(inverted)
}

func (n Number) negate() Number {
	n.negative = !n.negative && n.digits != ""
	return n
}

// add returns the exact sum. As on AWS, a sum of more than 38 digits is an overflow.
func (n Number) add(m Number) (Number, error) {
	scale := min(n.scale(), m.scale())
	sum := n.integer(scale)
	sum.Add(sum, m.integer(scale))
	digits := new(big.Int).Abs(sum).String()
	total, err := newNumber(sum.Sign() < 0, digits, scale+len(digits))
	if err == errPrecision {
		err = errOverflow
	}
	return total, err
}

// scale returns the power of ten of the last digit.
func (n Number) scale() int { return n.exponent - len(n.digits) }

// integer returns n ÷ 10^scale.
func (n Number) integer(scale int) *big.Int {
	i, _ := new(big.Int).SetString("0"+n.digits+strings.Repeat("0", n.scale()-scale), 10)
	if n.negative {
		i.Neg(i)
	}
	return i
}

// size returns the number's share of an item's size: one byte for every two digits, one more, and one for a minus
// sign.
func (n Number) size() int {
	size := 1 + (len(n.digits)+1)/2
	if n.negative {
		size++
	}
	return size
}
