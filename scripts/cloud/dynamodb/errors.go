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
	codeDenied     = "AccessDeniedException"
	codeMismatch   = "IdempotentParameterMismatchException"
)

func invalid(format string, args ...any) *wire.Error {
	return wire.Errorf(codeValidation, format, args...)
}

// invalidParameter returns the most common kind of error about a value.
func invalidParameter(format string, args ...any) *wire.Error {
	return invalid("One or more parameter values were invalid: "+format, args...)
}
