package dynamodb

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// check rejects a request whose members break constraints of their own. As AWS does, it reports all of them together,
// before anything else about the request. Each violation comes from a function below, which returns "" for a good value.
func check(violations ...string) error {
	switch all := found(nil, violations...); len(all) {
	case 0:
		return nil
	case 1:
		return invalid("1 validation error detected: %s", all[0])
	default:
		return invalid("%d validation errors detected: %s", len(all), strings.Join(all, "; "))
	}
}

// found appends the violations that are not "".
func found(all []string, violations ...string) []string {
	for _, v := range violations {
		if v != "" {
			all = append(all, v)
		}
	}
	return all
}

func violation(value, member, rule string) string {
	if value != "" {
		value += " "
	}
	return "Value " + value + "at '" + member + "' failed to satisfy constraint: Member must " + rule
}

// required says that a member is missing.
func required(member string, missing bool) string {
	if !missing {
		return ""
	}
	return violation("null", member, "not be null")
}

// oneOf says that a value is neither empty nor among the allowed ones.
func oneOf(member, value string, allowed ...string) string {
	if value == "" || slices.Contains(allowed, value) {
		return ""
	}
	return violation(quoted(value), member, "satisfy enum value set: ["+strings.Join(allowed, ", ")+"]")
}

// within says that a count or number is out of bounds. What AWS shows of it differs from member to member.
func within(member, shown, what string, n, low, high int) string {
	switch {
	case n < low:
		return violation(shown, member, fmt.Sprintf("have %s greater than or equal to %d", what, low))
	case n > high:
		return violation(shown, member, fmt.Sprintf("have %s less than or equal to %d", what, high))
	}
	return ""
}

// ofLength says that a text is too short or too long.
func ofLength(member, value string, low, high int) string {
	return within(member, quoted(value), "length", len(value), low, high)
}

func shown(n int) string { return quoted(strconv.Itoa(n)) }

func quoted(value string) string { return "'" + value + "'" }
