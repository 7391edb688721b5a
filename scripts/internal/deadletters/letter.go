package deadletters

import (
	"cmp"
	"encoding/json"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"example.com/troupe/events"
)

// Reasons for messages without one.
const (
	TooManyReceives = "too many receives" // SQS moved it: the service failed as often as its queue allows
	NoReason        = "no reason given"
)

// Letter is a message that a service failed to handle or that didn't reach it.
type Letter struct {
	ID        string            `json:"id"`
	SentAt    time.Time         `json:"sentAt"` // if SQS moved it: when it was first sent to the service's queue
	EventID   string            `json:"eventId,omitempty"`
	Type      string            `json:"type,omitempty"` // of the event
	Subject   string            `json:"subject,omitempty"`
	Execution string            `json:"execution,omitempty"`
	Reason    string            `json:"reason"`
	Error     string            `json:"error,omitempty"`
	Why       map[string]string `json:"why"` // the message's attributes: reason, error, …
	Body      json.RawMessage   `json:"body,omitempty"`

	text    *string // as received
	receipt *string
}

func newLetter(m types.Message) Letter {
	body := []byte(aws.ToString(m.Body))
	letter := Letter{ID: aws.ToString(m.MessageId), Why: map[string]string{}, Body: body, text: m.Body, receipt: m.ReceiptHandle}
	if sent, err := strconv.ParseInt(m.Attributes["SentTimestamp"], 10, 64); err == nil {
		letter.SentAt = time.UnixMilli(sent)
	}
	for name, value := range m.MessageAttributes {
		letter.Why[name] = aws.ToString(value.StringValue)
	}
	letter.Reason, letter.Error = reason(m, letter.Why)
	envelope, _ := events.Decode(body) // as much as could be decoded
	about := envelope.Metadata
	letter.EventID, letter.Type, letter.Subject, letter.Execution = about.ID, cmp.Or(letter.Why["eventType"], about.Type), about.Subject, about.CorrelationID
	if !json.Valid(body) {
		letter.Body, _ = json.Marshal(string(body)) // encoding a string can't fail
	}
	return letter
}

// reason returns why a message is in the queue. SQS names the original queue in what it moves; other attributes of
// such a message may be from an earlier failure. A service that dead-letters a message sets reason and error,
// EventBridge sets ERROR_CODE and ERROR_MESSAGE (user guide, "Using dead-letter queues"), and SNS sets nothing.
func reason(m types.Message, why map[string]string) (reason, text string) {
	if m.Attributes[string(types.MessageSystemAttributeNameDeadLetterQueueSourceArn)] != "" {
		return TooManyReceives, ""
	}
	return cmp.Or(why["reason"], why["ERROR_CODE"], NoReason), cmp.Or(why["error"], why["ERROR_MESSAGE"])
}

// Key identifies the event that failed: the event's ID, or the whole message if it isn't an event.
func (l Letter) Key() string { return cmp.Or(l.EventID, aws.ToString(l.text)) }

// Text returns the message's body as it was received.
func (l Letter) Text() string { return aws.ToString(l.text) }

// All wants every letter.
func All(Letter) bool { return true }

// Because wants the letters with a reason.
func Because(reason string) func(Letter) bool {
	return func(l Letter) bool { return l.Reason == reason }
}
