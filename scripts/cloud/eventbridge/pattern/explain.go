package pattern

import (
	"strings"
)

// Explain returns one line that says why an event does not match: the field, its value, and what the pattern wanted.
// If there are several alternatives, it explains the one with the fewest mismatches. It returns "" if the event
// matches.
func (p *Pattern) Explain(raw []byte) string {
	e, err := p.set.read(raw)
	defer p.set.release(e)
	if err != nil {
		return err.Error()
	}
	var nearest []int32
	var of *rule
	for i := range p.set.rules {
		r := &p.set.rules[i]
		if e.matches(r) {
			return ""
		}
		if mismatches := e.misfits(r); of == nil || len(mismatches) < len(nearest) {
			nearest, of = mismatches, r
		}
	}
	if len(nearest) == 0 {
		return "no one element of an array matches " + strings.Join(e.pathsInArrays(of), " and ")
	}
	return e.explain(&p.set.conditions[nearest[0]])
}

// misfits returns the conditions of a rule that don't match in any array element.
func (e *event) misfits(r *rule) (mismatches []int32) {
	for _, id := range r.conditions {
		if e.fit(id) == misfit {
			mismatches = append(mismatches, id)
		}
	}
	return mismatches
}

func (e *event) pathsInArrays(r *rule) (paths []string) {
	for _, id := range r.conditions {
		if e.fit(id) == fitsInArray {
			paths = append(paths, e.set.conditions[id].path)
		}
	}
	return paths
}

func (e *event) explain(c *condition) string {
	var wanted, got []string
	for _, m := range c.matchers {
		wanted = append(wanted, m.text)
	}
	if c.absent {
		wanted = append(wanted, "exists false")
	}
	for i := range e.values[c.number] {
		got = append(got, e.values[c.number][i].String())
	}
	if len(got) == 0 {
		got = []string{"absent"}
	}
	return c.path + " was " + list(got, ", ") + ", wanted " + list(wanted, " or ")
}

// list joins texts. It shows only the first few, and shortens long ones.
func list(texts []string, between string) string {
	const many, long = 5, 100
	if len(texts) > many {
		texts = append(texts[:many:many], "…")
	}
	for i, s := range texts {
		if len(s) > long {
			texts[i] = strings.ToValidUTF8(s[:long], "") + "…"
		}
	}
	return strings.Join(texts, between)
}
