package sns

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"example.com/localcloud/requestid"
	"example.com/localcloud/tap"
)

// postsAtOnce is the maximum number of concurrent requests; others wait. It keeps a burst within the connections that
// one machine can open.
const postsAtOnce = 256

// statusError is the error for a response other than 2xx.
type statusError struct{ status int }

func (e *statusError) Error() string { return fmt.Sprintf("the endpoint responded with %d", e.status) }

// final reports whether a retry is pointless: as on AWS, after any 4xx except 429.
func (e *statusError) final() bool {
	return e.status >= 400 && e.status < 500 && e.status != http.StatusTooManyRequests
}

func (s *Service) postNotification(sub *subscription, m *message) {
	body := []byte(m.textFor(sub.protocol))
	if !sub.raw {
		body = s.sign(sub, sub.notification(m)).encode()
	}
	err := s.post(sub, "Notification", m.id, body)
	switch {
	case err == nil:
		s.report(tap.Delivered, sub, m, sub.endpoint)
	case s.closing.Err() != nil:
		return // the service sends it again after Restore
	default:
		s.undelivered(context.WithoutCancel(s.closing), sub, m, err)
	}
	s.journal.Delete(kindPosting, postingKey(sub, m))
}

// postConfirmation sends the link that confirms a pending subscription.
func (s *Service) postConfirmation(sub *subscription) {
	n := &notification{
		Type: "SubscriptionConfirmation", MessageID: requestid.New(), Token: sub.token, TopicArn: sub.topic,
		Message: "You have chosen to subscribe to the topic " + sub.topic + ".\n" +
			"To confirm the subscription, visit the SubscribeURL included in this message.",
		SubscribeURL: sub.link(url.Values{"Action": {"ConfirmSubscription"}, "TopicArn": {sub.topic}, "Token": {sub.token}}),
		Timestamp:    time.Now().UTC().Format(timestamp),
	}
	s.posting.Go(func() {
		if err := s.post(sub, n.Type, n.MessageID, s.sign(sub, n).encode()); err != nil {
			s.report(tap.Undelivered, sub, &message{id: n.MessageID}, err.Error())
		}
	})
}

// post sends a request until it succeeds, the retries are exhausted or the service closes.
func (s *Service) post(sub *subscription, kind, id string, body []byte) (err error) {
	for attempt := range sub.retry.times + 1 {
		if attempt > 0 && pause(s.closing, sub.retry.delay) != nil {
			return err
		}
		err = s.postOnce(sub, kind, id, body)
		failure, _ := err.(*statusError)
		if err == nil || failure != nil && failure.final() {
			return err
		}
	}
	return err
}

func (s *Service) postOnce(sub *subscription, kind, id string, body []byte) error {
	select {
	case s.posts <- struct{}{}:
		defer func() { <-s.posts }()
	case <-s.closing.Done():
		return s.closing.Err()
	}
	r, err := http.NewRequestWithContext(s.closing, http.MethodPost, sub.endpoint, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "text/plain; charset=UTF-8")
	r.Header.Set("User-Agent", "Amazon Simple Notification Service Agent")
	r.Header.Set("X-Amz-Sns-Message-Type", kind)
	r.Header.Set("X-Amz-Sns-Message-Id", id)
	r.Header.Set("X-Amz-Sns-Topic-Arn", sub.topic)
	if kind == "Notification" {
		r.Header.Set("X-Amz-Sns-Subscription-Arn", sub.arn)
	}
	if sub.raw {
		r.Header.Set("X-Amz-Sns-Rawdelivery", "true")
	}
	response, err := s.client.Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, 64<<10)) // so that the connection can be reused
	if response.StatusCode < 200 || response.StatusCode > 299 {
		return &statusError{status: response.StatusCode}
	}
	return nil
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
