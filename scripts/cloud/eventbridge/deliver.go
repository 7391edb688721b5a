package eventbridge

import (
	"context"
	"errors"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"example.com/localcloud/delivery"
	"example.com/localcloud/eventbridge/transform"
	"example.com/localcloud/requestid"
	"example.com/localcloud/tap"
	"example.com/localcloud/wire"
)

// AWS's default retry policy (user guide, "How EventBridge retries delivering events"), and the range of delays
// between attempts. Delays double, with jitter, so that 185 attempts take about a day.
const (
	defaultRetries = 185
	defaultAge     = 86_400 // seconds
	firstPause     = time.Second
	longestPause   = 10 * time.Minute
)

// MaxRetrying limits the number of deliveries that are being retried. A delivery that fails beyond that number goes
// straight to the dead-letter queue.
const MaxRetrying = 10_000

// servicePrincipal is the name of EventBridge in the resource policies of targets.
const servicePrincipal = "events.amazonaws.com"

// attempt is the delivery of an event to one target.
type attempt struct {
	id      string // in the journal
	event   *event
	rule    *rule
	target  *target
	body    []byte
	started time.Time
	retries int
}

// deliver builds the target's input and sends it. It retries a failed delivery in the background.
func (s *Service) deliver(ctx context.Context, a *attempt) {
	a.started = time.Now()
	var err error
	if a.body, err = a.target.input(a.event.raw, a.rule, a.started); err == nil {
		err = s.send(ctx, a)
	}
	if err == nil {
		return
	}
	if permanent(err) {
		s.deadLetter(ctx, a, err, "")
		return
	}
	select {
	case s.retrying <- struct{}{}:
		a.id = requestid.New()
		s.keepAttempt(a, err)
		s.retryInBackground(ctx, a, err)
	default:
		s.deadLetter(ctx, a, err, "MaximumRetryAttempts")
	}
}

func (s *Service) send(ctx context.Context, a *attempt) error {
	d := delivery.Delivery{To: a.target.Arn, Service: servicePrincipal, Source: a.rule.Arn, Body: a.body}
	if p := a.target.SqsParameters; p != nil {
		d.GroupID = p.MessageGroupId
	}
	return s.router.Deliver(ctx, d)
}

// retryInBackground retries a delivery in the background.
func (s *Service) retryInBackground(ctx context.Context, a *attempt, err error) {
	s.background.Go(func() {
		defer func() { <-s.retrying }()
		if s.retry(ctx, a, err) {
			s.journal.Delete(kindAttempt, a.id)
		}
	})
}

// retry retries until the delivery succeeds, the retry policy is exhausted or the service closes. It returns false in
// the last case.
func (s *Service) retry(ctx context.Context, a *attempt, err error) (ended bool) {
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		if condition := a.exhausted(); condition != "" {
			s.deadLetter(ctx, a, err, condition)
			return true
		}
		select {
		case <-s.closing.Done():
			return false
		case <-time.After(pause/2 + rand.N(pause/2)):
		}
		a.retries++
		if err = s.send(ctx, a); err == nil {
			return true
		}
		if permanent(err) {
			s.deadLetter(ctx, a, err, "")
			return true
		}
		s.keepAttempt(a, err)
	}
}

// exhausted returns the limit of the retry policy that has been reached, or "".
func (a *attempt) exhausted() string {
	retries, age := defaultRetries, defaultAge
	if p := a.target.RetryPolicy; p != nil {
		if p.MaximumRetryAttempts != nil {
			retries = *p.MaximumRetryAttempts
		}
		if p.MaximumEventAgeInSeconds != nil {
			age = *p.MaximumEventAgeInSeconds
		}
	}
	switch {
	case a.retries >= retries:
		return "MaximumRetryAttempts"
	case time.Since(a.started) >= time.Duration(age)*time.Second:
		return "MaximumEventAgeInSeconds"
	}
	return ""
}

// deadLetter sends an event to the target's dead-letter queue, with AWS's attributes (user guide, "Using dead-letter
// queues"). Without such a queue, the event is lost.
func (s *Service) deadLetter(ctx context.Context, a *attempt, cause error, condition string) {
	lost, note := a.target.DeadLetterConfig == nil || a.target.DeadLetterConfig.Arn == "", cause.Error()
	if lost {
		note += "; it is lost: the target has no DeadLetterConfig"
	}
	s.tap.Tell(tap.Hop{Kind: tap.Undelivered, Resource: a.target.Arn, From: a.rule.Arn, MessageID: a.event.id, Note: note, Body: a.event.raw})
	if lost {
		return
	}
	queue := a.target.DeadLetterConfig.Arn
	code, message := errorCode(cause)
	attributes := map[string]delivery.Attribute{}
	for name, value := range map[string]string{
		"RULE_ARN":                  a.rule.Arn,
		"TARGET_ARN":                a.target.Arn,
		"ERROR_CODE":                code,
		"ERROR_MESSAGE":             message,
		"EXHAUSTED_RETRY_CONDITION": condition,
		"RETRY_ATTEMPTS":            strconv.Itoa(a.retries),
	} {
		if value != "" {
			attributes[name] = delivery.Attribute{DataType: "String", StringValue: value}
		}
	}
	hop := tap.Hop{Kind: tap.DeadLettered, Resource: queue, From: a.rule.Arn, MessageID: a.event.id}
	err := s.router.Deliver(ctx, delivery.Delivery{To: queue, Service: servicePrincipal, Source: a.rule.Arn, Body: a.event.raw, Attributes: attributes})
	if err != nil {
		hop.Kind, hop.Note = tap.Undelivered, err.Error()
	}
	s.tap.Tell(hop)
}

// AWS's error codes of failed deliveries.
const (
	noResource    = "NO_RESOURCE"
	noPermissions = "NO_PERMISSIONS"
	invalidInput  = "INVALID_PARAMETER"
	invalidJSON   = "INVALID_JSON"
	throttling    = "THROTTLING"
	fromTarget    = "ERROR_FROM_TARGET"
)

// permanent reports whether a retry is pointless. As on AWS, a delivery that lacks a permission or a resource goes to
// the dead-letter queue at once.
func permanent(err error) bool {
	code, _ := errorCode(err)
	return code != throttling && code != fromTarget
}

// errorCode translates a target's error into EventBridge's code and message.
func errorCode(err error) (code, message string) {
	if errors.Is(err, transform.ErrInvalid) {
		return invalidJSON, err.Error()
	}
	e, ok := errors.AsType[*wire.Error](err)
	if !ok {
		return fromTarget, err.Error()
	}
	for _, known := range [...]struct{ part, code string }{
		{"AccessDenied", noPermissions}, {"NotAuthorized", noPermissions}, {"AuthorizationError", noPermissions},
		{"NotFound", noResource}, {"NonExistent", noResource}, {"DoesNotExist", noResource},
		{"Throttl", throttling}, {"TooManyRequests", throttling}, {"LimitExceeded", throttling},
		{"Invalid", invalidInput}, {"Validation", invalidInput},
	} {
		if strings.Contains(e.Code, known.part) {
			return known.code, e.Message
		}
	}
	return fromTarget, e.Message
}
