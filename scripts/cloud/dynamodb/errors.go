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

// unknownMember returns the decoder's error about a member that one of several requests with the same Go type has not.
func unknownMember(member string) *wire.Error {
	return wire.Errorf("SerializationException", "unknown field %q", member)
}

// invalidParameter returns the most common kind of error about a value.
func invalidParameter(format string, args ...any) *wire.Error {
	return invalid("One or more parameter values were invalid: "+format, args...)
}
