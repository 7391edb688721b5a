package contracts

import (
	"maps"
	"slices"
	"strings"
)

func object(value any) map[string]any {
	of, _ := value.(map[string]any)
	return of
}

func reference(s map[string]any) string {
	name, _ := s["$ref"].(string)
	return strings.TrimPrefix(name, "#/$defs/")
}

// plain returns a schema without the ways to write the same in other words: a reference is followed, a choice between a
// schema and null becomes a type that permits null, and a choice of constants becomes an enum.
func plain(document, s map[string]any) map[string]any { return plainAt(document, s, 0) }

// maxDepth is how many references and choices may be in one another.
const maxDepth = 20

func plainAt(document, s map[string]any, depth int) map[string]any {
	if depth > maxDepth {
		return nil // it is nothing but itself
	}
	for range maxDepth {
		name := reference(s)
		if name == "" {
			break
		}
		definition := object(object(document["$defs"])[name])
		merged := maps.Clone(s)
		delete(merged, "$ref")
		maps.Copy(merged, definition)
		s = merged
	}
	for _, keyword := range []string{"oneOf", "anyOf"} {
		branches, _ := s[keyword].([]any)
		rest := slices.DeleteFunc(slices.Clone(branches), func(b any) bool { return object(b)["type"] == "null" })
		rewritten := maps.Clone(s)
		delete(rewritten, keyword)
		if values := constants(rest); len(rest) > 0 && len(values) == len(rest) {
			if len(rest) < len(branches) {
				values = append(values, nil)
			}
			rewritten["enum"] = values
			return rewritten
		}
		if len(rest) != 1 || len(rest) == len(branches) {
			continue
		}
		of := plainAt(document, object(rest[0]), depth+1)
		maps.Copy(rewritten, of)
		rewritten["type"] = append(anys(kindsOf(of)), "null")
		if values := listed(of); values != nil {
			rewritten["enum"] = append(slices.Clone(values), nil)
		}
		return rewritten
	}
	return s
}

func constants(branches []any) (values []any) {
	for _, b := range branches {
		if value, is := object(b)["const"]; is {
			values = append(values, value)
		}
	}
	return values
}

func anys(texts []string) (values []any) {
	for _, text := range texts {
		values = append(values, text)
	}
	return values
}
