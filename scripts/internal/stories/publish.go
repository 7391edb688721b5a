package stories

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"example.com/troupe/events"
	"example.com/troupe/events/schema"
	"example.com/troupe/scripts/internal/testevent"
)

// publishing contains the options of a publish line.
type publishing struct {
	id, as, file string
	unchecked    bool
	members      [][2]string
}

// publication parses the arguments of publish.
func publication(args []string) (eventType string, parsed publishing, err error) {
	flags := flag.NewFlagSet("publish", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&parsed.id, "id", "", "")
	flags.StringVar(&parsed.as, "as", "", "")
	flags.BoolVar(&parsed.unchecked, "unchecked", false, "")
	if err := flags.Parse(args); err != nil {
		return "", parsed, fmt.Errorf("%w; usage: %s", err, verbs["publish"].usage)
	}
	words, values := assignments(flags.Args())
	parsed.members = values
	switch len(words) {
	case 2:
		parsed.file = words[1]
	case 1:
	default:
		return "", parsed, fmt.Errorf("usage: %s", verbs["publish"].usage)
	}
	return words[0], parsed, nil
}

func (p *performance) publish(line Line) error {
	eventType, wanted, err := publication(line.Args)
	if err != nil {
		return err
	}
	contract, err := testevent.Find(p.Contracts, eventType)
	if err != nil {
		return err
	}
	message, err := p.message(contract, wanted)
	if err != nil {
		return err
	}
	message.Envelope.Metadata.CorrelationID = wanted.id // an event that is published again is identical
	if wanted.id == "" {
		message.Envelope.Metadata.CorrelationID = p.begin()
	} else {
		message.Envelope.Metadata.ID = wanted.id
		p.executions = append(p.executions, wanted.id)
	}
	if contract.Outside != nil {
		message.Envelope.Metadata.ID = message.Envelope.Metadata.CorrelationID // it begins an execution by its own ID
	}
	p.variables["eventId"] = message.Envelope.Metadata.ID
	to := *p.Target
	if wanted.as != "" {
		if p.As == nil {
			return errors.New("-as only works in a local cloud: begin the story with only local")
		}
		if to.Config, err = p.As(p.ctx, wanted.as); err != nil {
			return err
		}
	}
	return to.Publisher(contract.Producer).Publish(p.ctx, message)
}

// message returns the event that a line asks for.
func (p *performance) message(contract *schema.Event, wanted publishing) (events.Message, error) {
	source := string(contract.Examples[0].Data)
	if wanted.file != "" {
		var err error
		if source, err = p.variables.Expand(p.story.Files[wanted.file]); err != nil {
			return events.Message{}, fmt.Errorf("%s: %w", wanted.file, err)
		}
	}
	var data map[string]any
	if err := json.Unmarshal([]byte(source), &data); err != nil {
		return events.Message{}, fmt.Errorf("read the data of %s: %w", contract.Type, err)
	}
	if wanted.file == "" {
		contract.SetSubject(data, p.variables["story"])
	}
	for _, m := range wanted.members {
		data[m[0]] = literal(m[1])
	}
	encoded, err := json.Marshal(data)
	if err != nil || !wanted.unchecked {
		if err != nil {
			return events.Message{}, err
		}
		return testevent.Message(contract, encoded)
	}
	message, err := testevent.Message(contract, contract.Examples[0].Data)
	message.Envelope.Data = encoded
	message.Envelope.Metadata.Subject = contract.SubjectOf(encoded)
	return message, err
}

// literal returns the value of a member: parsed if it is JSON, otherwise the text.
func literal(text string) any {
	if value, err := decode([]byte(text)); err == nil && !strings.HasPrefix(text, `"`) {
		return value
	}
	return text
}
