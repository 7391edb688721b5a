package pattern

import (
	"bytes"
	"fmt"
)

// operators maps the operators' names to their compilers.
var operators map[string]func(operand any) (matcher, error)

func init() { // not in the declaration, because anything-but uses operators itself
	operators = map[string]func(any) (matcher, error){
		"exactly":            compileExactly,
		"exists":             compileExists,
		"prefix":             compilePrefix,
		"suffix":             compileSuffix,
		"equals-ignore-case": compileIgnoreCase,
		"wildcard":           compileWildcard,
		"cidr":               compileCIDR,
		"numeric":            compileNumeric,
		"anything-but":       compileAnythingBut,
	}
}

// reserved reports whether name is an operator, which no field inside $or may be called.
func reserved(name string) bool { return operators[name] != nil }

// compileExpression compiles {"operator": operand}.
func compileExpression(o object) (matcher, error) {
	if len(o) == 0 {
		return matcher{}, errorf("Match expression name not found")
	}
	compile := operators[o[0].name]
	if compile == nil {
		return matcher{}, errorf("Unrecognized match type %s", o[0].name)
	}
	m, err := compile(o[0].value)
	if err == nil && len(o) > 1 {
		err = errorf("Only one key allowed in match expression")
	}
	return m, err
}

// textOperand returns an operand that must be a string. name is for the error: AWS's message for some operators
// contains another's name.
func textOperand(operand any, name string) (string, error) {
	s, ok := operand.(string)
	if !ok {
		return "", errorf("%s match pattern must be a string", name)
	}
	return s, nil
}

func compileExactly(operand any) (matcher, error) {
	if _, err := textOperand(operand, "exactly"); err != nil {
		return matcher{}, err
	}
	return exactly(operand), nil
}

func compileExists(operand any) (matcher, error) {
	exists, ok := operand.(bool)
	if !ok {
		return matcher{}, errorf("exists match pattern must be either true or false.")
	}
	m := matcher{text: fmt.Sprintf("exists %t", exists)}
	if exists {
		m.match = func(*value) bool { return true }
	}
	return m, nil
}

func compilePrefix(operand any) (matcher, error) {
	if inner, ok, err := ignoringCase(operand, "prefix"); ok || err != nil {
		f := foldOf(inner)
		return onText("prefix equals-ignore-case", inner, f.prefixes), err
	}
	s, err := textOperand(operand, "prefix")
	prefix := []byte(s)
	return onText("prefix", s, func(text []byte) bool { return bytes.HasPrefix(text, prefix) }), err
}

func compileSuffix(operand any) (matcher, error) {
	if inner, ok, err := ignoringCase(operand, "suffix"); ok || err != nil {
		f := foldOf(inner)
		return onText("suffix equals-ignore-case", inner, f.suffixes), err
	}
	s, err := textOperand(operand, "suffix")
	suffix := []byte(s)
	return onText("suffix", s, func(text []byte) bool { return bytes.HasSuffix(text, suffix) }), err
}

// ignoringCase returns the operand of {"prefix": {"equals-ignore-case": operand}}.
func ignoringCase(operand any, outer string) (inner string, ok bool, err error) {
	o, ok := operand.(object)
	if !ok {
		return "", false, nil
	}
	if len(o) == 0 || o[0].name != "equals-ignore-case" {
		name := ""
		if len(o) > 0 {
			name = o[0].name
		}
		return "", false, errorf("Unsupported %s pattern: %s", outer, name)
	}
	if len(o) > 1 {
		return "", false, errorf("Only one key allowed in match expression")
	}
	inner, err = textOperand(o[0].value, "equals-ignore-case")
	return inner, true, err
}

func compileIgnoreCase(operand any) (matcher, error) {
	s, err := textOperand(operand, "equals-ignore-case")
	f := foldOf(s)
	return onText("equals-ignore-case", s, f.equals), err
}

func compileWildcard(operand any) (matcher, error) {
	s, err := textOperand(operand, "wildcard")
	if err != nil {
		return matcher{}, err
	}
	g, err := parseGlob(s)
	if err != nil {
		return matcher{}, err
	}
	m := onText("wildcard", s, g.match)
	m.cost = g.cost()
	return m, nil
}

func isText(operand any) bool { _, ok := operand.(string); return ok }

func isNumber(operand any) bool { _, ok := operand.(numeral); return ok }
