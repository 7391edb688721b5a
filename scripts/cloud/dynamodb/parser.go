package dynamodb

import (
	"fmt"
	"strconv"
)

// parser reads one expression by recursive descent. After its first error it only sees the end of the expression, so
// the rules need not check for errors after every step.
type parser struct {
	member string // "ConditionExpression"
	text   string
	tokens []token
	at     int
	scope  *scope
	err    error

	opened, closed int    // the positions of the last parentheses
	paths          []path // all that the expression names
}

// parse reads a whole expression with a rule. It returns the zero value if there is no expression.
func parse[T any](s *scope, member string, text *string, rule func(*parser) T) (T, error) {
	var none T
	if text == nil {
		return none, nil
	}
	s.declared = true
	p := &parser{member: member, text: *text, scope: s, opened: -1}
	switch {
	case *text == "":
		p.fail("The expression can not be empty;")
	case len(*text) > maxExpression:
		p.fail("Expression size has exceeded the maximum allowed size; expression size: %d", len(*text))
	default:
		p.tokens = lex(*text)
		if count := operators(p.tokens); count > maxOperators {
			p.fail("The expression contains too many operators; operator count: %d", count)
		}
	}
	if p.err != nil {
		return none, p.err
	}
	result := rule(p)
	if p.peek().kind != tokenEnd {
		p.unexpected()
	}
	if p.err != nil {
		return none, p.err
	}
	return result, nil
}

func (p *parser) fail(format string, args ...any) {
	if p.err == nil {
		p.err = invalid("Invalid %s: %s", p.member, fmt.Sprintf(format, args...))
	}
}

// unexpected fails at the next token and quotes its neighbours, as AWS does.
func (p *parser) unexpected() {
	if p.err != nil {
		return
	}
	t := p.tokens[p.at]
	from, to := t, t
	if p.at > 0 {
		from = p.tokens[p.at-1]
	}
	if p.at+1 < len(p.tokens) {
		to = p.tokens[p.at+1]
	}
	p.fail(`Syntax error; token: "%s", near: "%s"`, t.text, p.text[from.start:to.end])
}

func (p *parser) peek() token {
	if p.err != nil {
		return token{kind: tokenEnd}
	}
	return p.tokens[p.at]
}

func (p *parser) peekAfter() token {
	if p.err != nil || p.at+1 >= len(p.tokens) {
		return token{kind: tokenEnd}
	}
	return p.tokens[p.at+1]
}

// take consumes the next token if it is the given symbol or, in any case, the given keyword.
func (p *parser) take(text string) bool {
	t := p.peek()
	if t.kind == tokenSymbol && t.text == text || t.word() == text {
		p.at++
		return true
	}
	return false
}

func (p *parser) expect(text string) {
	if !p.take(text) {
		p.unexpected()
	}
}

// enclosed reads what stands in parentheses. AWS rejects a second pair around the same thing, in conditions of any kind
// (paritysuite/dynamodb-conformance, conditionExpressionParens; architect/dynalite#99).
func enclosed[T any](p *parser, rule func() T) T {
	opened := p.at
	p.at++
	inner := rule()
	if p.opened == opened+1 && p.closed == p.at-1 {
		p.fail("The expression has redundant parentheses;")
	}
	p.opened, p.closed = opened, p.at
	p.expect(")")
	return inner
}

// afterParentheses returns the token that follows the parentheses that open here. It tells an operand in parentheses,
// which an operator follows, from a whole condition or value in parentheses.
func (p *parser) afterParentheses() token {
	depth := 0
	for i, t := range p.tokens[p.at:] {
		switch t.text {
		case "(":
			depth++
		case ")":
			if depth--; depth == 0 {
				return p.tokens[p.at+i+1]
			}
		}
	}
	return token{kind: tokenEnd}
}

// value reads a :value and resolves it.
func (p *parser) value() Value {
	t := p.peek()
	v, ok := p.scope.values[t.text]
	if !ok {
		p.fail("An expression attribute value used in expression is not defined; attribute value: %s", t.text)
		return Null{}
	}
	p.scope.used[t.text] = true
	p.at++
	return v
}

// path reads a document path: a name, followed by names and indexes.
func (p *parser) path() path {
	found := path{p.name()}
	for {
		switch {
		case p.take("."):
			found = append(found, p.name())
		case p.take("["):
			found = append(found, p.index())
			p.expect("]")
		default:
			if len(found) > maxDepth {
				p.fail("The document path has too many nesting levels; nesting levels: %d", len(found))
			}
			p.paths = append(p.paths, found)
			return found
		}
	}
}

func (p *parser) name() step {
	t := p.peek()
	switch t.kind {
	case tokenName:
		if reserved[t.word()] {
			p.fail("Attribute name is a reserved keyword; reserved keyword: %s", t.text)
		}
		p.at++
		return step{name: t.text}
	case tokenAlias:
		name, ok := p.scope.names[t.text]
		if !ok {
			p.fail("An expression attribute name used in the document path is not defined; attribute name: %s", t.text)
		}
		p.scope.used[t.text] = true
		p.at++
		return step{name: name}
	}
	p.unexpected()
	return step{}
}

func (p *parser) index() step {
	t := p.peek()
	if t.kind != tokenIndex {
		p.unexpected()
		return step{}
	}
	p.at++
	i, err := strconv.ParseInt(t.text, 10, 32)
	if err != nil {
		p.fail("List index is not within the allowable range; index: [%s]", t.text)
	}
	return step{index: int(i), isIndex: true}
}
