package sqs

import (
	"fmt"
	"net/http"

	"example.com/localcloud/wire"
)

// Codes and messages follow responses of AWS that public test suites have recorded.

// legacy is the prefix of error names in the query protocol.
const legacy = "AWS.SimpleQueueService."

func errLegacy(code, format string, args ...any) *wire.Error {
	return &wire.Error{Code: code, QueryCode: legacy + code, Message: fmt.Sprintf(format, args...)}
}

func errNoQueue() *wire.Error {
	return &wire.Error{
		Code: "QueueDoesNotExist", QueryCode: legacy + "NonExistentQueue",
		Message: "The specified queue does not exist.",
	}
}

func errQueueExists(attribute string) *wire.Error {
	return &wire.Error{
		Code: "QueueNameExists", QueryCode: "QueueAlreadyExists",
		Message: "A queue already exists with the same name and a different value for attribute " + attribute,
	}
}

func errPurging(queue string) *wire.Error {
	e := errLegacy("PurgeQueueInProgress", "Only one PurgeQueue operation on %s is allowed every 60 seconds.", queue)
	e.Status = http.StatusForbidden
	return e
}

func errHandle(handle string) *wire.Error {
	return wire.Errorf("ReceiptHandleIsInvalid", "The input receipt handle \"%.200s\" is not a valid receipt handle.", handle)
}

func errParameter(name string, value any, reason string) *wire.Error {
	return wire.Errorf("InvalidParameterValue", "Value %v for parameter %s is invalid. Reason: %s", value, name, reason)
}

func errInvalid(format string, args ...any) *wire.Error {
	return wire.Errorf("InvalidParameterValue", format, args...)
}

func errMissing(name string) *wire.Error {
	return wire.Errorf("MissingParameter", "The request must contain the parameter %s.", name)
}

func errNoResource(format string, args ...any) *wire.Error {
	e := wire.Errorf("ResourceNotFoundException", format, args...)
	e.Status = http.StatusNotFound
	return e
}
