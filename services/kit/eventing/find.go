package eventing

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
)

// MaxPage is how many documents Find returns at most: as many as DynamoDB reads with one call.
const MaxPage = 100

// defaultPage is how many documents Find returns if a query doesn't say.
const defaultPage = 20

// ErrCursor means that a cursor is not one that Find returned for the same query. Over HTTP it is the
// client's mistake, and package web answers 400.
var ErrCursor = errors.New("the cursor is not one of this query's")

// Query asks for the documents with a value in an index.
type Query struct {
	Index  string // its name
	Value  string
	Newest bool   // the greatest order first; otherwise the least
	Limit  int    // of documents: 1 to MaxPage; 0 is 20
	After  string // the cursor that the page before was returned with; "" for the first page
}

// Find returns a page of documents, and the cursor of the next page, "" if this is the last. A cursor is
// text for clients to send back; it shows the key and the order of a document to whoever decodes it.
//
// Find sees what is committed: which documents there are, and in which order, but each as this unit of work
// has loaded or saved it. Over DynamoDB the index follows a commit within about a second. A document that
// no longer has the value is left out, so a page may be shorter than its limit and not be the last.
//
// Finding is not loading: a commit doesn't fail because a document that was found, or the set of those
// that are found, has changed by then. Load what a decision depends on, which doesn't read it again. Saving
// a document that was found fails, and the work runs again, if it has changed.
//
// Over DynamoDB a page costs half a read unit for each 4 KB of entries, and what reading its documents one by one does.
func Find[D any, P interface {
	*D
	Document
}](ctx context.Context, tx *Tx, q Query) (page []*D, next string, err error) {
	search, err := q.search()
	if err == nil {
		err = tx.declared(q.Index)
	}
	if err != nil {
		return nil, "", err
	}
	found, more, err := tx.search(ctx, search)
	if err != nil {
		return nil, "", err
	}
	page = make([]*D, 0, len(found))
	for _, f := range found {
		body := tx.found(f)
		if body == nil {
			continue
		}
		doc := P(new(D))
		if err := json.Unmarshal(body, doc); err != nil {
			return nil, "", fmt.Errorf("find %s by index %s: %w", f.Key, q.Index, err)
		}
		if doc.Key() != f.Key {
			return nil, "", Permanent("another-document", fmt.Errorf("find %s by index %s: it has the key %s as a %T: "+
				"a key must follow from what is stored, and an index must be of one type", f.Key, q.Index, doc.Key(), doc))
		}
		page = append(page, (*D)(doc))
	}
	if more {
		next = q.cursor(found[len(found)-1].Position)
	}
	return page, next, nil
}

// found returns the document as the unit of work has it, or else as it was found, and remembers the version
// for Load and Save. It returns nil if the document no longer has the entry.
func (tx *Tx) found(f Found) []byte {
	if f.Version == 0 {
		return nil
	}
	if change, known := tx.changes[f.Key]; known {
		if change.Body != nil {
			return change.Body
		}
		return change.Before
	}
	if tx.seen == nil {
		tx.seen = map[string]Found{}
	}
	if _, again := tx.seen[f.Key]; !again {
		tx.seen[f.Key] = f
	}
	return f.Body
}

func (q Query) search() (Search, error) {
	if q.Limit == 0 {
		q.Limit = defaultPage
	}
	if q.Limit < 1 || q.Limit > MaxPage {
		return Search{}, Permanent("invalid-query", fmt.Errorf("a page of %d documents of index %s: it has 1 to %d", q.Limit, q.Index, MaxPage))
	}
	if q.Value == "" || !plain(q.Value) {
		return Search{}, Permanent("invalid-query", fmt.Errorf("index %s, value %q: %w", q.Index, q.Value, ErrIndex))
	}
	s := Search{Index: q.Index, Value: q.Value, Limit: q.Limit, Down: q.Newest}
	if q.After == "" {
		return s, nil
	}
	decoded, err := base64.RawURLEncoding.Strict().DecodeString(q.After)
	if err != nil || len(decoded) <= proofSize || q.cursor(string(decoded[proofSize:])) != q.After {
		return Search{}, fmt.Errorf("index %s: %w", q.Index, ErrCursor)
	}
	s.After = string(decoded[proofSize:])
	return s, nil
}

// proofSize is how many bytes of a cursor tell whose it is: enough to notice a mistake. It is no secret, for
// whoever made a cursor up would only choose where the same documents begin.
const proofSize = 6

// cursor returns the cursor of the page after a position.
func (q Query) cursor(position string) string {
	proof := sha256.Sum256(fmt.Appendf(nil, "%q %q %t %q", q.Index, q.Value, q.Newest, position))
	return base64.RawURLEncoding.EncodeToString(append(proof[:proofSize], position...))
}
