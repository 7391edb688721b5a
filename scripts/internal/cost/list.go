package cost

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Source says where a figure comes from, and the day for which it was read there.
type Source struct {
	Date string `json:"date"` // 2026-10-08
	What string `json:"what"`
}

// entry is one entry of a file, and where it stands.
type entry[T any] struct {
	of   T
	file string
	line int
}

func (e entry[T]) refuse(format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s", e.file, e.line, fmt.Sprintf(format, args...))
}

// parse reads a file of {"sources": {…}, <member>: [entry, …]}. It refuses unknown members and unknown sources.
func parse[T Price | Quota](name string, text []byte, member string) ([]entry[T], error) {
	var file map[string]json.RawMessage
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, at(name, text, offsetOf(err, 0), err)
	}
	for key := range file {
		if key != "sources" && key != member {
			return nil, fmt.Errorf("%s: unknown member %q: a file has sources and %s", name, key, member)
		}
	}
	start := bytes.Index(text, file["sources"])
	var sources map[string]Source
	if err := strict(file["sources"], &sources); err != nil {
		return nil, at(name, text, offsetOf(err, start), err)
	}
	for key, source := range sources {
		if _, err := time.Parse(time.DateOnly, source.Date); err != nil || source.What == "" {
			return nil, fmt.Errorf("%s: source %q needs a date such as 2026-10-08, and what it is", name, key)
		}
	}
	entries, err := parseEntries[T](name, text, file[member])
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if key := sourceOf(e.of); sources[key] == (Source{}) {
			return nil, e.refuse("there is no source %q; there are %s", key, strings.Join(slices.Sorted(maps.Keys(sources)), ", "))
		}
	}
	return entries, nil
}

func parseEntries[T Price | Quota](name string, text, list []byte) (entries []entry[T], err error) {
	start := bytes.Index(text, list)
	var raw []json.RawMessage
	if err := json.Unmarshal(list, &raw); err != nil {
		return nil, at(name, text, start, err)
	}
	for _, one := range raw {
		found := start + bytes.Index(text[start:], one)
		e := entry[T]{file: name, line: line(text, found)}
		if err := strict(one, &e.of); err != nil {
			return nil, at(name, text, found, err)
		}
		start = found + len(one)
		entries = append(entries, e)
	}
	return entries, nil
}

func sourceOf(of any) string {
	switch of := of.(type) {
	case Price:
		return of.Source
	case Quota:
		return of.Source
	}
	return ""
}

func strict(text []byte, to any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	return decoder.Decode(to)
}

func offsetOf(err error, start int) int {
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return start + int(syntax.Offset)
	}
	return max(start, 0)
}

func line(text []byte, offset int) int {
	return 1 + bytes.Count(text[:min(offset, len(text))], []byte("\n"))
}

func at(name string, text []byte, offset int, err error) error {
	return fmt.Errorf("%s:%d: %w", name, line(text, offset), err)
}

func unknownRegion[T any](name, region string, all []entry[T], of func(T) string) error {
	var known []string
	for _, e := range all {
		if r := of(e.of); r != AllRegions && !slices.Contains(known, r) {
			known = append(known, r)
		}
	}
	return fmt.Errorf("there is nothing for region %q in scripts/internal/cost/%s, only for %s: add its entries there", region, name, strings.Join(known, ", "))
}
