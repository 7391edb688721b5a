package eventbridge

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"example.com/localcloud/requestid"
	"example.com/localcloud/tap"
	"example.com/localcloud/wire"
	"github.com/go-json-experiment/json/jsontext"
)

// Limits of PutEvents (API reference; AWS raised the size from 256 KB in January 2026).
const (
	MaxEntries = 10
	MaxBytes   = 1 << 20 // all entries together, by AWS's formula: see Entry.size

	maxDetailType  = 128 // characters (API reference, PutEventsRequestEntry)
	maxTraceHeader = 500 // likewise
)

// PutEventsInput holds 1 to 10 entries.
type PutEventsInput struct{ Entries []Entry }

// access returns one permission per entry, with AWS's condition keys (service authorization reference of
// EventBridge).
func (in *PutEventsInput) access() []wire.Access {
	var needed []wire.Access
	for _, e := range in.Entries {
		needed = append(needed, wire.Access{
			Action:   "events:PutEvents",
			Resource: busARN(e.EventBusName),
			Context:  map[string][]string{"events:source": {e.Source}, "events:detail-type": {e.DetailType}},
		})
	}
	return needed
}

// Entry is an event to publish.
type Entry struct {
	EventBusName string // or ARN
	Source       string
	DetailType   string
	Detail       string // a JSON object
	Time         *Time
	Resources    []string
	TraceHeader  string // not part of the event, as on AWS
}

// size returns an entry's size by AWS's formula (user guide, "Calculating PutEvents event entry size").
func (e *Entry) size() int {
	n := len(e.Source) + len(e.DetailType) + len(e.Detail)
	if e.Time != nil {
		n += 14
	}
	for _, resource := range e.Resources {
		n += len(resource)
	}
	return n
}

// PutEventsOutput holds the result of each entry, in order. The call succeeds even if entries fail.
type PutEventsOutput struct {
	FailedEntryCount int
	Entries          []EntryResult
}

// EntryResult is the id of an event, or the error.
type EntryResult struct {
	EventId      string `json:",omitempty"`
	ErrorCode    string `json:",omitempty"`
	ErrorMessage string `json:",omitempty"`
}

// PutEvents publishes events. As on AWS, an entry for a missing bus is accepted and lost.
func (s *Service) PutEvents(ctx context.Context, in *PutEventsInput) (*PutEventsOutput, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	out := &PutEventsOutput{}
	for i := range in.Entries {
		result := s.putEntry(ctx, &in.Entries[i])
		if result.ErrorCode != "" {
			out.FailedEntryCount++
		}
		out.Entries = append(out.Entries, result)
	}
	return out, nil
}

func (in *PutEventsInput) check() error {
	const constraint = "1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length "
	switch n := len(in.Entries); {
	case n == 0:
		return validation(constraint + "greater than or equal to 1")
	case n > MaxEntries:
		return validation(constraint+"less than or equal to %d", MaxEntries)
	}
	total := 0
	for i := range in.Entries {
		total += in.Entries[i].size()
		if err := checkLength(fmt.Sprintf("entries.%d.member.traceHeader", i+1), in.Entries[i].TraceHeader, maxTraceHeader); err != nil {
			return err
		}
	}
	if total > MaxBytes {
		return validation("Total size of the entries in the request is over the limit.")
	}
	return nil
}

func (s *Service) putEntry(ctx context.Context, entry *Entry) EntryResult {
	detail, problem := entry.check()
	if problem == nil && strings.HasPrefix(entry.Source, "aws.") {
		problem = &EntryResult{ErrorCode: "NotAuthorizedForSourceException", ErrorMessage: "Not authorized for the source."}
	}
	if problem != nil {
		return *problem
	}
	e := entry.event(requestid.New(), detail)
	s.mu.RLock()
	b := s.buses[busName(entry.EventBusName)]
	s.mu.RUnlock()
	if b == nil {
		s.tap.Tell(tap.Hop{Kind: tap.Undelivered, Resource: busARN(entry.EventBusName), From: wire.CallerOf(ctx).ARN(), MessageID: e.id,
			Body: e.raw, Note: "there is no such bus: AWS accepts the event and loses it"})
		return EntryResult{EventId: e.id}
	}
	s.tap.Tell(tap.Hop{Kind: tap.Published, Resource: b.arn, From: wire.CallerOf(ctx).ARN(), MessageID: e.id, Body: e.raw})
	s.publish(context.WithoutCancel(ctx), b, e)
	return EntryResult{EventId: e.id}
}

// check returns the detail without white space, or AWS's error for the entry.
func (e *Entry) check() ([]byte, *EntryResult) {
	for _, argument := range [...]struct{ name, value string }{{"Source", e.Source}, {"DetailType", e.DetailType}, {"Detail", e.Detail}} {
		if argument.value == "" {
			return nil, invalidArgument(argument.name, argument.name+" is a required argument.")
		}
	}
	if utf8.RuneCountInString(e.DetailType) > maxDetailType { // the call succeeds: see segmentio/action-destinations#2828
		return nil, invalidArgument("DetailType", fmt.Sprintf("DetailType has more than %d characters.", maxDetailType))
	}
	if wire.IsARN(e.EventBusName) {
		if _, err := wire.Local("events", "event-bus/", e.EventBusName); err != nil {
			return nil, invalidArgument("EventBusName", err.Error())
		}
	}
	detail := jsontext.Value(e.Detail)
	if detail.Compact(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)) != nil || detail.Kind() != '{' {
		return nil, &EntryResult{ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed."}
	}
	return detail, nil
}

func invalidArgument(name, reason string) *EntryResult {
	return &EntryResult{ErrorCode: "InvalidArgument", ErrorMessage: "Parameter " + name + " is not valid. Reason: " + reason}
}

// event is an event on a bus.
type event struct {
	id      string
	time    Time
	raw     []byte          // the whole event as rules see it
	replay  string          // the name of the replay that publishes it
	allowed map[string]bool // the ARNs of the rules that a replay is for; empty means all
}

// envelope is the initial space for everything in an event but its detail, in bytes. Most events need less.
const envelope = 512

// event converts an entry to the form that rules and targets see.
func (e *Entry) event(id string, detail []byte) *event {
	at := now()
	if e.Time != nil {
		at = *e.Time
	}
	made := &event{id: id, time: at, raw: make([]byte, 0, len(detail)+envelope)}
	made.raw = append(made.raw, `{"version":"0","id":"`...)
	made.raw = append(made.raw, made.id...)
	made.raw = appendMember(made.raw, `","detail-type":`, e.DetailType)
	made.raw = appendMember(made.raw, `,"source":`, e.Source)
	made.raw = append(made.raw, `,"account":"`+wire.Account+`","time":"`...)
	made.raw = at.AppendFormat(made.raw, "2006-01-02T15:04:05Z")
	made.raw = append(made.raw, `","region":"`+wire.Region+`","resources":[`...)
	for i, resource := range e.Resources {
		made.raw = appendMember(made.raw, ","[:min(i, 1)], resource)
	}
	made.raw = append(made.raw, `],"detail":`...)
	made.raw = append(made.raw, detail...)
	made.raw = append(made.raw, '}')
	return made
}

// appendMember appends name, which ends with a colon, and value as a JSON string.
func appendMember(raw []byte, name, value string) []byte {
	raw, _ = jsontext.AppendQuote(append(raw, name...), value) // replaces invalid UTF-8, as encoding/json does
	return raw
}
