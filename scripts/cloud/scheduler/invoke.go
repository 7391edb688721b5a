package scheduler

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"

	"example.com/localcloud/delivery"
	"example.com/localcloud/eventbridge"
	"example.com/localcloud/requestid"
	"example.com/localcloud/wire"
)

// The range of delays between attempts. They double, with jitter.
const (
	firstPause   = time.Second
	longestPause = 10 * time.Minute
)

// attempt is the invocation of a target at one time of a schedule.
type attempt struct {
	id        string // in the journal
	schedule  *schedule
	scheduled time.Time
	last      bool // the schedule has no time after this one
	retries   int
	execution string // id of the latest attempt
}

func newAttempt(d *schedule, at time.Time, last bool) *attempt {
	return &attempt{id: requestid.New(), schedule: d, scheduled: at.UTC(), last: last}
}

// invoke invokes the target. It retries a failed invocation in the background.
func (s *Service) invoke(a *attempt) {
	if a.old() {
		s.deadLetter(a, errMissed, "MaximumEventAgeInSeconds")
		s.end(a)
		return
	}
	s.handle(a, s.send(a))
}

// errMissed says why an invocation was not attempted.
var errMissed = errors.New("the process was not running at the time of the schedule")

// handle ends an attempt or, if it may succeed later, retries it in the background.
func (s *Service) handle(a *attempt, err error) {
	if err == nil {
		s.end(a)
		return
	}
	if permanent(err) {
		s.deadLetter(a, err, "")
		s.end(a)
		return
	}
	s.background.Go(func() {
		if s.retry(a, err) {
			s.end(a)
		}
	})
}

// retry retries until the invocation succeeds, the retry policy is exhausted or the service closes. It returns false in
// the last case.
func (s *Service) retry(a *attempt, err error) (ended bool) {
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		if condition := a.exhausted(); condition != "" {
			s.deadLetter(a, err, condition)
			return true
		}
		select {
		case <-s.closing.Done():
			return false
		case <-time.After(pause/2 + rand.N(pause/2)):
		}
		a.retries++
		s.journal.Save(a.change())
		if err = s.send(a); err == nil {
			return true
		}
		if permanent(err) {
			s.deadLetter(a, err, "")
			return true
		}
	}
}

// end forgets an attempt. After its last one, it deletes a schedule that asks for that.
func (s *Service) end(a *attempt) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.journal.Delete(kindAttempt, a.id)
	d := s.schedules[a.schedule.key()]
	if a.last && d != nil && d.ActionAfterCompletion == remove && same(&d.LastModificationDate, &a.schedule.LastModificationDate) {
		s.delete(d)
	}
}

func (a *attempt) old() bool { return time.Since(a.scheduled) > a.schedule.Target.age() }

func (t *Target) age() time.Duration {
	return time.Duration(*t.RetryPolicy.MaximumEventAgeInSeconds) * time.Second
}

// exhausted returns the limit of the retry policy that has been reached, or "".
func (a *attempt) exhausted() string {
	switch {
	case a.retries >= *a.schedule.Target.RetryPolicy.MaximumRetryAttempts:
		return "MaximumRetryAttempts"
	case a.old():
		return "MaximumEventAgeInSeconds"
	}
	return ""
}

// permanent reports whether a retry is pointless: the request, the permission or the target is wrong.
func permanent(err error) bool {
	e := wire.AsError(err)
	return e.Status < http.StatusInternalServerError && !strings.Contains(e.Code, "Throttl") && !strings.Contains(e.Code, "TooManyRequests")
}

// send invokes the target once, with the permissions of its role.
func (s *Service) send(a *attempt) error {
	d, t := a.schedule, &a.schedule.Target
	a.execution = strings.ReplaceAll(requestid.New(), "-", "")[:16]
	need := wire.Access{Action: actions[t.service()], Resource: t.Arn}
	if p := t.EventBridgeParameters; p != nil {
		need.Context = map[string][]string{"events:source": {p.Source}, "events:detail-type": {p.DetailType}}
	}
	ctx := context.WithoutCancel(s.closing)
	caller, err := s.act(d, need)
	if err != nil {
		return err
	}
	if p := t.EventBridgeParameters; p != nil {
		return s.putEvent(wire.WithCaller(ctx, caller), eventbridge.Entry{
			EventBusName: t.Arn, Source: p.Source, DetailType: p.DetailType, Detail: string(a.input()), Resources: []string{d.Arn},
		})
	}
	out := delivery.Delivery{To: t.Arn, Service: servicePrincipal, Source: d.Arn, Body: a.input(), Authorized: true}
	if t.SqsParameters != nil {
		out.GroupID = t.SqsParameters.MessageGroupId
	}
	return s.Targets.Deliver(ctx, out)
}

// putEvent puts one event on a bus.
func (s *Service) putEvent(ctx context.Context, entry eventbridge.Entry) error {
	out, err := s.PutEvents(ctx, &eventbridge.PutEventsInput{Entries: []eventbridge.Entry{entry}})
	if err == nil && out.FailedEntryCount > 0 {
		err = wire.Errorf(out.Entries[0].ErrorCode, "%s", out.Entries[0].ErrorMessage)
	}
	return err
}

// act returns the caller that a schedule's role is, if it may do what is needed.
func (s *Service) act(d *schedule, need wire.Access) (wire.Caller, error) {
	caller, err := s.assume(d.GroupName, d.Name, d.Target.RoleArn)
	if err != nil {
		return nil, err
	}
	if !caller.Allowed(need) {
		return nil, &wire.Error{Code: "AccessDeniedException", Status: http.StatusForbidden, Message: fmt.Sprintf(
			"User: %s is not authorized to perform: %s on resource: %s because no identity-based policy allows the %s action",
			caller.ARN(), need.Action, need.Resource, need.Action)}
	}
	return caller, nil
}

// assume returns the caller that a role is for a schedule. The group is the source (user guide, "Confused deputy
// prevention"); with the schedule as the source, AWS refuses to create it. Source of the message: aws/aws-sdk-js-v3#6494.
func (s *Service) assume(group, schedule, role string) (wire.Caller, error) {
	caller, err := s.IAM.Assume(servicePrincipal, groupARN(cmp.Or(group, defaultGroup)), role, schedule)
	if err != nil {
		return nil, validation("The execution role you provide must allow AWS EventBridge Scheduler to assume the role. (%v)", err)
	}
	return caller, nil
}
