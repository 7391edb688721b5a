package scaffold

import (
	"cmp"
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"example.com/troupe/events"
	"example.com/troupe/events/schema"
	"example.com/troupe/scripts/internal/codegen"
)

// EventOptions describe a new event.
type EventOptions struct {
	Type     string         // "appointment.requested.v1"
	Producer string         // the service that publishes it; "" chooses one
	Channel  events.Channel // "" means EventBridge
	Outcome  schema.Outcome // "" for an event that ends nothing

	// Of an event from outside.
	Source     string // "aws.s3"; "" for an event of a service
	DetailType string // "Object Created"
	Bus        string // where it arrives; "" chooses it by the source
}

var (
	validEvent = regexp.MustCompile(`^[a-z][a-z0-9]*([.][a-z][a-z0-9]*)+[.]v[1-9][0-9]*$`)
	channels   = []events.Channel{events.EventBridge, events.SNS, events.Queue}
	outcomes   = []schema.Outcome{"", schema.Success, schema.Failure}
)

// eventFile is the data of the event templates.
type eventFile struct {
	Type, Producer, Channel, Subject, Outcome, Title, Description, Noun string
	Source, DetailType, Bus                                             string // as JSON; "" for an event of a service
}

// Event plans the files of an event, and also returns its contract. A later version of an event begins as a copy of the one
// before.
func (c *Checkout) Event(o EventOptions) (Files, schema.Event, error) {
	before, isVersion := c.Previous(o.Type)
	if isVersion && before.Outside != nil {
		return nil, schema.Event{}, fmt.Errorf("events/%s: an event from outside has one contract, because nothing tells its versions apart: change that one", before.File)
	}
	if isVersion {
		o.Producer, o.Channel = cmp.Or(o.Producer, before.Producer), cmp.Or(o.Channel, before.Channel)
	}
	if o.Channel == "" {
		o.Channel = events.EventBridge
	}
	if o.Source != "" {
		o.fromOutside()
	}
	if o.Producer == "" {
		o.Producer = c.producer(o.Type)
	}
	if err := c.checkEvent(o); err != nil {
		return nil, schema.Event{}, err
	}
	if isVersion {
		return c.newVersion(before, o)
	}
	words := strings.Split(o.Type, ".")
	last := len(words) - 2
	noun := strings.Join(words[:max(last, 1)], " ")
	file := eventFile{
		Type: o.Type, Producer: o.Producer, Channel: string(o.Channel), Outcome: string(o.Outcome), Title: codegen.TypeName(o.Type),
		Noun: words[0], Subject: words[0] + "Id",
	}
	file.Description = fmt.Sprintf("%s states that %s %s was %s.", file.Title, article(noun), noun, words[last])
	if o.Channel == events.Queue {
		file.Description = fmt.Sprintf("%s reminds %s of %s %s: %s.", file.Title, o.Producer, article(noun), noun, words[last])
	}
	if o.Source != "" {
		file.Source, file.DetailType, file.Bus = quoted(o.Source), quoted(o.DetailType), quoted(o.Bus)
		file.Description = fmt.Sprintf("%s states what %s says: %s.", file.Title, o.Source, strings.ReplaceAll(o.DetailType, `"`, "'"))
	}
	files, stem := Files{}, path.Join("events", o.Producer, o.Type)
	if err := files.add(stem+".schema.json", "event.schema.json.tmpl", file); err != nil {
		return nil, schema.Event{}, err
	}
	if err := files.add(stem+".example.json", "event.example.json.tmpl", file); err != nil {
		return nil, schema.Event{}, err
	}
	made := schema.Event{
		Contract: events.Contract{Type: o.Type, Producer: o.Producer, Channel: o.Channel, Schema: files[stem+".schema.json"]},
		Title:    file.Title, Subject: file.Subject, Outcome: o.Outcome,
	}
	if o.Source != "" {
		made.Outside = &events.Outside{Source: o.Source, DetailType: o.DetailType, Subject: schema.Pointer(file.Subject), Bus: o.Bus}
	}
	return files, made, nil
}

func (c *Checkout) checkEvent(o EventOptions) error {
	if !validEvent.MatchString(o.Type) {
		return fmt.Errorf("%q is not a valid event type: use lower-case words and a version, separated by dots, as in appointment.requested.v1", o.Type)
	}
	if known, found := c.contract(o.Type); found {
		return fmt.Errorf("%w; its producer is %s. For a breaking change, create a new version, %s", &ExistsError{"events/" + known.File}, known.Producer, codegen.NextVersion(o.Type))
	}
	if !slices.Contains(channels, o.Channel) {
		return fmt.Errorf("there is no channel %q: use eventbridge (many services may subscribe), sns (people and webhooks may as well) or queue (a reminder of the producer to itself)", o.Channel)
	}
	if !slices.Contains(outcomes, o.Outcome) {
		return fmt.Errorf("there is no outcome %q: use success (what was asked for is done) or failure (it will not be done), or none for an event that ends nothing", o.Outcome)
	}
	if err := c.checkOutside(o); err != nil {
		return err
	}
	return checkService("PRODUCER", o.Producer)
}

// producer chooses an event's producer: the service that is named like its first word, the only service, or a new
// one.
func (c *Checkout) producer(eventType string) string {
	word, _, _ := strings.Cut(eventType, ".")
	services := c.Declared.Services()
	for _, name := range []string{word, word + "s"} {
		if slices.Contains(services, name) || slices.ContainsFunc(c.Declared.Contracts, func(e schema.Event) bool { return e.Producer == name }) {
			return name
		}
	}
	if len(services) == 1 {
		return services[0]
	}
	return word + "s"
}

func (c *Checkout) contract(eventType string) (schema.Event, bool) {
	at := slices.IndexFunc(c.Declared.Contracts, func(e schema.Event) bool { return e.Type == eventType })
	if at < 0 {
		return schema.Event{}, false
	}
	return c.Declared.Contracts[at], true
}

func article(noun string) string {
	if strings.ContainsRune("aeiou", rune(noun[0])) {
		return "an"
	}
	return "a"
}

func title(word string) string { return string(unicode.ToUpper(rune(word[0]))) + word[1:] }

// onlySubject reports whether an event's subject is its only required member.
func onlySubject(e schema.Event) bool {
	var document struct{ Required []string }
	return json.Unmarshal(e.Schema, &document) == nil && len(document.Required) == 1 && document.Required[0] == e.Subject
}
