package sns

import (
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"example.com/localcloud/delivery"
	"example.com/localcloud/wire"
)

// MaxMessage is the maximum size of a message's text and attributes together, and of all messages of a batch, in bytes.
const MaxMessage = 256 << 10

// message is a published message.
type message struct {
	id         string
	topic      string // ARN
	at         time.Time
	sequence   string // FIFO
	subject    string
	text       string
	structure  map[string]string // text by protocol, if MessageStructure is json
	attributes map[string]delivery.Attribute
	group      string
	dedup      string
}

// check rejects what AWS rejects in any message, apart from its size.
func (in *Publishing) check() error {
	if in.Message == "" {
		return errInvalid("Empty message")
	}
	if s := in.Subject; s != nil && (*s == "" || utf8.RuneCountInString(*s) > 100 || strings.ContainsFunc(*s, unicode.IsControl)) {
		return errInvalid("Subject")
	}
	for _, name := range slices.Sorted(maps.Keys(in.MessageAttributes)) {
		if err := checkAttribute(name, in.MessageAttributes[name]); err != nil {
			return err
		}
	}
	return nil
}

// size returns the size that AWS limits, which includes the attributes' names and types. Source: LocalStack's
// test_publish_too_long_message, validated against AWS.
func (in *Publishing) size() int {
	size := len(in.Message)
	for name, a := range in.MessageAttributes {
		size += len(name) + len(a.DataType) + len(a.StringValue) + len(a.BinaryValue)
	}
	return size
}

// parseStructure parses the texts for the protocols.
func (m *message) parseStructure(structure string) error {
	switch structure {
	case "":
		return nil
	case "json":
	default:
		return errInvalid("Message Structure - it can be json")
	}
	var texts map[string]any
	if wire.DecodeDocument(m.text, &texts) != nil { // "Duplicate keys are not allowed" (API reference, Publish)
		return errInvalid("Message Structure - JSON message body failed to parse")
	}
	m.structure = map[string]string{}
	for protocol, text := range texts {
		if text, ok := text.(string); ok {
			m.structure[protocol] = text
		}
	}
	if _, ok := m.structure["default"]; !ok {
		return errInvalid("Message Structure - No default entry in JSON message body")
	}
	return nil
}

// textFor returns the text for subscribers of a protocol.
func (m *message) textFor(protocol string) string {
	if m.structure == nil {
		return m.text
	}
	if text, ok := m.structure[protocol]; ok {
		return text
	}
	return m.structure["default"]
}
