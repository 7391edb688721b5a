package dynamodb

import "slices"

// The grammar, loosest first:
//
//	or         = and { OR and }
//	and        = not { AND not }
//	not        = NOT not | primary
//	primary    = "(" or ")" | function | operand ( comparator operand | BETWEEN … | IN … )
//	operand    = "(" operand ")" | path | value | size
func (p *parser) condition() condition {
	left := p.conjunction()
	for p.take("OR") {
		left = or{left, p.conjunction()}
	}
	return left
}

func (p *parser) conjunction() condition {
	left := p.negation()
	for p.take("AND") {
		left = and{left, p.negation()}
	}
	return left
}

func (p *parser) negation() condition {
	if p.take("NOT") {
		return not{p.negation()}
	}
	return p.primary()
}

func (p *parser) primary() condition {
	t := p.peek()
	if t.text == "(" && !p.afterParentheses().compares() {
		return enclosed(p, p.condition)
	}
	if t.kind == tokenName && p.peekAfter().text == "(" && t.text != "size" {
		return p.function(t.text)
	}
	return p.relation(p.operand())
}

// compares reports whether the token follows the left operand of a comparison.
func (t token) compares() bool {
	return t.kind == tokenSymbol && slices.Contains(comparators, t.text) || t.word() == "BETWEEN" || t.word() == "IN"
}

func (p *parser) function(name string) condition {
	switch name {
	case "attribute_exists":
		return exists{p.documentPath(name, arguments(p, name, 1, p.operand)[0])}
	case "attribute_not_exists":
		return not{exists{p.documentPath(name, arguments(p, name, 1, p.operand)[0])}}
	case "attribute_type":
		return p.attributeType()
	case "begins_with":
		args := p.distinctOperands(name, arguments(p, name, 2, p.operand))
		p.operandType(name, args[0], KindString, KindBinary)
		p.operandType(name, args[1], KindString, KindBinary)
		return beginsWith{args[0], args[1]}
	case "contains":
		args := p.distinctOperands(name, arguments(p, name, 2, p.operand))
		return contains{args[0], args[1]}
	}
	p.notHere(name)
	return exists{}
}

var kinds = []Kind{KindBinary, KindNull, KindStringSet, KindBool, KindList, KindBinarySet, KindNumber, KindNumberSet, KindString, KindMap}

func (p *parser) attributeType() condition {
	const name = "attribute_type"
	args := arguments(p, name, 2, p.operand)
	p.operandType(name, args[1], KindString)
	l, ok := args[1].(literal)
	if !ok {
		p.fail("Incorrect operand type for operator or function; operator or function: %s, operand type: document path", name)
		return exists{}
	}
	if kind, ok := l.Value.(String); ok && !slices.Contains(kinds, Kind(kind)) {
		p.fail("Invalid attribute type name found; type: %s, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}", kind)
	}
	return ofType{args[0], l}
}

func (p *parser) distinctOperands(operator string, all []operand) []operand {
	for _, other := range all[1:] {
		if samePath(all[0], other) {
			p.fail("The first operand must be distinct from the remaining operands for this operator or function; operator: %s, first operand: %v", operator, all[0])
		}
	}
	return all
}
