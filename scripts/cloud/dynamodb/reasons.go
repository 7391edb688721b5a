package dynamodb

import (
	"errors"
	"strings"

	"example.com/localcloud/wire"
)

// reason is the outcome of one action of a cancelled transaction.
type reason struct {
	Code    string
	Message string `json:",omitempty"`
	Item    Item   `json:",omitzero"`
}

// newReason returns the reason if err cancels a transaction, or err itself if it rejects the whole request.
func newReason(err error) (reason, error) {
	if err == nil {
		return reason{Code: "None"}, nil
	}
	e, ok := errors.AsType[*wire.Error](err)
	if !ok {
		return reason{}, err
	}
	item, _ := e.Members["Item"].(Item)
	code, ok := map[string]string{
		codeCondition:  "ConditionalCheckFailed",
		codeConflict:   "TransactionConflict",
		codeValidation: "ValidationError",
	}[e.Code]
	if !ok {
		return reason{}, err
	}
	return reason{code, e.Message, item}, nil
}

// reasons holds the outcome of each action of a transaction, in order.
type reasons []reason

// err returns the error that cancels the transaction, or nil if no action failed.
func (all reasons) err() error {
	codes, failed := make([]string, len(all)), false
	for i, r := range all {
		codes[i] = r.Code
		failed = failed || r.Code != "None"
	}
	if !failed {
		return nil
	}
	e := wire.Errorf(codeCanceled, "Transaction cancelled, please refer cancellation reasons for specific reasons [%s]", strings.Join(codes, ", "))
	e.Members = map[string]any{"CancellationReasons": all}
	return e
}
