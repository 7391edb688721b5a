package stack

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"example.com/localcloud/tap"
	"example.com/troupe/scripts/internal/build"
	"example.com/troupe/scripts/internal/logline"
)

// StartError reports that a service does not start.
type StartError struct {
	Service string
	Why     string // how its process ended, and the end of its log
}

func (e *StartError) Error() string { return e.Service + " " + e.text() }

func (e *StartError) text() string { return "does not start: " + e.Why }

// problem identifies what keeps a service from working, so that its end can be noticed.
type problem struct{ service, what string }

// The problems of a service that doesn't run, or whose source doesn't compile. Others are named after the permission
// that is missing or the delivery that fails.
const (
	running   = "running"
	compiling = "compiling"
)

// problems are the current problems of services.
type problems struct {
	tell func(service, why string) // about each new problem; may be nil

	mu    sync.Mutex
	found map[problem]string
	told  map[problem]string // a part of found
}

// add adds a problem and tells it, unless it has been told.
func (p *problems) add(which problem, why string) {
	p.note(which, why)
	p.mu.Lock()
	fresh := p.told[which] != why
	if p.told == nil {
		p.told = map[problem]string{}
	}
	p.told[which] = why
	p.mu.Unlock()
	if fresh && p.tell != nil {
		p.tell(which.service, why)
	}
}

// note adds a problem without telling it.
func (p *problems) note(which problem, why string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found == nil {
		p.found = map[problem]string{}
	}
	p.found[which] = why
}

func (p *problems) has(which problem) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.found[which] != ""
}

// solve removes problems.
func (p *problems) solve(solved func(problem) bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, problems := range []map[problem]string{p.found, p.told} {
		maps.DeleteFunc(problems, func(which problem, _ string) bool { return solved(which) })
	}
}

// Problems returns what keeps services from working, by service: why one doesn't run, which permission it lacks, and
// what isn't delivered to it. A problem ends when the service runs again, or when a delivery succeeds.
func (s *Stack) Problems() map[string]string {
	p := &s.problems
	p.mu.Lock()
	defer p.mu.Unlock()
	all := map[string]string{}
	for _, which := range slices.SortedFunc(maps.Keys(p.found), func(a, b problem) int { return cmp.Compare(a.what, b.what) }) {
		all[which.service] = strings.TrimPrefix(all[which.service]+"\n"+p.found[which], "\n")
	}
	return all
}

// started ends the problems of an earlier version of a service. Deliveries to it and its source are other matters.
func (s *Stack) started(service string) {
	s.problems.solve(func(p problem) bool {
		return p.service == service && p.what != compiling && !strings.HasPrefix(p.what, "arn:")
	})
}

// build compiles services, with the events' types as the schemas say now. The compiler's output names the folders of those that don't compile.
func (s *Stack) build(ctx context.Context, services ...string) error {
	if err := s.generate(); err != nil {
		return err
	}
	err := s.builder.Build(ctx, services...)
	failed, _ := errors.AsType[*build.CompileError](err)
	for _, service := range services {
		if failed != nil && strings.Contains(failed.Output, "services/"+service+"/") {
			s.problems.note(problem{service, compiling}, "does not compile; its previous version keeps running:\n"+failed.Error())
		} else if err == nil {
			s.problems.solve(func(p problem) bool { return p == problem{service, compiling} })
		}
	}
	return err
}

// hop handles what the local cloud reports.
func (s *Stack) hop(hop tap.Hop) {
	service := serviceOf(cmp.Or(hop.To, hop.Resource))
	switch hop.Kind {
	case tap.Logged:
		s.line(service, hop.Body)
	case tap.Started:
		s.started(service)
	case tap.NotStarted:
		s.problems.add(problem{service, running}, notStarted(service, hop.Note, hop.Body).text())
	case tap.Returned:
		if hop.Note != "" && s.options.Problem != nil && !s.problems.has(problem{service, running}) {
			s.options.Problem(service, hop.Note) // an invocation that failed is over: no problem stays
		}
	case tap.Undelivered:
		s.problems.add(delivery(service, hop), fmt.Sprintf("a message from %s was not delivered: %s", name(hop.From), hop.Note))
	case tap.Delivered:
		this := delivery(service, hop)
		s.problems.solve(func(p problem) bool { return p == this })
	case tap.Denied:
		role := serviceOf(hop.From)
		s.problems.add(problem{role, hop.Note + " " + hop.Resource}, fmt.Sprintf(
			"was denied %s on %s: its role has no such permission; what it publishes, stores and subscribes to in service.json decides its role", hop.Note, hop.Resource))
	}
}

// delivery is the problem of deliveries from one rule or topic to one target.
func delivery(service string, hop tap.Hop) problem {
	return problem{service, hop.From + " " + cmp.Or(hop.To, hop.Resource)}
}

// notStarted returns the error for a function whose environment failed to start.
func notStarted(service, why string, log []byte) *StartError {
	var tail logline.Tail
	for line := range bytes.Lines(log) {
		tail.Add(line)
	}
	return &StartError{service, strings.TrimSpace(strings.TrimPrefix(why, "the function failed: ") + "\n" + tail.String())}
}

// name returns the last part of an ARN, with the kind of the resource if the ARN has it.
func name(arn string) string { return arn[strings.LastIndex(arn, ":")+1:] }

// serviceOf returns the service of a function, a role's session or a queue, or the resource's own name if it belongs
// to no service.
func serviceOf(arn string) string {
	own := name(arn)
	if session, ok := strings.CutPrefix(own, "assumed-role/"); ok {
		own, _, _ = strings.Cut(session, "/")
	}
	service, ours := strings.CutPrefix(own, Project+"-"+Env+"-")
	if !ours {
		return own
	}
	for _, queue := range []string{"-dlq", "-undelivered"} {
		service = strings.TrimSuffix(service, queue)
	}
	return service
}
