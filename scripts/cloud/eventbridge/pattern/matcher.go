package pattern

// matcher tests one value of an event.
type matcher struct {
	text  string            // for Explain: "anything-but red"
	match func(*value) bool // nil for {"exists": false}
	exact *value            // set if match only compares with this value
	cost  int               // cost of its wildcards
}

func exactly(decoded any) matcher {
	wanted := valueOf(decoded)
	return matcher{text: wanted.String(), match: wanted.equal, exact: wanted}
}

// onText returns a matcher that only strings can match.
func onText(name, operand string, test func([]byte) bool) matcher {
	return matcher{
		text:  name + " " + quoteEmpty(operand),
		match: func(v *value) bool { return v.kind == text && test(v.text) },
	}
}

// quoteEmpty returns s, or two quotation marks if s is empty.
func quoteEmpty(s string) string {
	if s == "" {
		return `""`
	}
	return s
}
