package stack

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"example.com/troupe/scripts/internal/settle"
)

// How often Watch looks at the queues.
const (
	localInterval  = 10 * time.Millisecond
	remoteInterval = 200 * time.Millisecond
)

// Watch returns a watch that waits until the troupe has handled everything.
func (s *Stack) Watch() settle.Watch {
	w := settle.Watch{
		Client: sqs.NewFromConfig(s.cfg), Steps: s.Steps.Count, Interval: remoteInterval,
		Queues: map[string]string{}, DeadLetters: map[string]string{},
	}
	if s.cloud != nil {
		w.Interval = localInterval
	}
	for _, service := range s.topology.Services {
		if wired := s.wired.Services[service.Name]; wired.Queue != "" {
			w.Queues[service.Name] = wired.Queue
			w.DeadLetters[service.Name+"-dlq"] = wired.DeadLetters
			w.DeadLetters[service.Name+"-undelivered"] = wired.Undelivered
		}
	}
	return w
}
