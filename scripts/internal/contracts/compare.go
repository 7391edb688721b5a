// Package contracts compares the schemas of events with those of another commit, and says who breaks.
//
// Two questions are asked of each change. Can old consumers read new events? A producer is deployed before its consumers,
// or a consumer isn't deployed at all. And can new consumers read old events? Queues, dead-letter queues and the archive
// hold what was published before. Both sides of a channel validate, so an event that its reader's schema refuses is a dead
// letter, whatever the reader would have made of it.
//
// A producer is taken to write only members that its schema declares. That is why a new optional member breaks nobody,
// though strictly an open schema permits anything under its name before.
package contracts

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"example.com/troupe/events/schema"
)

// Change is a difference between the old and the new version of a schema.
type Change struct {
	Place   string   // JSON pointer into the new schema
	Members []string // to the member that changed: "crew", "[]", "name"
	What    string   // follows the member: "is required now"
	Instead string   // what to do if it breaks somebody; "" if there is only a new version
	Removed bool     // the member is gone

	OldReaders bool // old consumers can't read new events
	NewReaders bool // new consumers can't read old events
}

// Member returns the changed member as a person writes it: crew[].name.
func (c Change) Member() string {
	name := strings.ReplaceAll(strings.ReplaceAll(strings.Join(c.Members, "."), ".[]", "[]"), ".{}", "{}")
	if name == "" {
		return "the event"
	}
	return name
}

// Breaks reports whether somebody can't read something.
func (c Change) Breaks() bool { return c.OldReaders || c.NewReaders }

// Compare returns the changes between two versions of an event's schema, which have all their definitions in them.
func Compare(before, after []byte) ([]Change, error) {
	var c comparer
	for document, into := range map[*[]byte]*map[string]any{&before: &c.old, &after: &c.new} {
		decoder := json.NewDecoder(bytes.NewReader(*document))
		decoder.UseNumber()
		if err := decoder.Decode(into); err != nil {
			return nil, err
		}
	}
	c.declaration()
	c.schemas(c.old, c.new, spot{})
	return c.changes, nil
}

type comparer struct {
	old, new map[string]any
	changes  []Change
	open     [][2]string // pairs of references that are being compared, which definitions may nest for ever
}

// spot is where two schemas stand.
type spot struct {
	place   string
	members []string
}

var escape = strings.NewReplacer("~", "~0", "/", "~1")

func (p spot) in(keyword string) spot { return spot{p.place + "/" + keyword, p.members} }

func (p spot) member(name string) spot {
	return spot{p.place + "/properties/" + escape.Replace(name), append(slices.Clone(p.members), name)}
}

// direction is whom a change concerns: what is permitted grew, shrank, or both.
type direction int

const (
	harmless direction = iota
	wider              // old consumers refuse what is permitted now
	narrower           // new consumers refuse what was permitted
	either
)

func (c *comparer) say(at spot, d direction, instead, what string, args ...any) {
	c.changes = append(c.changes, Change{
		Place: at.place, Members: at.members, What: fmt.Sprintf(what, args...), Instead: instead,
		OldReaders: d == wider || d == either, NewReaders: d == narrower || d == either,
	})
}

// declaration compares what is fixed about an event beside its data.
func (c *comparer) declaration() {
	before, _ := c.old["x-event"].(map[string]any)
	after, _ := c.new["x-event"].(map[string]any)
	for name, why := range map[string]string{
		"channel":     "subscribers of the old version wait at the old channel",
		"producer":    "rules name the producer",
		"source":      "rules and services recognise the event by it",
		"detail-type": "rules and services recognise the event by it",
		"subject":     "what was handled in order or counted as one is another thing now",
	} {
		if before[name] != after[name] {
			c.say(spot{place: "/x-event/" + name}, either, "", "has the %s %v, and had %v: %s", name, after[name], before[name], why)
		}
	}
}

// schemas compares two schemas of the same value.
func (c *comparer) schemas(before, after map[string]any, at spot) {
	pair := [2]string{reference(before), reference(after)}
	if pair != [2]string{} {
		if slices.Contains(c.open, pair) {
			return
		}
		c.open = append(c.open, pair)
		defer func() { c.open = c.open[:len(c.open)-1] }()
	}
	if name := reference(after); name != "" {
		at.place = "/$defs/" + escape.Replace(name)
	}
	before, after = plain(c.old, before), plain(c.new, after)
	c.personal(before, after, at)
	if !c.kinds(before, after, at) {
		return // nothing that follows would say more
	}
	c.values(before, after, at)
	c.limits(before, after, at)
	c.constraints(before, after, at)
	c.alternatives(before, after, at)
	c.properties(before, after, at)
	c.others(before, after, at)
	if before["items"] != nil || after["items"] != nil {
		c.schemas(object(before["items"]), object(after["items"]), spot{at.place + "/items", append(slices.Clone(at.members), "[]")})
	}
}

// personal says where the mark of personal data comes or goes. Nobody reads other events for that.
func (c *comparer) personal(before, after map[string]any, at spot) {
	switch was, is := before[schema.PersonalKeyword] == true, after[schema.PersonalKeyword] == true; {
	case is && !was:
		c.say(at, harmless, "", "is personal data now: steps, logs and the console hide it; what was logged before stays until the logs expire")
	case was && !is:
		c.say(at, harmless, "", "is personal data no more: steps, logs and the console show it")
	}
}
