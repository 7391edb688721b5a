package dynamodb

import "slices"

// update reads the sections of an update expression, each at most once.
func (p *parser) update() *update {
	u, seen := &update{}, map[string]bool{}
	for {
		section := p.peek().word()
		if seen[section] && section != "" {
			p.fail(`The "%s" section can only be used once in an update expression;`, section)
		}
		seen[section] = true
		switch {
		case p.take("SET"):
			u.set = p.edits(p.assignment)
		case p.take("REMOVE"):
			u.remove = p.edits(func() edit { return edit{path: p.path()} })
		case p.take("ADD"):
			u.add = p.edits(func() edit { return p.pair("ADD", KindNumber, KindStringSet, KindNumberSet, KindBinarySet) })
		case p.take("DELETE"):
			u.del = p.edits(func() edit { return p.pair("DELETE", KindStringSet, KindNumberSet, KindBinarySet) })
		default:
			if p.at == 0 {
				p.unexpected()
			}
			p.distinct(u.paths())
			u.named = p.paths
			return u
		}
	}
}

func (p *parser) edits(one func() edit) []edit {
	all := []edit{one()}
	for p.take(",") {
		all = append(all, one())
	}
	return all
}

func (p *parser) assignment() edit {
	at := p.path()
	p.expect("=")
	return edit{path: at, assigned: p.sum()}
}

// sum reads a value: one term, or a sum or difference of two. The value, each term and each argument may stand in
// parentheses (ExtendDB/extenddb#158 and nubo-db/dynoxide#35, checked on AWS).
func (p *parser) sum() assigned {
	if p.peek().text == "(" {
		if next := p.afterParentheses(); next.text != "+" && next.text != "-" {
			return enclosed(p, p.sum)
		}
	}
	left := p.term()
	for _, operator := range []string{"+", "-"} {
		if p.take(operator) {
			right := p.term()
			p.operandType(operator, left, KindNumber)
			p.operandType(operator, right, KindNumber)
			return arithmetic{operator, left, right}
		}
	}
	return left
}

func (p *parser) term() assigned {
	t := p.peek()
	switch {
	case t.text == "(":
		return enclosed(p, p.term)
	case t.kind == tokenValue:
		return literal{p.value()}
	case t.kind == tokenName && p.peekAfter().text == "(":
		return p.updateFunction(t.text)
	}
	return p.path()
}

func (p *parser) updateFunction(name string) assigned {
	if name != "if_not_exists" && name != "list_append" {
		p.notHere(name)
		return literal{Null{}}
	}
	args := arguments(p, name, 2, p.term)
	if name == "if_not_exists" {
		return ifNotExists{p.documentPath(name, args[0]), args[1]}
	}
	for _, o := range args {
		p.operandType(name, o, KindList)
		if _, nested := o.(listAppend); nested {
			p.notHere(name)
		}
	}
	return listAppend{args[0], args[1]}
}

// pair reads the path and the literal of an ADD or DELETE action.
func (p *parser) pair(section string, allowed ...Kind) edit {
	at := p.path()
	if p.peek().kind != tokenValue {
		p.unexpected()
		return edit{}
	}
	v := p.value()
	if !slices.Contains(allowed, v.kind()) {
		p.fail("Incorrect operand type for operator or function; operator: %s, operand type: %s, typeSet: ALLOWED_FOR_%s_OPERAND", section, longNames[v.kind()], section)
	}
	return edit{path: at, value: v}
}

// longNames holds the names that AWS's error messages use for types that ADD and DELETE do not accept.
var longNames = map[Kind]string{
	KindString: "STRING", KindNumber: "NUMBER", KindBinary: "BINARY", KindBool: "BOOLEAN", KindNull: "NULL",
	KindMap: "MAP", KindList: "LIST", KindStringSet: "STRING_SET", KindNumberSet: "NUMBER_SET", KindBinarySet: "BINARY_SET",
}
