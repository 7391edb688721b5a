package topology

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"example.com/troupe/events"
	"example.com/troupe/events/schema"
)

// logged are the members of an event's metadata that are logged of an event with personal data: what the console reads.
var logged = []string{"id", "type", "subject", "correlationId", "causationId", "producer", "occurredAt", "traceparent"}

// journal returns the journal. EventBridge only writes to log groups below /aws/events.
func journal(names Names, contracts []schema.Event) Journal {
	group := "/aws/events/" + names.Prefix()
	made := Journal{
		Rule: names.Prefix() + "-everything", Pattern: json.RawMessage(`{"source":[{"prefix":""}]}`),
		LogGroup: group, ARN: names.ARN("logs", "log-group:"+group),
	}
	var personal []string
	for _, c := range contracts {
		if !c.Personal || c.Channel != events.EventBridge {
			continue
		}
		detailType := c.Type
		if c.Outside != nil {
			detailType = c.Outside.DetailType
		}
		personal = append(personal, detailType)
	}
	if len(personal) == 0 {
		return made
	}
	slices.Sort(personal)
	types := encoded(personal)
	made.Pattern = fmt.Appendf(nil, `{"detail-type":[{"anything-but":%s}],"source":[{"prefix":""}]}`, types)
	made.Hiding = &Hiding{
		Rule: HidingRule(names), Pattern: fmt.Appendf(nil, `{"detail-type":%s,"source":[{"prefix":""}]}`, types),
		Paths: map[string]string{"time": "$.time", "event": "$.id", "kind": "$.detail-type", "source": "$.source"},
	}
	metadata := map[string]string{}
	for _, name := range logged {
		made.Hiding.Paths[name], metadata[name] = "$.detail.metadata."+name, "<"+name+">"
	}
	line := encoded(map[string]any{
		"version": "0", "id": "<event>", "detail-type": "<kind>", "source": "<source>", "time": "<time>", "detail": map[string]any{"metadata": metadata},
	})
	plain := strings.NewReplacer(`\u003c`, "<", `\u003e`, ">").Replace(string(line))
	// The target of a log group wants a text, so the event in it is escaped.
	made.Hiding.Template = `{"timestamp": <time>, "message": "` + strings.ReplaceAll(plain, `"`, `\"`) + `"}`
	return made
}

// HidingRule returns the name of the rule for events with personal data.
func HidingRule(names Names) string { return names.Prefix() + "-personal" }

func encoded(value any) []byte {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err) // texts, and maps of them, can always be encoded
	}
	return text
}
