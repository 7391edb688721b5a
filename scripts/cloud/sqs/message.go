package sqs

import (
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"example.com/localcloud/requestid"
)

// state is where a message stands in its queue.
type state int

const (
	absent   state = iota
	delayed        // sent, not yet to be received
	visible        // can be received
	inFlight       // received, neither deleted nor visible again
	states
)

// content is what a sender gives.
type content struct {
	body       string
	bodyMD5    string
	attributes map[string]MessageAttributeValue
	trace      string // AWSTraceHeader
	sender     string // SenderId
	from       string // ARN of the rule or topic that delivered it; for the tap
	group      string // MessageGroupId
	dedup      string // MessageDeduplicationId
}

// message is one message in one queue.
type message struct {
	content
	id       string
	sequence uint64    // FIFO
	sent     time.Time // SentTimestamp
	first    time.Time // ApproximateFirstReceiveTimestamp
	received time.Time // last
	receives int       // ApproximateReceiveCount, over all queues
	before   int       // of receives, in the queues it came from
	source   string    // DeadLetterQueueSourceArn

	state   state
	due     time.Time // becomes visible, when delayed or in flight
	next    time.Time // something happens: due, or its retention ends
	order   uint64    // among the visible ones of its group
	agenda  int       // place in queue.agenda
	visible int       // place in group.visible
	touched bool      // is in queue.touched
}

func newMessage(c content, now time.Time) *message {
	return &message{content: c, id: requestid.New(), sent: now}
}

// transfer returns the message as it enters another queue.
func (m *message) transfer(source string) *message {
	return &message{
		content: m.content, id: m.id, sequence: m.sequence, sent: m.sent, first: m.first,
		receives: m.receives, before: m.receives, source: source,
	}
}

// receipt returns the handle of the message's latest receive.
func (m *message) receipt(queue string) string {
	return base64.StdEncoding.EncodeToString([]byte(queue + " " + m.id + " " + strconv.Itoa(m.receives)))
}

// receipt is what a handle says.
type receipt struct {
	handle   string
	queue    string // ARN
	id       string // of the message
	receives int
}

func parseReceipt(handle string) (receipt, error) {
	raw, _ := base64.StdEncoding.DecodeString(handle)
	parts := strings.Split(string(raw), " ")
	if len(parts) != 3 {
		return receipt{}, errHandle(handle)
	}
	receives, err := strconv.Atoi(parts[2])
	if err != nil {
		return receipt{}, errHandle(handle)
	}
	return receipt{handle: handle, queue: parts[0], id: parts[1], receives: receives}, nil
}
