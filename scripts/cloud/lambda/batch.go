package lambda

import (
	"bytes"
	"encoding/json"
	"fmt"

	"example.com/localcloud/sqs"
	"example.com/localcloud/wire"
)

// part is the messages of one invocation with its payload.
type part struct {
	messages []sqs.Message
	payload  []byte
}

// divide divides a batch into parts whose payloads are small enough for an invocation. AWS ends a batch at that size
// (developer guide, "Using Lambda with Amazon SQS": the payload reaches 6 MB).
func (p *poller) divide(batch []sqs.Message) ([]part, error) {
	var parts []part
	var open part
	const before, after = `{"Records":[`, `]}`
	finish := func() {
		if len(open.messages) > 0 {
			open.payload = append(open.payload, after...)
			parts = append(parts, open)
		}
		open = part{payload: []byte(before)}
	}
	finish()
	for _, m := range batch {
		one, err := encode(newRecord(p.mapping.EventSourceArn, m))
		if err != nil {
			return nil, fmt.Errorf("encode message %s: %w", m.MessageId, err)
		}
		if len(open.payload)+len(",")+len(one)+len(after) > maxPayload {
			finish()
		}
		if len(open.messages) > 0 {
			open.payload = append(open.payload, ',')
		}
		open.payload = append(open.payload, one...)
		open.messages = append(open.messages, m)
	}
	finish()
	return parts, nil
}

// encode encodes a value without the escapes that HTML needs, which would make it larger than AWS does.
func encode(value any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(value)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// record is a message as a function receives it.
type record struct {
	MessageID         string                     `json:"messageId"`
	ReceiptHandle     string                     `json:"receiptHandle"`
	Body              string                     `json:"body"`
	Attributes        map[string]string          `json:"attributes"`
	MessageAttributes map[string]recordAttribute `json:"messageAttributes"`
	MD5OfBody         string                     `json:"md5OfBody"`
	EventSource       string                     `json:"eventSource"`
	EventSourceARN    string                     `json:"eventSourceARN"`
	AWSRegion         string                     `json:"awsRegion"`
}

type recordAttribute struct {
	StringValue string   `json:"stringValue,omitempty"`
	BinaryValue []byte   `json:"binaryValue,omitempty"`
	ListStrings []string `json:"stringListValues"`
	ListBinary  [][]byte `json:"binaryListValues"`
	DataType    string   `json:"dataType"`
}

func newRecord(arn string, m sqs.Message) record {
	attributes := map[string]recordAttribute{}
	for name, a := range m.MessageAttributes {
		attributes[name] = recordAttribute{StringValue: a.StringValue, BinaryValue: a.BinaryValue, ListStrings: []string{}, ListBinary: [][]byte{}, DataType: a.DataType}
	}
	return record{
		MessageID: m.MessageId, ReceiptHandle: m.ReceiptHandle, Body: m.Body, Attributes: m.Attributes,
		MessageAttributes: attributes, MD5OfBody: m.MD5OfBody, EventSource: "aws:sqs", EventSourceARN: arn, AWSRegion: wire.Region,
	}
}
