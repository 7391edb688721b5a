package apigateway

import (
	"regexp"
	"slices"
	"strings"
)

// routeKey is a parsed route key.
type routeKey struct {
	fallback bool   // $default
	method   string // "ANY" matches every method
	segments []segment
}

// The kinds of segments. A more specific kind takes precedence.
const (
	greedy = iota // {proxy+}: the rest of the path
	variable
	static
)

type segment struct {
	text string // the name, if it is a variable
	kind int
}

var methods = []string{"ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}

func parseRouteKey(text string) (routeKey, error) {
	if text == "$default" {
		return routeKey{fallback: true}, nil
	}
	method, path, ok := strings.Cut(text, " ")
	if !ok || !slices.Contains(methods, method) || !strings.HasPrefix(path, "/") {
		return routeKey{}, badRequest("The provided route key is not formatted properly for HTTP protocol. Format should be \"<HTTP METHOD> /<RESOURCE PATH>\" or \"$default\": %q", text)
	}
	key := routeKey{method: method}
	if path == "/" {
		key.segments = []segment{{"", static}}
		return key, nil
	}
	parts := strings.Split(path[1:], "/")
	for i, part := range parts {
		s, ok := parseSegment(part)
		switch {
		case !ok:
			return routeKey{}, badRequest("One or more path parts appear to be invalid: %q in %q", part, text)
		case s.kind == greedy && i < len(parts)-1:
			return routeKey{}, badRequest("A greedy path variable must be the last segment: %q", text)
		case s.kind != static && slices.ContainsFunc(key.segments, func(other segment) bool { return other.kind != static && other.text == s.text }):
			return routeKey{}, badRequest("The path variable %q stands twice in %q", s.text, text)
		}
		key.segments = append(key.segments, s)
	}
	return key, nil
}

// part is a part of a path: a variable that takes the whole part, or a text. There is no empty part, so no slash at the
// end either (serverless/serverless#10423 has AWS's error for {id}.json, aws/serverless-application-model#1949 reports
// the slash). What AWS allows in a text is not documented; these are the characters that REST APIs allow.
var part = regexp.MustCompile(`^(?:\{([a-zA-Z0-9._:-]+)(\+?)\}|([a-zA-Z0-9._:-]+))$`)

func parseSegment(text string) (segment, bool) {
	found := part.FindStringSubmatch(text)
	switch {
	case found == nil:
		return segment{}, false
	case found[3] != "":
		return segment{text, static}, true
	case found[2] != "":
		return segment{found[1], greedy}, true
	}
	return segment{found[1], variable}, true
}

// match returns the path's variables if the key matches a request.
func (k routeKey) match(method, path string) (variables map[string]string, ok bool) {
	if k.fallback {
		return nil, true
	}
	if k.method != "ANY" && k.method != method {
		return nil, false
	}
	parts := strings.Split(strings.TrimPrefix(path, "/"), "/")
	variables = map[string]string{}
	for i, s := range k.segments {
		switch {
		case i >= len(parts):
			return nil, false
		case s.kind == greedy:
			variables[s.text] = strings.Join(parts[i:], "/")
			return variables, parts[i] != ""
		case s.kind == variable && parts[i] != "":
			variables[s.text] = parts[i]
		case s.text != parts[i]:
			return nil, false
		}
	}
	return variables, len(parts) == len(k.segments)
}

// compare orders keys that match the same request. The most specific is first.
func compare(a, b routeKey) int {
	if a.fallback != b.fallback {
		return rank(a.fallback) - rank(b.fallback)
	}
	for i := range min(len(a.segments), len(b.segments)) {
		if a.segments[i].kind != b.segments[i].kind {
			return b.segments[i].kind - a.segments[i].kind
		}
	}
	return rank(a.method == "ANY") - rank(b.method == "ANY")
}

func rank(last bool) int {
	if last {
		return 1
	}
	return 0
}
