package pattern

// matcher judges one value of an event.
type matcher struct {
	text  string            // for people: "anything-but payment_declined"
	match func(*value) bool // nil is {"exists": false}
	exact *value            // what match compares to, when it does no more
	cost  int               // of the wildcards inside
}

func exactly(decoded any) matcher {
	wanted := valueOf(decoded)
	return matcher{text: wanted.String(), match: wanted.equal, exact: wanted}
}

// onText makes a matcher of a test that only strings can pass.
func onText(name, operand string, test func([]byte) bool) matcher {
	return matcher{
		text:  name + " " + quoteEmpty(operand),
		match: func(v *value) bool { return v.kind == text && test(v.text) },
	}
}

// quoteEmpty makes an empty text visible.
func quoteEmpty(s string) string {
	if s == "" {
		return `""`
	}
	return s
}
