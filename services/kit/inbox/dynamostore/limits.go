package dynamostore

import (
	"fmt"

	"example.com/troupe/services/kit/eventing"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// The limits of DynamoDB ("Quotas in Amazon DynamoDB").
const (
	maxActions     = 100       // in a transaction, the record among them
	maxKey         = 2048      // bytes of a partition key: no item has a longer one
	maxOrder       = 1024      // bytes of a sort key
	maxItem        = 400 << 10 // bytes, names of attributes included
	maxTransaction = 4 << 20   // bytes
)

// LimitError means that a unit of work is more than DynamoDB commits in one transaction.
// It is permanent: another delivery would fail as well.
type LimitError struct {
	What        string
	Size, Limit int
	Advice      string
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("%s: %d, where DynamoDB takes %d: %s", e.What, e.Size, e.Limit, e.Advice)
}

// limits reports what DynamoDB would refuse, in terms that help the handler's author.
func limits(actions []types.TransactWriteItem) error {
	if len(actions) > maxActions {
		return tooMuch("documents of the unit of work, and its record", len(actions), maxActions,
			"handle fewer at once, and let an event start the next part")
	}
	total := 0
	for _, action := range actions {
		if size := len(text(keyOf(action), KeyAttribute)); size > maxKey {
			return tooMuch("bytes of the key of a document", size, maxKey, "derive a shorter key")
		}
		if action.Put == nil {
			continue
		}
		size := sizeOf(action.Put.Item)
		if size > maxItem {
			return tooMuch("bytes of "+text(action.Put.Item, KeyAttribute), size, maxItem,
				"split the document, or keep what is large in S3 and its key here; a record holds the published events and the response")
		}
		total += size
	}
	if total > maxTransaction {
		return tooMuch("bytes of the unit of work", total, maxTransaction, "handle fewer or smaller documents at once")
	}
	return nil
}

// entryLimits reports entries that no index holds: DynamoDB would refuse the whole transaction.
func entryLimits(changes []eventing.Change) error {
	for _, change := range changes {
		for _, entry := range change.Entries {
			if size := len(entry.Value); size > maxKey {
				return tooMuch("bytes of the value of "+change.Key+" in the index "+entry.Index, size, maxKey, "derive a shorter value")
			}
			if size := len(entry.Position); size > maxOrder {
				return tooMuch("bytes of the order, a separator and the key of "+change.Key+" in the index "+entry.Index, size, maxOrder, "derive a shorter order or key")
			}
		}
	}
	return nil
}

func keyOf(action types.TransactWriteItem) item {
	if action.Put != nil {
		return action.Put.Item
	}
	return action.ConditionCheck.Key
}

func tooMuch(what string, size, limit int, advice string) error {
	return eventing.Permanent("too-large", &LimitError{What: what, Size: size, Limit: limit, Advice: advice})
}

// sizeOf returns the size of an item as DynamoDB counts it: names and strings in UTF-8,
// and a number in at most 21 bytes.
func sizeOf(of item) int {
	size := 0
	for name, value := range of {
		size += len(name)
		switch v := value.(type) {
		case *types.AttributeValueMemberS:
			size += len(v.Value)
		default:
			size += 21
		}
	}
	return size
}
