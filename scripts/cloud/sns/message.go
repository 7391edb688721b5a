package sns

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.com/localcloud/delivery"
)

// MaxMessage is the maximum size of a message, and of all messages of a batch, in bytes.
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

// check rejects what AWS rejects in any message.
func (m *message) check() error {
	switch {
	case m.text == "":
		return errInvalid("Empty message")
	case len(m.text) > MaxMessage:
		return errInvalid("Message too long")
	case len(m.subject) > 100 || strings.ContainsAny(m.subject, "\n\r"):
		return errInvalid("Subject")
	}
	for _, name := range slices.Sorted(maps.Keys(m.attributes)) {
		if err := checkAttribute(name, m.attributes[name]); err != nil {
			return err
		}
	}
	return nil
}

func checkAttribute(name string, a delivery.Attribute) error {
	if name == "" || len(name) > 256 {
		return errValue("The message attribute name '%.300s' must be 1 to 256 characters long.", name)
	}
	kind, _, _ := strings.Cut(a.DataType, ".")
	switch {
	case kind != "String" && kind != "Number" && kind != "Binary":
		return errValue("The message attribute '%s' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.", name)
	case kind == "Binary" && len(a.BinaryValue) == 0, kind != "Binary" && a.StringValue == "":
		return errValue("The message attribute '%s' must contain non-empty message attribute value for message attribute type '%s'.", name, a.DataType)
	case kind == "Number" && !isNumber(a.StringValue):
		return errValue("Could not cast message attribute '%s' value to number.", name)
	}
	return nil
}

func isNumber(text string) bool {
	_, err := strconv.ParseFloat(text, 64)
	return err == nil && !strings.ContainsAny(text, "xXpPnN_")
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
	if json.Unmarshal([]byte(m.text), &texts) != nil {
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
