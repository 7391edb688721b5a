package sqs

import (
	"crypto/md5"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"example.com/localcloud/wire"
)

// maxAttributes is the maximum number of attributes of a message.
const maxAttributes = 10

var attributeName = regexp.MustCompile(`^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$`)

// MessageAttributeValue is a message attribute.
type MessageAttributeValue struct {
	DataType    string // String, Number or Binary, with an optional custom label after a dot
	StringValue string `json:",omitempty"`
	BinaryValue []byte `json:",omitempty"`
}

func (v MessageAttributeValue) size() int {
	return len(v.DataType) + len(v.StringValue) + len(v.BinaryValue)
}

// checkBody rejects characters that XML cannot carry. AWS does so in both protocols.
func checkBody(body string) error {
	if body == "" {
		return errMissing("MessageBody")
	}
	for _, r := range body {
		if r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff {
			return wire.Errorf("InvalidMessageContents", "Invalid binary character '#x%X' was found in the message body, the set of allowed characters is "+
				"#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF", r)
		}
	}
	return nil
}

func checkAttributes(attributes map[string]MessageAttributeValue) error {
	if len(attributes) > maxAttributes {
		return errInvalid("Number of message attributes [%d] exceeds the allowed maximum [%d].", len(attributes), maxAttributes)
	}
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		if err := checkMessageAttribute(name, attributes[name]); err != nil {
			return err
		}
	}
	return nil
}

func checkMessageAttribute(name string, v MessageAttributeValue) error {
	lower := strings.ToLower(name)
	if len(name) > 256 || !attributeName.MatchString(name) || strings.HasPrefix(lower, "aws.") || strings.HasPrefix(lower, "amazon.") {
		return errInvalid("The message attribute name '%.300s' is invalid. It can hold A-Z, a-z, 0-9, underscore, hyphen and single periods inside, "+
			"1 to 256 characters, and must not start with AWS. or Amazon.", name)
	}
	kind, _, _ := strings.Cut(v.DataType, ".")
	var empty bool
	switch kind {
	case "String", "Number":
		empty = v.StringValue == ""
	case "Binary":
		empty = len(v.BinaryValue) == 0
	default:
		return errInvalid("The type of message (user) attribute '%s' is invalid. You must use only the following supported type prefixes: Binary, Number, String.", name)
	}
	if empty || kind != "Binary" && len(v.BinaryValue) > 0 || kind == "Binary" && v.StringValue != "" {
		return errInvalid("The message (user) attribute '%s' must contain a non-empty value of its type '%s', and no other.", name, kind)
	}
	if kind == "Number" && !isNumber(v.StringValue) {
		return errInvalid("Can't cast the value of message (user) attribute '%s' to a number.", name)
	}
	return nil
}

func isNumber(text string) bool {
	_, err := strconv.ParseFloat(text, 64)
	return err == nil && !strings.ContainsAny(text, "xXpPnN_")
}

func (c *content) size() int {
	size := len(c.body)
	for name, v := range c.attributes {
		size += len(name) + v.size()
	}
	return size
}

func md5Hex(text string) string {
	sum := md5.Sum([]byte(text))
	return hex.EncodeToString(sum[:])
}

// md5OfAttributes returns AWS's checksum of message attributes: the MD5 of the attributes in order of name, where
// each part follows its length in four bytes. It returns "" if there are no attributes. Source: Amazon SQS Developer
// Guide, "Calculating the MD5 message digest for message attributes".
func md5OfAttributes(attributes map[string]MessageAttributeValue) string {
	if len(attributes) == 0 {
		return ""
	}
	h := md5.New()
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		v := attributes[name]
		part(h, name)
		part(h, v.DataType)
		if strings.HasPrefix(v.DataType, "Binary") {
			_, _ = h.Write([]byte{2})
			part(h, string(v.BinaryValue))
			continue
		}
		_, _ = h.Write([]byte{1})
		part(h, v.StringValue)
	}
	return hex.EncodeToString(h.Sum(nil))
}

func part(h hash.Hash, text string) {
	var length [4]byte
	binary.BigEndian.PutUint32(length[:], uint32(len(text))) // a message is 1 MiB at most
	_, _ = h.Write(length[:])
	_, _ = io.WriteString(h, text)
}
