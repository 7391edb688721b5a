package scaffold

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"example.com/troupe/events"
	"example.com/troupe/events/schema"
	"example.com/troupe/scripts/internal/codegen"
)

// Previous returns the latest earlier version of an event, if there is one.
func (c *Checkout) Previous(eventType string) (before schema.Event, found bool) {
	name, number := version(eventType)
	latest := 0
	for _, e := range c.Declared.Contracts {
		if other, n := version(e.Type); other == name && n < number && n > latest {
			before, found, latest = e, true, n
		}
	}
	return before, found
}

// version splits an event's type: lamp.lit and 2 for lamp.lit.v2.
func version(eventType string) (name string, number int) {
	at := strings.LastIndex(eventType, ".v")
	if at < 0 {
		return eventType, 0
	}
	_, _ = fmt.Sscan(eventType[at+2:], &number) // 0 if it isn't a valid type
	return eventType[:at], number
}

// Subscribers returns the services that subscribe to an event.
func (c *Checkout) Subscribers(eventType string) (names []string) {
	for _, m := range c.Declared.Manifests {
		if m.SubscribesTo(eventType) {
			names = append(names, m.Name)
		}
	}
	return names
}

var exception = regexp.MustCompile(`(?m)^\s*"x-breaking":\s*"[^"]*",?\n`)

// newVersion plans the files of an event's next version, which begins as a copy of the one before. A definition that changes
// must be renamed, since both versions are in one Go package; generate says so.
func (c *Checkout) newVersion(before schema.Event, o EventOptions) (Files, schema.Event, error) {
	text, err := os.ReadFile(filepath.Join(c.Root, "events", before.File))
	if err != nil {
		return nil, schema.Event{}, err
	}
	title := codegen.TypeName(o.Type)
	copied := exception.ReplaceAllString(string(text), "")
	for old, replacement := range map[string]string{
		`("type":\s*)"` + regexp.QuoteMeta(before.Type) + `"`:         `${1}"` + o.Type + `"`,
		`("producer":\s*)"` + regexp.QuoteMeta(before.Producer) + `"`: `${1}"` + o.Producer + `"`,
		`("channel":\s*)"` + string(before.Channel) + `"`:             `${1}"` + string(o.Channel) + `"`,
		`\b` + regexp.QuoteMeta(before.Title) + `\b`:                  title,
	} {
		copied = regexp.MustCompile(old).ReplaceAllString(copied, replacement)
	}
	files, stem := Files{}, path.Join("events", o.Producer, o.Type)
	files[stem+".schema.json"] = []byte(copied)
	for _, example := range before.Examples {
		end := strings.TrimPrefix(path.Base(example.File), before.Type)
		files[stem+end] = example.Data
	}
	contract := events.Contract{Type: o.Type, Producer: o.Producer, Channel: o.Channel, Schema: files[stem+".schema.json"]}
	return files, schema.Event{Contract: contract, Title: title, Subject: before.Subject}, nil
}
