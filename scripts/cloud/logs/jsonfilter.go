package logs

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
)

// condition reports whether a decoded JSON message matches.
type condition func(message any) bool

func matchJSON(c condition, message string) bool {
	var decoded any
	if !strings.HasPrefix(strings.TrimSpace(message), "{") || json.Unmarshal([]byte(message), &decoded) != nil {
		return false
	}
	return c(decoded)
}

// tokens matches the next token of the grammar: any = all {"||" all}; all = one {"&&" one}; one = "(" any ")" | selector test.
var tokens = regexp.MustCompile(`^\s*(\|\||&&|!=|<=|>=|[(){}=<>]|"(?:\\.|[^"\\])*"|\$[^\s=!<>&|(){}"]*|[^\s=!<>&|(){}"$]+)`)

type parser struct {
	rest  string
	depth int
}

// maxDepth limits the nesting of parentheses in a pattern.
const maxDepth = 50

func parseJSONFilter(pattern string) (condition, error) {
	p := &parser{rest: pattern}
	p.next() // the brace, which the caller has checked
	c, err := p.any()
	if err != nil {
		return nil, err
	}
	if p.next() != "}" || strings.TrimSpace(p.rest) != "" {
		return nil, invalid("Invalid filter pattern: expected } at the end of %s", pattern)
	}
	return c, nil
}

func (p *parser) peek() string {
	if m := tokens.FindStringSubmatch(p.rest); m != nil {
		return m[1]
	}
	return ""
}

func (p *parser) next() string {
	m := tokens.FindStringSubmatch(p.rest)
	if m == nil {
		return ""
	}
	p.rest = p.rest[len(m[0]):]
	return m[1]
}

func (p *parser) any() (condition, error) {
	left, err := p.all()
	for err == nil && p.peek() == "||" {
		p.next()
		left, err = either(left, p.all)
	}
	return left, err
}

func either(left condition, parse func() (condition, error)) (condition, error) {
	right, err := parse()
	return func(m any) bool { return left(m) || right(m) }, err
}

func (p *parser) all() (condition, error) {
	left, err := p.one()
	for err == nil && p.peek() == "&&" {
		p.next()
		left, err = both(left, p.one)
	}
	return left, err
}

func both(left condition, parse func() (condition, error)) (condition, error) {
	right, err := parse()
	return func(m any) bool { return left(m) && right(m) }, err
}

func (p *parser) one() (condition, error) {
	token := p.next()
	if token == "(" {
		return p.group()
	}
	path, err := parseSelector(token)
	if err != nil {
		return nil, err
	}
	test, err := p.test()
	return func(m any) bool { return test(path.find(m)) }, err
}

func (p *parser) group() (condition, error) {
	p.depth++
	if p.depth > maxDepth {
		return nil, invalid("Invalid filter pattern: more than %d parentheses", maxDepth)
	}
	c, err := p.any()
	p.depth--
	if err == nil && p.next() != ")" {
		err = invalid("Invalid filter pattern: a parenthesis is not closed")
	}
	return c, err
}

// A test reports whether the value at a selector matches; present is false if there is none.
type test func(value any, present bool) bool

func (p *parser) test() (test, error) {
	operator := strings.ToUpper(p.next())
	switch operator {
	case "IS":
		return p.is()
	case "NOT":
		if strings.ToUpper(p.next()) == "EXISTS" {
			return func(_ any, present bool) bool { return !present }, nil
		}
	case "=", "!=", "<", "<=", ">", ">=":
		return compare(operator, p.next())
	}
	return nil, invalid("Invalid filter pattern: %q is not a comparison", operator)
}

func (p *parser) is() (test, error) {
	var wanted any
	switch word := strings.ToUpper(p.next()); word {
	case "NULL":
	case "TRUE", "FALSE":
		wanted = word == "TRUE"
	default:
		return nil, invalid("Invalid filter pattern: IS requires NULL, TRUE or FALSE")
	}
	return func(value any, present bool) bool { return present && value == wanted }, nil
}

func compare(operator, operand string) (test, error) {
	if n, err := strconv.ParseFloat(operand, 64); err == nil {
		return compareNumber(operator, n), nil
	}
	text := operand
	if strings.HasPrefix(operand, `"`) {
		var err error
		if text, _, err = cutQuoted(operand); err != nil {
			return nil, err
		}
	}
	if strings.HasPrefix(operand, "%") {
		return nil, errRegular(operand)
	}
	if bad := strings.TrimFunc(operand, isValue); bad != "" && operand[0] != '"' {
		return nil, errTerm(bad)
	}
	if operand == "" || operator != "=" && operator != "!=" {
		return nil, invalid("Invalid filter pattern: %s requires a number, not %q", operator, text)
	}
	like := wildcard(text)
	return func(value any, _ bool) bool {
		s, ok := value.(string)
		return ok && like.MatchString(s) == (operator == "=")
	}, nil
}

// isValue reports whether a character of a value to compare with needs no quotation marks, as in 123.123.*
func isValue(r rune) bool { return isWord(r) || strings.ContainsRune(".*+-", r) }

// wildcard compiles a text in which * matches any characters.
func wildcard(text string) *regexp.Regexp {
	return regexp.MustCompile(`(?s)^` + strings.ReplaceAll(regexp.QuoteMeta(text), `\*`, `.*`) + `$`)
}

func compareNumber(operator string, wanted float64) test {
	return func(value any, _ bool) bool {
		n, ok := value.(float64)
		if !ok {
			return false
		}
		switch operator {
		case "=":
			return n == wanted
		case "!=":
			return n != wanted
		case "<":
			return n < wanted
		case "<=":
			return n <= wanted
		case ">":
			return n > wanted
		}
		return n >= wanted
	}
}
