package wire

import (
	"fmt"
	"net/http"
)

// Error is an AWS error as a client receives it.
type Error struct {
	Code      string // "ResourceNotFoundException"
	Message   string
	Status    int            // HTTP status; 0 means 400
	QueryCode string         // in the query protocol, if it differs: "AWS.SimpleQueueService.NonExistentQueue"
	Members   map[string]any // additional members of the error: "CancellationReasons"
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }

// Errorf returns an error with status 400.
func Errorf(code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

func (e *Error) status() int {
	if e.Status == 0 {
		return http.StatusBadRequest
	}
	return e.Status
}

func (e *Error) queryCode() string {
	if e.QueryCode == "" {
		return e.Code
	}
	return e.QueryCode
}

// fault returns who caused the error, as the query protocol names it.
func (e *Error) fault() string {
	if e.status() >= http.StatusInternalServerError {
		return "Receiver"
	}
	return "Sender"
}
