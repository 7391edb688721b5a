package dynamodb

import "example.com/localcloud/wire"

// Error codes.
const (
	codeValidation = "ValidationException"
	codeNotFound   = "ResourceNotFoundException"
	codeInUse      = "ResourceInUseException"
	codeCondition  = "ConditionalCheckFailedException"
	codeCanceled   = "TransactionCanceledException"
	codeConflict   = "TransactionConflictException"
	codeLimit      = "LimitExceededException"
	codeMismatch   = "IdempotentParameterMismatchException"
)

func invalid(format string, args ...any) *wire.Error {
	return wire.Errorf(codeValidation, format, args...)
}

// invalidParameter returns the most common kind of error about a value.
func invalidParameter(format string, args ...any) *wire.Error {
	return invalid("One or more parameter values were invalid: "+format, args...)
}

var errNoTable = wire.Errorf(codeNotFound, "Requested resource not found")

// required rejects a missing member, as AWS's request validation does.
func required(member string, missing bool) error {
	if missing {
		return invalid("1 validation error detected: Value null at '%s' failed to satisfy constraint: Member must not be null", member)
	}
	return nil
}
