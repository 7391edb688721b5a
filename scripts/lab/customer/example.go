package customer

import (
	"slices"

	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
	"example.com/troupe/events/schema"
	"example.com/troupe/scripts/internal/testevent"
)

// Subscribed returns the events that can be published from outside and have a subscriber.
func Subscribed(contracts []schema.Event, services []*manifest.Manifest) (subscribed []schema.Event) {
	for _, c := range contracts {
		if c.Channel != events.Queue && slices.ContainsFunc(services, func(m *manifest.Manifest) bool { return m.SubscribesTo(c.Type) }) {
			subscribed = append(subscribed, c)
		}
	}
	return subscribed
}

// Example creates a new event from an example of one of the contracts, for customers of a system without stories.
// intn chooses, like rand.IntN.
func Example(contracts []schema.Event, intn func(int) int) (events.Message, error) {
	contract := contracts[intn(len(contracts))]
	data, err := testevent.Fresh(&contract, contract.Examples[intn(len(contract.Examples))].Data)
	if err != nil {
		return events.Message{}, err
	}
	return testevent.Message(&contract, data)
}
