package pattern

import (
	"fmt"
	"slices"
)

// MaxAlternatives is the maximum number of combinations of the $or of one pattern.
const MaxAlternatives = 1000

// Pattern is a compiled event pattern. It is safe for concurrent use.
type Pattern struct {
	alternatives []alternative
	set          *Set // contains only this pattern
}

// An alternative matches if all its fields match.
type alternative []field

// A field matches if one of the values at its path matches, or if there are none and absent is set.
type field struct {
	path     string
	source   string // equal for fields with the same path and matchers
	absent   bool   // {"exists": false} is among the matchers
	matchers []matcher
}

// Compile compiles a pattern. Its error is an *Error with AWS's message.
func Compile(raw []byte) (*Pattern, error) {
	o, err := parse(raw)
	if err != nil {
		return nil, err
	}
	c := compiler{alternatives: []alternative{nil}}
	if err := c.object("", o, false); err != nil {
		return nil, err
	}
	if slices.ContainsFunc(c.alternatives, alternative.tooComplex) {
		return nil, errorf("Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character")
	}
	p := &Pattern{alternatives: c.alternatives}
	p.set = NewSet([]*Pattern{p})
	return p, nil
}

// compiler collects the alternatives while it descends into the pattern.
type compiler struct{ alternatives []alternative }

// object compiles the members of an object. prefix is the object's path and a dot, or "" at the top level.
func (c *compiler) object(prefix string, o object, insideOr bool) error {
	if len(o) == 0 {
		return errorf("Empty objects are not allowed")
	}
	for _, m := range o {
		if err := c.member(prefix, m, insideOr); err != nil {
			return err
		}
	}
	return nil
}

func (c *compiler) member(prefix string, m member, insideOr bool) error {
	if m.name == "$or" {
		return c.or(prefix, m.value)
	}
	if insideOr && reserved(m.name) {
		return errorf("%s is Ruler reserved fieldName which cannot be used inside $or.", m.name)
	}
	switch value := m.value.(type) {
	case object:
		return c.object(prefix+m.name+".", value, insideOr)
	case []any:
		return c.values(prefix+m.name, value)
	}
	return errorf("%q must be an object or an array", m.name)
}

// or combines each alternative found so far with each object of a $or.
func (c *compiler) or(prefix string, value any) error {
	list, ok := value.([]any)
	if !ok {
		return errorf("It must be an Array followed with $or.")
	}
	var all []alternative
	for _, element := range list {
		o, ok := element.(object)
		if !ok {
			return errorf("Only JSON object is allowed in array of $or relationship.")
		}
		branch := compiler{slices.Clone(c.alternatives)}
		if err := branch.object(prefix, o, true); err != nil {
			return err
		}
		if all = append(all, branch.alternatives...); len(all) > MaxAlternatives {
			return errorf("$or makes more than %d combinations", MaxAlternatives)
		}
	}
	if len(list) < 2 {
		return errorf("There must have at least 2 Objects in $or relationship.")
	}
	c.alternatives = all
	return nil
}

// values adds a field to every alternative. If a path occurs twice, the later one wins.
func (c *compiler) values(path string, list []any) error {
	f, err := compileField(path, list)
	if err != nil {
		return err
	}
	for i, a := range c.alternatives {
		at := slices.IndexFunc(a, func(other field) bool { return other.path == path })
		if at < 0 {
			c.alternatives[i] = append(slices.Clip(a), f)
			continue
		}
		c.alternatives[i] = slices.Clone(a)
		c.alternatives[i][at] = f
	}
	return nil
}

func compileField(path string, list []any) (field, error) {
	f := field{path: path, source: fmt.Sprintf("%s %#v", path, list)}
	if len(list) == 0 {
		return f, errorf("Empty arrays are not allowed")
	}
	for _, value := range list {
		m, err := compileValue(value)
		if err != nil {
			return f, err
		}
		if m.match == nil {
			f.absent = true
			continue
		}
		f.matchers = append(f.matchers, m)
	}
	return f, nil
}

// compileValue compiles an element of a field's list.
func compileValue(decoded any) (matcher, error) {
	switch v := decoded.(type) {
	case []any:
		return matcher{}, errorf("Match value must be String, number, true, false, or null")
	case object:
		return compileExpression(v)
	case string:
		return compileText(v), nil
	}
	return exactly(decoded), nil
}
