package policy

import (
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// operator compares a value of the policy with one of the request. A negated one holds if none of the policy's values
// matches.
type operator struct {
	compare func(want, got string) bool
	negated bool
	valid   func(want string) bool // nil: any text is
}

// operators holds the condition operators by name (IAM user guide, "IAM JSON policy elements: Condition operators").
// BinaryEquals is not among them: no key here is binary.
var operators = map[string]operator{
	"StringEquals":              {compare: equal},
	"StringNotEquals":           {compare: equal, negated: true},
	"StringEqualsIgnoreCase":    {compare: strings.EqualFold},
	"StringNotEqualsIgnoreCase": {compare: strings.EqualFold, negated: true},
	"StringLike":                {compare: like},
	"StringNotLike":             {compare: like, negated: true},
	"ArnEquals":                 {compare: likeARN}, // equivalent to ArnLike, as IAM's reference says
	"ArnLike":                   {compare: likeARN},
	"ArnNotEquals":              {compare: likeARN, negated: true},
	"ArnNotLike":                {compare: likeARN, negated: true},
	"Bool":                      {compare: strings.EqualFold, valid: isBool},
	"Null":                      {valid: isBool},
	"IpAddress":                 {compare: inNetwork, valid: isNetwork},
	"NotIpAddress":              {compare: inNetwork, valid: isNetwork, negated: true},
}

func init() { // NumericLessThanEquals, DateNotEquals, …
	orders := map[string]func(got, want float64) bool{
		"Equals":            func(got, want float64) bool { return got == want },
		"LessThan":          func(got, want float64) bool { return got < want },
		"LessThanEquals":    func(got, want float64) bool { return got <= want },
		"GreaterThan":       func(got, want float64) bool { return got > want },
		"GreaterThanEquals": func(got, want float64) bool { return got >= want },
	}
	for kind, read := range map[string]func(string) (float64, bool){"Numeric": number, "Date": date} {
		for name, order := range orders {
			operators[kind+name] = ordered(read, order)
		}
		not := operators[kind+"Equals"]
		not.negated = true
		operators[kind+"NotEquals"] = not
	}
}

func ordered(read func(string) (float64, bool), holds func(got, want float64) bool) operator {
	return operator{
		valid: func(text string) bool { _, ok := read(text); return ok },
		compare: func(want, got string) bool {
			w, _ := read(want) // valid, or the policy would not have been parsed
			g, ok := read(got)
			return ok && holds(g, w)
		},
	}
}

func equal(want, got string) bool { return want == got }

func isBool(text string) bool {
	return strings.EqualFold(text, "true") || strings.EqualFold(text, "false")
}

func number(text string) (float64, bool) {
	n, err := strconv.ParseFloat(text, 64)
	return n, err == nil
}

// date reads a date of ISO 8601 or seconds since 1970, as the date operators do, and returns the seconds.
func date(text string) (float64, bool) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return float64(t.UnixMilli()) / 1000, true
		}
	}
	seconds, err := strconv.ParseInt(text, 10, 64)
	return float64(seconds), err == nil
}

// network reads a range of addresses, or a single one.
func network(text string) (netip.Prefix, bool) {
	if address, err := netip.ParseAddr(text); err == nil {
		return netip.PrefixFrom(address, address.BitLen()), true
	}
	prefix, err := netip.ParsePrefix(text)
	return prefix, err == nil
}

func isNetwork(text string) bool { _, ok := network(text); return ok }

func inNetwork(want, got string) bool {
	prefix, _ := network(want) // valid, or the policy would not have been parsed
	address, err := netip.ParseAddr(got)
	return err == nil && prefix.Contains(address.Unmap())
}
