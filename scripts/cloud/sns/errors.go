package sns

import (
	"fmt"
	"net/http"

	"example.com/localcloud/wire"
)

// Codes and messages follow responses of AWS that public test suites have recorded.

func errInvalid(format string, args ...any) *wire.Error {
	return wire.Errorf("InvalidParameter", "Invalid parameter: "+format, args...)
}

func errNotFound(what string) *wire.Error {
	return &wire.Error{Code: "NotFound", Message: what + " does not exist", Status: http.StatusNotFound}
}

func errValue(format string, args ...any) *wire.Error {
	return &wire.Error{Code: "ParameterValueInvalid", Message: fmt.Sprintf(format, args...)}
}
