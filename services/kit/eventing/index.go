package eventing

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Indexed is a document that is found by more than its key. Its entries are written and removed with it, in the
// same transaction.
//
// Over DynamoDB an entry that is new or removed costs one write unit more, and a changed one two ("Global secondary
// indexes: write considerations", developer guide); saving a document whose entries stay as they are costs nothing
// more. Over SQL each saving replaces the entries.
type Indexed interface {
	Document
	// Indexes returns the document's entries, at most one an index. A type that no longer has any returns
	// none, and removes those of earlier versions.
	Indexes() []Index
}

// Index is an entry under which a document is found: appointments of a patient by their time.
type Index struct {
	Name  string // "patient", one of "indexes" in service.json
	Value string // what Find asks for; a document with an empty one is not found
	Order string // documents with the same value are ordered by this text byte by byte, then by their keys
}

// ErrIndex means that a document's entry, or what Find was asked for, can't be an entry of an index.
var ErrIndex = errors.New("names of indexes are of service.json, one entry an index, and texts are UTF-8 without NUL")

// position returns the place of an entry among those of the same value. No order contains NUL, so positions
// compare as orders do, and then as keys.
func (i Index) position(key string) string { return i.Order + "\x00" + key }

func (i Index) valid() bool {
	return i.Name != "" && plain(i.Value) && plain(i.Order)
}

func plain(text string) bool { return utf8.ValidString(text) && !strings.ContainsRune(text, 0) }

// Entry is where a document stands in an index: for a store.
type Entry struct {
	Index    string
	Value    string
	Position string // its place among entries of the same value, compared byte by byte; no two have the same
}

// entriesOf returns the entries of a document; nil unless it is Indexed.
func entriesOf(doc Document) ([]Entry, error) {
	indexed, ok := doc.(Indexed)
	if !ok {
		return nil, nil
	}
	entries := []Entry{}
	for _, index := range indexed.Indexes() {
		again := slices.ContainsFunc(entries, func(e Entry) bool { return e.Index == index.Name })
		if again || !index.valid() {
			return nil, Permanent("invalid-index", fmt.Errorf("index %q of %s, value %q: %w", index.Name, doc.Key(), index.Value, ErrIndex))
		}
		if index.Value != "" {
			entries = append(entries, Entry{Index: index.Name, Value: index.Value, Position: index.position(doc.Key())})
		}
	}
	return entries, nil
}

// Search is what a store is asked for: entries with a value, in order.
type Search struct {
	Index string
	Value string
	After string // the position that the entries come after, in the order asked for; "" for the first
	Limit int    // 1 to MaxPage
	Down  bool   // from the greatest position to the least
}

// Found is a document that a store found by an entry. Version 0 means that the entry is out of date.
type Found struct {
	Key      string
	Position string
	Version  int64
	Body     []byte
}

// Restrict refuses every index but these from now on. The host calls it with those of service.json.
func (tx *Tx) Restrict(indexes []string) { tx.indexes, tx.restricted = indexes, true }

// declared returns a permanent error for an index that service.json does not declare.
func (tx *Tx) declared(index string) error {
	if !tx.restricted || slices.Contains(tx.indexes, index) {
		return nil
	}
	known := "it declares none"
	if len(tx.indexes) > 0 {
		known = "it declares " + strings.Join(tx.indexes, ", ")
	}
	return Permanent("undeclared-index", fmt.Errorf("the code uses the index %q: add it to \"indexes\" in service.json; %s", index, known))
}

// search asks the state. Its errors are the store's.
func (tx *Tx) search(ctx context.Context, s Search) ([]Found, bool, error) {
	found, more, err := tx.state.Search(ctx, s)
	if err != nil {
		return nil, false, fmt.Errorf("find by index %s: %w: %w", s.Index, ErrStore, err)
	}
	return found, more, nil
}
