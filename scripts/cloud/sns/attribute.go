package sns

import (
	"regexp"
	"strconv"
	"strings"

	"example.com/localcloud/delivery"
	"example.com/localcloud/wire"
)

// maxAttributeName is in bytes.
const maxAttributeName = 256

var notInNames = regexp.MustCompile(`[^A-Za-z0-9_.-]`)

// checkAttribute rejects an invalid message attribute with AWS's texts (LocalStack's
// test_empty_or_wrong_message_attributes and test_message_attributes_prefixes, validated against AWS).
func checkAttribute(name string, a delivery.Attribute) error {
	if err := checkAttributeName(name); err != nil {
		return err
	}
	if a.DataType == "" {
		return wire.Errorf("ValidationError", "1 validation error detected: Value null at 'messageAttributes.%s.member.dataType' failed to satisfy constraint: Member must not be null", name)
	}
	kind, label, labelled := strings.Cut(a.DataType, ".")
	field, value, other := "String", a.StringValue, len(a.BinaryValue) > 0
	if kind == "Binary" {
		field, value, other = "Binary", string(a.BinaryValue), a.StringValue != ""
	}
	switch {
	case kind != "String" && kind != "Number" && kind != "Binary" || labelled && label == "":
		return errValue("The message attribute '%s' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.", name)
	case other:
		return errValue("The message attribute '%s' with type '%s' must use field '%s'.", name, a.DataType, field)
	case value == "":
		return errValue("The message attribute '%s' must contain non-empty message attribute value for message attribute type '%s'.", name, a.DataType)
	case kind == "Number" && !isNumber(value):
		return errValue("Could not cast message attribute '%s' value to number.", name)
	case a.DataType == "String.Array" && !isArray(value):
		return errValue("The message attribute '%s' with type 'String.Array' must be a JSON array of strings, numbers, true, false and null.", name)
	}
	return nil
}

func checkAttributeName(name string) error {
	bad := []rune(notInNames.FindString(name))
	lower := strings.ToLower(name)
	switch {
	case name == "":
		return errValue("Message attribute name can not be empty.")
	case len(name) > maxAttributeName:
		return errValue("Length of message attribute name must be less than %d bytes.", maxAttributeName)
	case len(bad) > 0:
		return errValue("Invalid non-alphanumeric character '#x%X' was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots.", bad[0])
	case strings.HasPrefix(name, "."):
		return errValue("Invalid message attribute name starting with character '.' was found.")
	case strings.HasSuffix(name, "."):
		return errValue("Invalid message attribute name ending with character '.' was found.")
	case strings.Contains(name, ".."):
		return errValue("Message attribute name can not have successive '.' character.")
	case strings.HasPrefix(lower, "aws.") || strings.HasPrefix(lower, "amazon."): // developer guide, "Amazon SNS message attributes"
		return errValue("The message attribute name '%s' starts with a prefix that AWS reserves. The local cloud has no mobile push or SMS, which have attributes with it.", name)
	}
	return nil
}

func isNumber(text string) bool {
	_, err := strconv.ParseFloat(text, 64)
	return err == nil && !strings.ContainsAny(text, "xXpPnN_")
}

// isArray reports whether a text is a value of the type String.Array, which filter policies match element by element.
func isArray(text string) bool {
	value, ok := read(text, nil)
	list, isList := value.([]any)
	for _, element := range list {
		switch element.(type) {
		case []any, map[string]any:
			return false
		}
	}
	return ok && isList
}
