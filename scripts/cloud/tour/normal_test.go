package tour

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// What differs from call to call: members by name, and parts of strings.
var (
	timeMembers = regexp.MustCompile(`(Time|Date|Timestamp|Modified|Expiration)$`)
	idMembers   = regexp.MustCompile(`^(ReceiptHandle|SequenceNumber|RoleId|AssumedRoleId|UserId|AccessKeyId|SecretAccessKey|SessionToken|` +
		`NextToken|NextForwardToken|NextBackwardToken|UploadSequenceToken|LogStreamName|Location|LogResult|Signature|SenderId|MD5OfBody|EventId|CodeSize|TaskHandle)$`)
	varying = []struct {
		what *regexp.Regexp
		is   string
	}{
		{regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`), "<id>"},
		{regexp.MustCompile(`\d{4}-\d\d-\d\dT[\d:.]+(Z|\+\d\d:?\d\d)`), "<time>"},
		{regexp.MustCompile(`127\.0\.0\.1:\d+`), "<host>"},
		{regexp.MustCompile(`[\d.]+ ms`), "<ms>"},
		{regexp.MustCompile(`Used: \d+ MB`), "Used: <MB>"},
		{regexp.MustCompile(`ASIA[A-Z0-9]+`), "<key>"},
	}
)

// normal returns an output in a form that is the same for all clients: names are capitalized, JSON in strings is
// decoded, and what varies is masked. Empty, zero and false values are left out, because the Go SDK doesn't
// distinguish them from missing ones.
func normal(value any) any {
	switch v := value.(type) {
	case map[string]any:
		return normalObject(v)
	case []any:
		if len(v) == 0 {
			return nil
		}
		list := make([]any, len(v))
		for i := range v {
			list[i] = normal(v[i])
		}
		return list
	case string:
		return normalText(v)
	case bool:
		if !v {
			return nil
		}
	case float64:
		if v == 0 {
			return nil
		}
	}
	return value
}

func normalObject(v map[string]any) any {
	object := map[string]any{}
	for name, member := range v {
		if name == "ResponseMetadata" || name == "$metadata" || name == "" {
			continue
		}
		name = strings.ToUpper(name[:1]) + name[1:]
		switch kept := normal(member); {
		case kept == nil:
		case timeMembers.MatchString(name):
			object[name] = "<time>"
		case idMembers.MatchString(name):
			object[name] = "<id>"
		case name == "Subscriptions":
			object[name] = sorted(kept) // by their ids
		default:
			object[name] = kept
		}
	}
	if len(object) == 0 {
		return nil
	}
	return object
}

// sorted returns a list in a fixed order if its order depends on ids.
func sorted(list any) any {
	elements, _ := list.([]any)
	slices.SortFunc(elements, func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return elements
}

func normalText(text string) any {
	if document, err := url.QueryUnescape(text); err == nil && strings.HasPrefix(text, "%7B") {
		text = document // IAM escapes policies, and Python's clients decode them
	}
	var inner any
	if strings.HasPrefix(text, "{") && json.Unmarshal([]byte(text), &inner) == nil {
		return normal(inner)
	}
	for _, v := range varying {
		text = v.what.ReplaceAllString(text, v.is)
	}
	if text == "" {
		return nil
	}
	return text
}

// lacks returns what got lacks of want, or "" if it lacks nothing.
func lacks(want, got any, at string) string {
	if want == "*" && got != nil {
		return ""
	}
	switch w := want.(type) {
	case map[string]any:
		g, _ := got.(map[string]any)
		for name, member := range w {
			if missing := lacks(member, g[name], at+"."+name); missing != "" {
				return missing
			}
		}
		return ""
	case []any:
		g, _ := got.([]any)
		if len(g) != len(w) {
			return fmt.Sprintf("%s has %d elements, want %d", at, len(g), len(w))
		}
		for i := range w {
			if missing := lacks(w[i], g[i], at+"."+strconv.Itoa(i)); missing != "" {
				return missing
			}
		}
		return ""
	}
	if want != got {
		return fmt.Sprintf("%s is %v, want %v", at, got, want)
	}
	return ""
}

// member returns the member at a path such as Messages.0.ReceiptHandle.
func member(value any, path string) (string, error) {
	at := value
	for part := range strings.SplitSeq(path, ".") {
		switch v := at.(type) {
		case map[string]any:
			at = v[part]
			if at == nil {
				at = v[strings.ToLower(part[:1])+part[1:]]
			}
		case []any:
			if i, err := strconv.Atoi(part); err == nil && i < len(v) {
				at = v[i]
			}
		}
	}
	text, ok := at.(string)
	if !ok {
		return "", fmt.Errorf("there is no %s in %v", path, value)
	}
	return text, nil
}
