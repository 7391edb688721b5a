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

// Reasons of messages that do not bear one.
const (
	TooManyReceives = "too many receives" // SQS moved it: the service failed at it as often as its queue allows
	NoReason        = "no reason given"
)

// Letter is a message that a service failed at, or that did not reach it.
type Letter struct {
	ID        string            `json:"id"`
	SentAt    time.Time         `json:"sentAt"` // where SQS moved it: to the service's queue, at first
	EventID   string            `json:"eventId,omitempty"`
	Type      string            `json:"type,omitempty"` // of event
	Subject   string            `json:"subject,omitempty"`
	Execution string            `json:"execution,omitempty"`
	Reason    string            `json:"reason"`
	Error     string            `json:"error,omitempty"`
	Why       map[string]string `json:"why"` // the message's attributes: reason, error, …
	Body      json.RawMessage   `json:"body,omitempty"`

	text    *string // as it came
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
	envelope, _ := events.Decode(body) // what could be read of it
	about := envelope.Metadata
	letter.EventID, letter.Type, letter.Subject, letter.Execution = about.ID, about.Type, about.Subject, about.CorrelationID
	if !json.Valid(body) {
		letter.Body, _ = json.Marshal(string(body)) // a string always has JSON
	}
	return letter
}

// reason tells why a message is there. What SQS has moved names the queue that it came from; its attributes may be of an
// earlier failure. A service that dead-letters a message says reason and error, EventBridge ERROR_CODE and ERROR_MESSAGE (user guide,
// "Using dead-letter queues"), SNS nothing.
func reason(m types.Message, why map[string]string) (reason, text string) {
	if m.Attributes[string(types.MessageSystemAttributeNameDeadLetterQueueSourceArn)] != "" {
		return TooManyReceives, ""
	}
	return cmp.Or(why["reason"], why["ERROR_CODE"], NoReason), cmp.Or(why["error"], why["ERROR_MESSAGE"])
}

// Key tells two failures of one event from those of another: the event's id, or all of a message that is no event.
func (l Letter) Key() string { return cmp.Or(l.EventID, aws.ToString(l.text)) }
