package stories_test

import (
	"encoding/json"
	"errors"
	"flag"
	"strconv"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/testevent"
)

func (s *story) publish(arguments []string) error {
	var id, as string
	var unchecked bool
	rest, err := s.flags(arguments, func(f *flag.FlagSet) {
		f.StringVar(&id, "id", events.NewID(), "")
		f.StringVar(&as, "as", "", "")
		f.BoolVar(&unchecked, "unchecked", false, "")
	})
	words, values := fields(rest)
	if err != nil || len(words) != 1 {
		return errors.New("usage: publish [-id ID] [-as SERVICE] [-unchecked] TYPE [field=value …]")
	}
	message, err := s.message(words[0], values, unchecked)
	if err != nil {
		return err
	}
	message.Envelope.Metadata.ID = id
	message.Envelope.Metadata.CorrelationID = s.order()
	s.Setenv("EVENT", id)
	cfg := troupe.Config()
	if as != "" {
		if cfg, err = troupe.As(s.ctx, as); err != nil {
			return err
		}
	}
	return troupe.Publisher(cfg, message.Envelope.Metadata.Producer).Publish(s.ctx, message)
}

// message makes an event of a type's example, about the story's order, with other values of some fields.
func (s *story) message(eventType string, values map[string]string, unchecked bool) (events.Message, error) {
	contract, err := testevent.Find(troupe.Contracts(), eventType)
	if err != nil {
		return events.Message{}, err
	}
	var data map[string]any
	if err := json.Unmarshal(contract.Examples[0].Data, &data); err != nil {
		return events.Message{}, err
	}
	data[contract.Subject] = s.order()
	for name, text := range values {
		data[name] = text
		if number, err := strconv.Atoi(text); err == nil {
			data[name] = number
		}
	}
	encoded, err := json.Marshal(data)
	if err != nil {
		return events.Message{}, err
	}
	if !unchecked {
		return testevent.Message(contract, encoded)
	}
	message, err := testevent.Message(contract, contract.Examples[0].Data)
	message.Envelope.Data, message.Envelope.Metadata.Subject = encoded, s.order()
	return message, err
}
