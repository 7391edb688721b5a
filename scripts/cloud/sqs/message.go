package sqs

import (
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"example.com/localcloud/requestid"
)

// state is the state of a message in its queue.
type state int

const (
	absent   state = iota
	delayed        // sent, but cannot be received yet
	visible        // can be received
	inFlight       // received, and neither deleted nor visible again
	states
)

// content is the part of a message that comes from its sender.
type content struct {
	body       string
	bodyMD5    string
	attributes map[string]MessageAttributeValue
	trace      string // AWSTraceHeader
	sender     string // SenderId
	from       string // ARN of the rule, topic or schedule that delivered it, for the tap
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
	received time.Time // latest
	receives int       // ApproximateReceiveCount, across all queues
	before   int       // the receives that happened in earlier queues
	source   string    // DeadLetterQueueSourceArn

	state   state
	due     time.Time // when it becomes visible, if delayed or in flight
	next    time.Time // the time of its next event: due, or the end of its retention
	order   uint64    // position among the visible messages of its group
	agenda  int       // position in queue.agenda
	place   int       // position in its group's heap for the state
	touched bool      // is in queue.touched
}

func newMessage(c content, now time.Time) *message {
	return &message{content: c, id: requestid.New(), sent: now}
}

// transfer returns a copy of the message for another queue.
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

// receipt is a decoded receipt handle.
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
