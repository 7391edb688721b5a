package sns

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/url"

	"example.com/localcloud/delivery"
)

// timestamp is the format of times in notifications.
const timestamp = "2006-01-02T15:04:05.000Z"

// notification is the JSON that subscribers receive if delivery is not raw. It is signed; see sign.
type notification struct {
	Type              string
	MessageID         string `json:"MessageId"`
	SequenceNumber    string `json:",omitempty"`
	Token             string `json:",omitempty"` // in a confirmation
	TopicArn          string
	Subject           string `json:",omitempty"`
	Message           string
	SubscribeURL      string `json:",omitempty"` // in a confirmation
	Timestamp         string
	SignatureVersion  string                    `json:",omitempty"`
	Signature         string                    `json:",omitempty"`
	SigningCertURL    string                    `json:",omitempty"`
	UnsubscribeURL    string                    `json:",omitempty"`
	MessageAttributes map[string]attributeValue `json:",omitempty"`
}

type attributeValue struct{ Type, Value string }

func (sub *subscription) notification(m *message) *notification {
	return &notification{
		Type: "Notification", MessageID: m.id, SequenceNumber: m.sequence, TopicArn: m.topic, Subject: m.subject,
		Message: m.textFor(sub.protocol), Timestamp: m.at.Format(timestamp),
		UnsubscribeURL:    sub.link(url.Values{"Action": {"Unsubscribe"}, "SubscriptionArn": {sub.arn}}),
		MessageAttributes: attributeValues(m.attributes),
	}
}

// link returns a URL of the local cloud.
func (sub *subscription) link(query url.Values) string {
	return "http://" + sub.host + "/?" + query.Encode()
}

func attributeValues(attributes map[string]delivery.Attribute) map[string]attributeValue {
	values := make(map[string]attributeValue, len(attributes))
	for name, a := range attributes {
		value := a.StringValue
		if len(a.BinaryValue) > 0 {
			value = base64.StdEncoding.EncodeToString(a.BinaryValue)
		}
		values[name] = attributeValue{Type: a.DataType, Value: value}
	}
	return values
}

// encode leaves <, > and & unescaped, as AWS does.
func (n *notification) encode() []byte { return encode(n) }

func encode(document any) []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(document) // strings and maps always marshal
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// lambdaEvent returns the payload for a function. Some of its member names are spelled differently from those of a
// notification.
func (sub *subscription) lambdaEvent(n *notification) []byte {
	var subject *string
	if n.Subject != "" {
		subject = &n.Subject
	}
	return encode(map[string]any{"Records": []any{map[string]any{
		"EventVersion": "1.0", "EventSource": "aws:sns", "EventSubscriptionArn": sub.arn,
		"Sns": map[string]any{
			"Type": n.Type, "MessageId": n.MessageID, "TopicArn": n.TopicArn, "Subject": subject, "Message": n.Message,
			"Timestamp": n.Timestamp, "SignatureVersion": n.SignatureVersion, "Signature": n.Signature, "SigningCertUrl": n.SigningCertURL, "UnsubscribeUrl": n.UnsubscribeURL, "MessageAttributes": n.MessageAttributes,
		},
	}}})
}
