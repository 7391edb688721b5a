package eventbridge

import (
	"context"

	"example.com/localcloud/tap"
	"example.com/localcloud/wire"
)

// States of a replay.
const (
	starting   = "STARTING"
	running    = "RUNNING"
	completed  = "COMPLETED"
	cancelling = "CANCELLING"
	cancelled  = "CANCELLED"
)

type replay struct {
	Replay
	description string
	destination ReplayDestination
	last        uint64 // number of the last event that was replayed
}

// Replay describes a replay in a list.
type Replay struct {
	ReplayName            string
	EventSourceArn        string // the archive
	State                 string
	EventStartTime        Time
	EventEndTime          Time
	EventLastReplayedTime *Time `json:",omitempty"`
	ReplayStartTime       Time
	ReplayEndTime         *Time  `json:",omitempty"`
	StateReason           string `json:",omitempty"`
}

// ReplayDestination is the bus that the events came from and, optionally, some of its rules.
type ReplayDestination struct {
	Arn        string
	FilterArns []string `json:",omitempty"`
}

func replayARN(name string) string { return wire.ARN("events", "replay/"+name) }

// StartReplayInput selects the events of an archive to replay, and the rules to send them to.
type StartReplayInput struct {
	ReplayName     string
	EventSourceArn string
	EventStartTime Time
	EventEndTime   Time // exclusive
	Destination    ReplayDestination
	Description    string
}

func (in *StartReplayInput) arn() string { return replayARN(in.ReplayName) }

// ReplayOutput identifies a replay that was started or is being cancelled.
type ReplayOutput struct {
	ReplayArn       string
	State           string
	ReplayStartTime *Time  `json:",omitempty"`
	StateReason     string `json:",omitempty"`
}

// StartReplay publishes archived events again, in the background. Each contains the replay's name.
func (s *Service) StartReplay(_ context.Context, in *StartReplayInput) (*ReplayOutput, error) {
	if err := checkName("replayName", in.ReplayName, 64); err != nil {
		return nil, err
	}
	if err := checkLength("description", in.Description, maxDescription); err != nil {
		return nil, err
	}
	for _, arn := range in.Destination.FilterArns {
		if _, err := wire.Local("events", "rule/", arn); err != nil {
			return nil, validation("Parameter Destination.FilterArns is not valid. Reason: %v.", err)
		}
	}
	if !in.EventStartTime.Before(in.EventEndTime.Time) {
		return nil, validation("Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime.")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	name, err := wire.Local("events", "archive/", in.EventSourceArn)
	if err != nil {
		return nil, validation("Parameter EventSourceArn is not valid. Reason: %v.", err)
	}
	b, a := s.buses[busName(in.Destination.Arn)], s.archives[name]
	switch {
	case a == nil:
		return nil, validation("Parameter EventSourceArn is not valid. Reason: Archive %s does not exist.", name)
	case b == nil || a.source != in.Destination.Arn:
		return nil, validation("Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not permitted.")
	case s.replays[in.ReplayName] != nil:
		return nil, exists("Replay %s already exists.", in.ReplayName)
	}
	r := &replay{Replay{in.ReplayName, in.EventSourceArn, starting, in.EventStartTime, in.EventEndTime, nil, now(), nil, ""}, in.Description, in.Destination, 0}
	a.trim()
	if a.gone.Events > 0 && !in.EventStartTime.After(a.gone.Until) {
		r.StateReason = a.gone.reason(a.budget)
	}
	s.replays[in.ReplayName] = r
	s.keepReplay(r)
	events := a.between(in.EventStartTime.Time, in.EventEndTime.Time)
	s.background.Go(func() { s.run(r, b, events) })
	return &ReplayOutput{replayARN(in.ReplayName), starting, &r.ReplayStartTime, r.StateReason}, nil
}

// run publishes the events of a replay until all are published, the replay is cancelled or the service closes.
func (s *Service) run(r *replay, b *bus, events []archived) {
	allowed := map[string]bool{}
	for _, arn := range r.destination.FilterArns {
		allowed[arn] = true
	}
	for _, old := range events {
		if s.closing.Err() != nil || !s.advance(r, old) {
			break
		}
		e := &event{id: old.id, time: old.time, replay: r.ReplayName, allowed: allowed}
		e.raw = append(appendMember(nil, `{"replay-name":`, r.ReplayName), ',')
		e.raw = append(e.raw, old.raw[1:]...)
		s.tap.Tell(tap.Hop{Kind: tap.Published, Resource: b.arn, From: replayARN(r.ReplayName), MessageID: e.id, Body: e.raw})
		s.publish(s.closing, b, e)
	}
	s.finish(r)
}

// advance saves the progress of a replay. It returns false if the replay is being cancelled.
func (s *Service) advance(r *replay, to archived) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.State == cancelling {
		return false
	}
	r.State, r.EventLastReplayedTime, r.last = running, &to.time, to.number
	s.keepReplay(r)
	return true
}

func (s *Service) finish(r *replay) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case r.State == cancelling:
		s.end(r, cancelled)
	case s.closing.Err() == nil: // otherwise it resumes when the service is restored
		s.end(r, completed)
	}
}

func (s *Service) end(r *replay, state string) {
	at := now()
	r.State, r.ReplayEndTime = state, &at
	s.keepReplay(r)
}

// ReplayInput names a replay.
type ReplayInput struct{ ReplayName string }

func (in *ReplayInput) arn() string { return replayARN(in.ReplayName) }

// CancelReplay cancels a replay that has not ended.
func (s *Service) CancelReplay(_ context.Context, in *ReplayInput) (*ReplayOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.replays[in.ReplayName]
	if r == nil {
		return nil, notFound("Replay %s does not exist.", in.ReplayName)
	}
	if r.State != starting && r.State != running {
		return nil, wire.Errorf("IllegalStatusException", "Replay %s is not in a valid state for this operation.", in.ReplayName)
	}
	r.State = cancelling
	s.keepReplay(r)
	return &ReplayOutput{ReplayArn: replayARN(r.ReplayName), State: cancelling}, nil
}

// DescribeReplayOutput describes a replay.
type DescribeReplayOutput struct {
	Replay
	ReplayArn   string
	Description string `json:",omitempty"`
	Destination ReplayDestination
}

// DescribeReplay describes a replay.
func (s *Service) DescribeReplay(_ context.Context, in *ReplayInput) (*DescribeReplayOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	r := s.replays[in.ReplayName]
	if r == nil {
		return nil, notFound("Replay %s does not exist.", in.ReplayName)
	}
	return &DescribeReplayOutput{r.Replay, replayARN(r.ReplayName), r.description, r.destination}, nil
}

// ListReplaysInput selects replays by name, archive or state.
type ListReplaysInput struct {
	ListInput
	EventSourceArn string
	State          string
}

// ListReplaysOutput is a page of replays.
type ListReplaysOutput struct {
	Replays   []Replay
	NextToken string `json:",omitempty"`
}

// ListReplays lists replays in order of name.
func (s *Service) ListReplays(_ context.Context, in *ListReplaysInput) (*ListReplaysOutput, error) {
	if err := exclusive(in.NamePrefix, in.EventSourceArn, in.State); err != nil {
		return nil, err
	}
	if err := checkState(in.State, starting, running, cancelling, completed, cancelled, failed); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	replays, next := pageOf(s.replays, in.ListInput, func(r *replay) bool {
		return (in.EventSourceArn == "" || r.EventSourceArn == in.EventSourceArn) && (in.State == "" || r.State == in.State)
	})
	out := &ListReplaysOutput{Replays: []Replay{}, NextToken: next}
	for _, r := range replays {
		out.Replays = append(out.Replays, r.Replay)
	}
	return out, nil
}
