package sns

import (
	"net/netip"
	"strings"
)

func compileText(operator string, operand any) (func(any) bool, error) {
	want, isText := operand.(string)
	var match func(got string) bool
	switch operator {
	case "prefix":
		match = func(got string) bool { return strings.HasPrefix(got, want) }
	case "suffix":
		match = func(got string) bool { return strings.HasSuffix(got, want) }
	case "equals-ignore-case":
		match = func(got string) bool { return strings.EqualFold(got, want) }
	case "wildcard":
		match = wildcard(want)
	case "cidr":
		network, err := netip.ParsePrefix(want)
		if isText && err != nil {
			return nil, errFilter("Malformed CIDR, one '/' required")
		}
		match = func(got string) bool {
			address, err := netip.ParseAddr(got)
			return err == nil && network.Contains(address)
		}
	default:
		return nil, errFilter("Unrecognized match type %s", operator)
	}
	if !isText {
		return nil, errFilter("%s match pattern must be a string", operator)
	}
	return func(got any) bool {
		text, ok := got.(string)
		return ok && match(text)
	}, nil
}

// wildcard returns a matcher for a pattern in which * matches any text and \* a literal asterisk.
func wildcard(pattern string) func(string) bool {
	parts := strings.Split(strings.ReplaceAll(pattern, `\*`, "\x00"), "*")
	for i, part := range parts {
		parts[i] = strings.ReplaceAll(part, "\x00", "*")
	}
	last := len(parts) - 1
	return func(got string) bool {
		if last == 0 {
			return got == parts[0]
		}
		rest, ok := strings.CutPrefix(got, parts[0])
		for _, part := range parts[1:last] {
			if ok {
				_, rest, ok = strings.Cut(rest, part)
			}
		}
		return ok && strings.HasSuffix(rest, parts[last])
	}
}
