package dynamodb

var comparators = []string{"=", "<>", "<=", "<", ">=", ">"}

func (p *parser) relation(left operand) condition {
	switch {
	case p.take("BETWEEN"):
		return p.between(left)
	case p.take("IN"):
		return p.in(left)
	}
	for _, operator := range comparators {
		if p.take(operator) {
			return p.comparison(operator, left, p.operand())
		}
	}
	p.unexpected()
	return exists{}
}

func (p *parser) comparison(operator string, left, right operand) condition {
	p.distinctOperands(operator, []operand{left, right})
	if operator != "=" && operator != "<>" {
		p.operandType(operator, left, KindString, KindNumber, KindBinary)
		p.operandType(operator, right, KindString, KindNumber, KindBinary)
	}
	return comparison{operator, left, right}
}

func (p *parser) between(left operand) condition {
	low := p.operand()
	p.expect("AND")
	high := p.operand()
	for _, o := range p.distinctOperands("BETWEEN", []operand{left, low, high}) {
		p.operandType("BETWEEN", o, KindString, KindNumber, KindBinary)
	}
	p.bounds(low, high)
	return between{left, low, high}
}

// bounds rejects literal bounds of different types or in the wrong order.
func (p *parser) bounds(low, high operand) {
	l, ok := low.(literal)
	h, also := high.(literal)
	if !ok || !also || p.err != nil {
		return
	}
	order, same := compare(l.Value, h.Value)
	switch {
	case !same:
		p.fail("The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: AttributeValue: %s, upper bound operand: AttributeValue: %s", show(l.Value), show(h.Value))
	case order > 0:
		p.fail("The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: %s, upper bound operand: AttributeValue: %s", show(l.Value), show(h.Value))
	}
}

// show formats a value of an ordered type as AWS does in error messages.
func show(v Value) string {
	switch v := v.(type) {
	case Number:
		return "{N:" + v.String() + "}"
	case String:
		return "{S:" + string(v) + "}"
	}
	return string(appendValue(nil, v))
}

func (p *parser) in(left operand) condition {
	p.expect("(")
	choices := []operand{p.operand()}
	for p.take(",") {
		choices = append(choices, p.operand())
	}
	p.expect(")")
	p.distinctOperands("IN", append([]operand{left}, choices...))
	if len(choices) > 100 {
		p.fail("Too many operands for operator; operator: IN, number of operands: %d", len(choices)+1)
	}
	return in{left, choices}
}
