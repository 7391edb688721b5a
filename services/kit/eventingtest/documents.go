package eventingtest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/inbox"
)

// documents holds the promises about a service's state.
var documents = map[string]func(*testing.T, bench){
	"a document that is not there":  missing,
	"commit, read back and replace": replace,
	"a unit of work reads":          readInside,
	"stale versions":                stale,
	"keys of any letters":           keys,
	"a large document":              large,
	"as many documents as DynamoDB takes": func(t *testing.T, b bench) {
		const most = 99 // documents beside the record: 100 actions a transaction
		var changes []eventing.Change
		for i := range most {
			changes = append(changes, save(fmt.Sprint("many/", i), 0, `{}`))
		}
		b.must(t, "unit", changes...)
		b.wantDocument(t, "many/98", `{}`, 1)
	},
}

func missing(t *testing.T, b bench) {
	b.wantDocument(t, "nobody", "", 0)
	b.wantRecord(t, "nobody", nil)
}

func replace(t *testing.T, b bench) {
	b.must(t, "unit 1", save("a", 0, `{"n":1}`), save("b", 0, `{"b":true}`))
	b.must(t, "unit 2", save("a", 1, `{"n":2}`), check("b", 1), check("c", 0))
	b.wantDocument(t, "a", `{"n":2}`, 2)
	b.wantDocument(t, "b", `{"b":true}`, 1)
	b.wantDocument(t, "c", "", 0)
	b.must(t, "unit 3", save("c", 0, `{}`)) // the check of it left nothing behind
	b.must(t, "unit 4")                     // nothing to save is as good as something
}

func readInside(t *testing.T, b bench) {
	b.must(t, "unit 1", save("a", 0, `1`))
	_, err := b.Try(t.Context(), "unit 2", func(ctx context.Context, tx *eventing.Tx) error {
		a := &counter{key: "a"}
		there, err1 := tx.Load(ctx, a)
		missing, err2 := tx.Load(ctx, &counter{key: "b"})
		if !there || a.n != 1 || missing {
			t.Errorf("a is there: %t, %d; b is there: %t", there, a.n, missing)
		}
		return errors.Join(err1, err2)
	})
	if err != nil {
		t.Error(err)
	}
}

// stale makes a change fail for its version: nothing of its unit of work may remain.
func stale(t *testing.T, b bench) {
	b.must(t, "unit", save("a", 0, `1`))
	b.must(t, "another", save("a", 1, `2`))
	for name, change := range map[string]eventing.Change{
		"save an older version":         save("a", 1, `3`),
		"save a version to come":        save("a", 3, `3`),
		"create what is there":          save("a", 0, `3`),
		"save what is not there":        save("z", 1, `3`),
		"an older version was read":     check("a", 1),
		"it was read as missing":        check("a", 0),
		"it was read, and is not there": check("z", 1),
	} {
		err := b.try(t.Context(), name, save("before", 0, `1`), change, save("zz", 0, `1`))
		if !errors.Is(err, inbox.ErrConflict) {
			t.Errorf("%s: %v; want ErrConflict", name, err)
		}
		b.wantRecord(t, name, nil)
	}
	b.wantDocument(t, "a", `2`, 2)
	for _, key := range []string{"before", "z", "zz"} {
		b.wantDocument(t, key, "", 0)
	}
}

func keys(t *testing.T, b bench) {
	for i, key := range []string{"order/o-1", "doc#inbox#", "inbox#unit", "Ünïcödé ☂", `quote'"\`, "a b\tc", "A", "a", strings.Repeat("k", 500)} {
		body := fmt.Sprintf(`{"n":%d}`, i)
		b.must(t, key, save(key, 0, body))
		b.wantDocument(t, key, body, 1)
		b.wantRecord(t, key, &eventing.Record{})
	}
}

// large saves as much as an item of DynamoDB holds, in characters of one byte and of several,
// escaped and not.
func large(t *testing.T, b bench) {
	body := `"` + strings.Repeat("x", 300_000) + strings.Repeat("ü☂", 19_000) + `\u0000\n\""`
	b.must(t, "unit", save("large", 0, body))
	b.wantDocument(t, "large", body, 1)
}
