package stories_test

import (
	"context"
	"flag"
	"io"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"example.com/troupe/events"
)

// verbs are what a story can say. Most are about the order $ORDER.
//
//	post [-key KEY] FILE       places the order in the file; sets $ORDER
//	get PATH, delete PATH      call the HTTP API
//	                           ("!" before one of these three: it answers with 4xx or 5xx)
//	publish [-id ID] [-as SERVICE] [-unchecked] TYPE [field=value …]
//	                           publishes the example of an event about $ORDER, with other fields; sets
//	                           $EVENT to its id. As a service: with that service's permissions.
//	                           ("!": it is not accepted)
//	state STATE[: REASON]      waits until GET /orders/$ORDER says so
//	saw SERVICE TYPE [OUTCOME] [count=N] [said=TYPE,…]
//	                           waits until the service took N messages (1) of the type about $ORDER with that
//	                           outcome (handled), each saying just those events
//	                           ("!": it took none so far; settle first)
//	said SERVICE TYPE [count=N|TYPE]
//	                           waits until the service has said N events (1) of the type about $ORDER, or
//	                           as many as of another type
//	settle                     waits until no message is unhandled; reminders that are not due do not count
//	settle reminders           waits for those too
//	dead-lettered SERVICE [REASON]    waits for a dead letter about $ORDER with the reason, and takes it out
//	queue SERVICE              tells what is in the service's queues, for stdout; fails when it is not empty
func verbs() map[string]func(*testscript.TestScript, bool, []string) {
	plain := map[string]func(*story, []string) error{
		"post": (*story).post, "get": (*story).get, "delete": (*story).delete, "publish": (*story).publish,
		"state": (*story).state, "saw": (*story).saw, "published": (*story).said,
		"settle": (*story).settle, "dead-lettered": (*story).deadLettered, "queue": (*story).queue,
	}
	commands := map[string]func(*testscript.TestScript, bool, []string){}
	for name, verb := range plain {
		commands[name] = func(ts *testscript.TestScript, not bool, arguments []string) {
			ctx, cancel := context.WithTimeout(context.Background(), patience)
			defer cancel()
			err := verb(&story{TestScript: ts, ctx: ctx, not: not}, arguments)
			switch {
			case err != nil && !not:
				ts.Fatalf("%s: %v", name, err)
			case err == nil && not:
				ts.Fatalf("%s succeeded", name)
			case err != nil:
				_, _ = io.WriteString(ts.Stderr(), err.Error()+"\n")
			}
		}
	}
	return commands
}

// story is one verb at work.
type story struct {
	*testscript.TestScript
	ctx context.Context
	not bool
}

func (s *story) order() string { return s.Getenv("ORDER") }

// flags parses the flags of a verb.
func (s *story) flags(arguments []string, define func(*flag.FlagSet)) ([]string, error) {
	set := flag.NewFlagSet("verb", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	define(set)
	err := set.Parse(arguments)
	return set.Args(), err
}

// fields takes the arguments of the form name=value apart from the rest.
func fields(arguments []string) (words []string, values map[string]string) {
	values = map[string]string{}
	for _, argument := range arguments {
		if name, value, ok := strings.Cut(argument, "="); ok {
			values[name] = value
		} else {
			words = append(words, argument)
		}
	}
	return words, values
}

// about tells whether a step is about an order and an event's type.
func about(order, service, eventType string) func(events.Step) bool {
	return func(step events.Step) bool {
		return step.Subject == order && step.Service == service && step.EventType == eventType
	}
}
