package dynamodb

import (
	"crypto/sha256"
	"slices"
	"strings"
	"time"

	"example.com/localcloud/journal"
)

// The kinds of journal entries.
const (
	kindTable = "dynamodb/table" // by name
	kindItem  = "dynamodb/item"  // by table and encoded key
	kindClaim = "dynamodb/claim" // by client token
)

// tableEntry is a table without its items: the request that would create it as it is now, and what a request cannot
// set.
type tableEntry struct {
	CreateTableInput
	ID      string
	Created time.Time
	TTL     string
}

func (t *table) entry() tableEntry {
	in := CreateTableInput{
		TableName: t.name, AttributeDefinitions: t.definitions(), KeySchema: t.schema.elements(),
		BillingMode: t.billing.mode, ProvisionedThroughput: t.billing.requested(), DeletionProtectionEnabled: t.protected,
	}
	for key, value := range t.tags {
		in.Tags = append(in.Tags, Tag{key, &value})
	}
	for i := range t.indexes {
		x := &t.indexes[i]
		made := SecondaryIndex{IndexName: x.name, KeySchema: x.schema.elements(), Projection: &x.projection}
		if x.local {
			in.LocalSecondaryIndexes = append(in.LocalSecondaryIndexes, made)
			continue
		}
		made.ProvisionedThroughput = x.billing.requested()
		in.GlobalSecondaryIndexes = append(in.GlobalSecondaryIndexes, made)
	}
	return tableEntry{in, t.id, t.created, t.ttl}
}

// requested returns the throughput that a request for this billing would contain.
func (b billing) requested() *Throughput {
	if b.mode != provisioned {
		return nil
	}
	return &b.throughput
}

func (t *table) itemKey(key string) string { return t.name + "/" + key }

// note records that the item at a key changed, to be saved once the write succeeds.
func (t *table) note(key string, item Item) {
	if !t.kept {
		return
	}
	change := journal.Change{Kind: kindItem, Key: t.itemKey(key)}
	if item != nil {
		change.Value = item
	}
	t.noted = append(t.noted, change)
}

// takeChanges returns and clears the changes that must be saved before others see the table.
func (t *table) takeChanges() []journal.Change {
	changes := t.noted
	if t.redefined && t.kept {
		changes = append(changes, journal.Change{Kind: kindTable, Key: t.name, Value: t.entry()})
	}
	t.noted, t.redefined = nil, false
	return changes
}

// forget deletes a table and its items from the journal.
func (s *Service) forget(t *table) {
	if s.journal == nil {
		return
	}
	changes := []journal.Change{{Kind: kindTable, Key: t.name}}
	for key := range t.items.between("", "", true) {
		changes = append(changes, journal.Change{Kind: kindItem, Key: t.itemKey(key)})
	}
	s.journal.Save(changes...)
}

type claimEntry struct {
	Request []byte
	At      time.Time
}

// claim records that a transaction is done, to be saved together with its writes.
func (d *draft) claim(c claim) {
	if c.token != "" {
		d.noted = append(d.noted, journal.Change{Kind: kindClaim, Key: c.token, Value: claimEntry{c.request[:], c.at}})
	}
}

// Restore loads the state from a journal and saves every later change there. Call it once, before anything else.
func (s *Service) Restore(j *journal.Journal) error {
	err := journal.Load(j, kindTable, func(name string, e tableEntry) error {
		t, err := newTable(&e.CreateTableInput)
		if err == nil {
			t.id, t.created, t.ttl = e.ID, e.Created, e.TTL
			s.tables[name] = t
		}
		return err
	})
	if err == nil {
		err = journal.Load(j, kindItem, func(key string, item Item) error {
			name, _, _ := strings.Cut(key, "/")
			t, err := s.table(name)
			if err == nil {
				t.put(item)
			}
			return err
		})
	}
	for _, t := range s.tables {
		t.kept = true
	}
	if err == nil {
		err = s.restoreClaims(j)
	}
	s.journal, s.claims.journal = j, j
	return err
}

func (s *Service) restoreClaims(j *journal.Journal) error {
	var all []claim
	err := journal.Load(j, kindClaim, func(token string, e claimEntry) error {
		all = append(all, claim{token, [sha256.Size]byte(e.Request), e.At})
		return nil
	})
	slices.SortFunc(all, func(a, b claim) int { return a.at.Compare(b.at) })
	for _, c := range all {
		s.claims.keep(c)
	}
	return err
}
