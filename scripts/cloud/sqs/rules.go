package sqs

import (
	"maps"
	"slices"
	"strconv"

	"example.com/localcloud/wire"
)

// bounds holds the range and the default of a numeric attribute. Most are in seconds.
type bounds struct{ least, most, standard int }

var numeric = map[string]bounds{
	"VisibilityTimeout":             {0, 43_200, 30},
	"MessageRetentionPeriod":        {60, 1_209_600, 345_600},
	"DelaySeconds":                  {0, 900, 0},
	"ReceiveMessageWaitTimeSeconds": {0, 20, 0},
	"MaximumMessageSize":            {1024, MaxMessage, MaxMessage}, // bytes
	"KmsDataKeyReusePeriodSeconds":  {60, 86_400, 300},
}

// choices holds the attributes of FIFO queues that have two possible values. The first is the default.
var choices = map[string][2]string{
	"DeduplicationScope":  {"queue", "messageGroup"},
	"FifoThroughputLimit": {"perQueue", "perMessageGroupId"},
}

func defaults(fifo bool) map[string]string {
	attributes := map[string]string{"SqsManagedSseEnabled": "true"}
	for name, b := range numeric {
		attributes[name] = strconv.Itoa(b.standard)
	}
	delete(attributes, "KmsDataKeyReusePeriodSeconds") // shown only with a key
	if fifo {
		attributes["FifoQueue"] = "true"
		attributes["ContentBasedDeduplication"] = "false"
		for name, words := range choices {
			attributes[name] = words[0]
		}
	}
	return attributes
}

// change returns the attributes with changes applied, formatted as AWS returns them.
func change(attributes, changes map[string]string, fifo bool) (map[string]string, error) {
	changed := maps.Clone(attributes)
	if changes["KmsMasterKeyId"] != "" {
		changed["SqsManagedSseEnabled"] = "false"
	}
	for _, name := range slices.Sorted(maps.Keys(changes)) {
		value := changes[name]
		if err := checkAttribute(name, value, fifo); err != nil {
			return nil, err
		}
		changed[name] = value
		if value == "" {
			delete(changed, name)
		}
	}
	return changed, nil
}

func checkAttribute(name, value string, fifo bool) error {
	if !settable(name, fifo) {
		return errUnknownAttribute(name)
	}
	limits, isNumber := numeric[name]
	words, isChoice := choices[name]
	ok := true
	switch {
	case isNumber:
		number, err := strconv.Atoi(value)
		ok = err == nil && limits.least <= number && number <= limits.most
	case isChoice:
		ok = value == words[0] || value == words[1]
	case name == "FifoQueue":
		ok = value == "true"
	case name == "SqsManagedSseEnabled", name == "ContentBasedDeduplication":
		ok = value == "true" || value == "false"
	}
	if !ok {
		return wire.Errorf("InvalidAttributeValue", "Invalid value for the parameter %s.", name)
	}
	return nil
}

func settable(name string, fifo bool) bool {
	_, isNumber := numeric[name]
	_, isChoice := choices[name]
	switch name {
	case "Policy", "RedrivePolicy", "RedriveAllowPolicy", "KmsMasterKeyId", "SqsManagedSseEnabled":
		return true
	case "FifoQueue", "ContentBasedDeduplication":
		return fifo
	}
	return isNumber || isChoice && fifo
}

func errUnknownAttribute(name string) *wire.Error {
	return wire.Errorf("InvalidAttributeName", "Unknown Attribute %s.", name)
}
