package policy

import "strings"

// like reports whether value matches pattern, in which * matches any characters and ? a single one.
func like(pattern, value string) bool {
	star, resume := -1, 0 // the last * and where its match can be extended from
	p, v := 0, 0
	for v < len(value) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, resume = p, v
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == value[v]):
			p++
			v++
		case star >= 0:
			resume++
			p, v = star+1, resume
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// likeARN matches each part of an ARN separately, so that a * does not match a colon.
func likeARN(pattern, value string) bool {
	patterns, values := strings.SplitN(pattern, ":", 6), strings.SplitN(value, ":", 6)
	if len(patterns) != len(values) {
		return pattern == "*"
	}
	for i := range patterns {
		if !like(patterns[i], values[i]) {
			return false
		}
	}
	return true
}
