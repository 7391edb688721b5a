package pattern

import (
	"strings"
)

// Explain says in one line why an event does not match: which field, what it was, and what the
// pattern wanted. Of several alternatives it takes the one with the fewest fields amiss. It is empty when
// the event matches.
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
		if amiss := e.misfits(r); of == nil || len(amiss) < len(nearest) {
			nearest, of = amiss, r
		}
	}
	if len(nearest) == 0 {
		return "no one element of an array matches " + strings.Join(e.pathsInArrays(of), " and ")
	}
	return e.explain(&p.set.conditions[nearest[0]])
}

// misfits returns which conditions of a rule are not met, whatever elements they lie in.
func (e *event) misfits(r *rule) (amiss []int32) {
	for _, id := range r.conditions {
		if e.fit(id) == misfit {
			amiss = append(amiss, id)
		}
	}
	return amiss
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
	var wanted, was []string
	for _, m := range c.matchers {
		wanted = append(wanted, m.text)
	}
	if c.absent {
		wanted = append(wanted, "exists false")
	}
	for i := range e.values[c.number] {
		was = append(was, e.values[c.number][i].String())
	}
	if len(was) == 0 {
		was = []string{"absent"}
	}
	return c.path + " was " + list(was, ", ") + ", wanted " + list(wanted, " or ")
}

// list joins texts, the first few of them and the beginnings of long ones.
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
